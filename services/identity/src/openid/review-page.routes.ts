import type { IncomingMessage, ServerResponse } from 'node:http';
import { Rejected } from '@lotwarden/platform/errors';
import { fill } from '@lotwarden/platform/messages';
import { mayDo } from '@lotwarden/platform/permissions';
import type { Deps } from '@lotwarden/platform/service';
import type { Context } from '@lotwarden/platform/store';
import type { KnownAccount } from '../account/account.ts';
import { standing } from '../account/standing.store.ts';
import { messages } from '../messages.ts';
import { forbiddenPage, reviewPage, type ReviewPage } from '../review/review-page.ts';
import { isOverdue, isOwn, known as knownReview, VERDICTS, type KnownReview } from '../review/review.ts';
import type { Asked, Reviews } from '../review/review.store.ts';
import { keyOf, type Subject, type SubjectKey } from '../review/subject.ts';
import type { Sign } from '../signature/sign.store.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { REVIEW_PAGE } from './clients.ts';
import { addressOf } from './form.client.ts';
import { isOurs, OFTEN } from './log-in.routes.ts';
import { FOREIGN, type Arrive, type Visit } from './visit.client.ts';

interface Needs extends Pick<Deps, 'clock'> {
  readonly arrive: Arrive;
  readonly reviews: Reviews;
  readonly sign: Sign;
  /** An account that is open, by its id. */
  readonly person: (id: string) => Promise<KnownAccount | undefined>;
  readonly limit: AttemptLimit;
  readonly issuer: string;
}

type Outcome = Pick<ReviewPage, 'problem' | 'done'> & { readonly status?: number };

/** Shown at once: a form that can be looked over. */
const ROWS = 10;
const FORM_LIMIT = 65_536;

/** `/access-review`: where reviewers decide about access and sign, with the session of the log-in page. */
export function reviewPages({ arrive, reviews, sign, person, limit, issuer, clock }: Needs) {
  const action = `${new URL(issuer).pathname}${REVIEW_PAGE}`;

  async function show(visit: Visit, { status = 200, ...outcome }: Outcome): Promise<void> {
    const { known, language, csrf, asked } = visit;
    const [last] = (await reviews.list(1, undefined)).items;
    const state = last && knownReview(last.state, last.id);
    const open = state?.status === 'open' ? state : undefined;
    const wanted = asked.get('subject');
    const waiting = open ? undecided(open) : [];
    const mine = (subject: Subject): boolean => open !== undefined && isOwn(subject, subjectOf(open, known.account), known.account); // prettier-ignore
    const again = open?.subjects.filter((subject) => keyOf(subject) === wanted) ?? [];
    const others = [...again, ...waiting].filter((subject) => !mine(subject));
    visit.page(
      status,
      reviewPage({
        language,
        action,
        csrf,
        account: known.account,
        withCode: known.totp?.status === 'confirmed',
        review: last && state && { id: last.id, known: state, overdue: isOverdue(last.state, clock.instant()) },
        asked: others.slice(0, ROWS),
        own: waiting.filter(mine),
        outdated: last && open ? await reviews.outdated(last.id) : [],
        ...outcome,
      }),
    );
  }

  /** Row by row: what is wrong with one does not lose the others. Throws the first of what is wrong. */
  async function decideEach(id: string, sent: URLSearchParams, context: Context): Promise<void> {
    const wrong: Rejected[] = [];
    for (let n = 0; n < ROWS; n++)
      try {
        const row = decided(sent, `${String(n)}.`);
        if (row) await reviews.decide(id, [row], context);
      } catch (error) {
        if (!(error instanceof Rejected)) throw error;
        wrong.push(error);
      }
    if (wrong[0]) throw wrong[0];
  }

  async function perform(sent: URLSearchParams, { known }: Visit, address: string): Promise<Outcome['done']> {
    const { account } = known;
    const context = { actor: account };
    const reason = (sent.get('reason') ?? '').trim();
    const [last] = (await reviews.list(1, undefined)).items;
    const id = last?.id ?? '';
    switch (sent.get('do')) {
      case 'begin':
        await reviews.open(undefined, { ...context, reason });
        return undefined;
      case 'refresh':
        await reviews.refresh(id, context);
        return undefined;
      case 'decide':
        await decideEach(id, sent, context);
        return 'saved';
      case 'sign': {
        const record = await reviews.toSign(id);
        const by = { account, password: sent.get('password') ?? '', code: sent.get('code') ?? '', address };
        const { jws } = await sign(by, { record, meaning: 'review-access', reason }, context);
        await reviews.sign(id, jws, context);
        return 'signed';
      }
      default:
        throw new Rejected('review-unknown', { review: '' });
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const visit = await arrive(request, response, REVIEW_PAGE);
    if (!visit) return;
    const { known, language, asked } = visit;
    const { roles } = await standing(known, clock.instant(), person);
    if (!mayDo(roles, 'access.review')) {
      visit.page(403, forbiddenPage(language));
      return;
    }
    if (visit.method !== 'POST') {
      await show(visit, { done: DONE.find((done) => done === asked.get('done')) });
      return;
    }
    const sent = await visit.form(FORM_LIMIT);
    if (!sent) {
      await show(visit, { status: 403, problem: FOREIGN[language] });
      return;
    }
    if (!limit.allow(addressOf(request), clock.now().getTime())) {
      await show(visit, { status: 429, problem: OFTEN[language] });
      return;
    }
    try {
      const done = await perform(sent, visit, addressOf(request));
      // A page that came of a form would do it again when it is loaded again.
      visit.go(done === undefined ? action : `${action}?done=${done}`);
    } catch (error) {
      if (!(error instanceof Rejected) || !isOurs(error.code)) throw error;
      await show(visit, { status: 422, problem: fill(messages[error.code][language], error.detail) });
    }
  };
}

const DONE = ['saved', 'signed'] as const;

const subjectOf = ({ subjects }: KnownReview, account: string): Subject | undefined =>
  subjects.find(({ kind, id }) => kind === 'person' && id === account);

function undecided({ subjects, decisions }: KnownReview): Subject[] {
  const decided = new Set(decisions.map(({ subject }) => subject));
  return subjects.filter((subject) => !decided.has(keyOf(subject)));
}

/** A row of the form that somebody decided. Throws `review-reason-missing`. */
function decided(sent: URLSearchParams, at: string): Asked | undefined {
  const [subject, chosen] = [sent.get(`${at}subject`), sent.get(`${at}verdict`)];
  const verdict = VERDICTS.find((one) => one === chosen);
  if (subject === null || verdict === undefined) return undefined;
  const reason = (sent.get(`${at}reason`) ?? '').trim().slice(0, 300);
  if (reason === '') throw new Rejected('review-reason-missing', { subject });
  const endDeputyships = sent.get(`${at}deputies`) === 'end';
  const roles = verdict === 'reduce' ? sent.getAll(`${at}role`) : null;
  return { subject: subject as SubjectKey, verdict, roles, sites: null, endDeputyships, reason };
}
