import { Rejected } from '@lotwarden/platform/errors';
import { later } from '@lotwarden/platform/instant';
import type { Deps } from '@lotwarden/platform/service';
import { signOff } from '@lotwarden/platform/sign-off';
import type { SignedRecord } from '@lotwarden/platform/signature';
import type { Aggregate, Context, Stored } from '@lotwarden/platform/store';
import { signatureVerifier, type SigningKeys } from '@lotwarden/platform/verify-signature';
import type { SecurityLog } from '../security/security-log.store.ts';
import { carryOut } from './carry-out.store.ts';
import {
  allCarriedOut,
  assertReady,
  carriedOut,
  decide,
  evolve,
  known,
  openReview,
  refresh,
  reviewRecord,
  sign,
  tellOverdue,
  toCarryOut,
  UNKNOWN_REVIEW,
  type Decision,
  type ReviewEvent,
  type ReviewState,
} from './review.ts';
import { snapshot, type Reviewed } from './snapshot.store.ts';
import { drift, stale, type Drift, type SubjectKey } from './subject.ts';

export type ReviewStore = Aggregate<ReviewState, ReviewEvent>;
export type StoredReview = Stored<ReviewState>;

export const reviewStore = ({ aggregate }: Pick<Deps, 'aggregate'>): ReviewStore =>
  aggregate({ collection: 'access_reviews', initial: UNKNOWN_REVIEW, evolve });

interface Needs extends Reviewed, Pick<Deps, 'log'> {
  readonly reviews: ReviewStore;
  readonly security: Pick<SecurityLog, 'report'>;
  readonly endSessions: (account: string) => Promise<void>;
  /** Of identity itself, as they are now. */
  readonly keys: () => Promise<SigningKeys>;
  /** Since when there is somebody to review, ISO 8601. */
  readonly since: () => Promise<string>;
  /** Days from one signed review to the opening of the next, and from there to when it is due. */
  readonly every: number;
  readonly dueAfter: number;
}

/** Periodic reviews of who has access, with sign-off. */
export interface Reviews {
  /** Throws `review-open-already`. */
  open(due: string | undefined, context: Context): Promise<StoredReview>;
  get(id: string): Promise<StoredReview>;
  /** Newest first. */
  list(limit: number, after: string | undefined): ReturnType<ReviewStore['find']>;
  decide(id: string, decisions: readonly Asked[], context: Context): Promise<StoredReview>;
  refresh(id: string, context: Context): Promise<StoredReview>;
  /** Whose access is other than it was looked at. */
  outdated(id: string): Promise<readonly SubjectKey[]>;
  /** Throws `review-not-complete`, `review-outdated` or `review-no-administrator-left`. */
  toSign(id: string): Promise<SignedRecord>;
  /** By the caller's own signature; what was decided is carried out at once, or by the next `look`. */
  sign(id: string, jws: string, context: Context): Promise<StoredReview>;
  /** Opens what is due, tells what is overdue, and goes on with what was not carried out to its end. */
  look(): Promise<void>;
}

export type Asked = Omit<Decision, 'by' | 'at'>;

const DAY = 86_400;
const OWN = { actor: 'service:identity' };

export function accessReviews(needs: Needs): Reviews {
  const { reviews, security, keys, since, every, dueAfter, clock, log } = needs;

  async function get(id: string): Promise<StoredReview> {
    const found = await reviews.get(id);
    if (!found) throw new Rejected('review-unknown', { review: id });
    return found;
  }

  const told = (id: string, actor: string, reason: string, urgent = false): Promise<void> =>
    security.report({ kind: 'review-changed', subject: id, actor, reason, urgent });

  const latest = async (): Promise<StoredReview | undefined> =>
    (await reviews.find({}, { limit: 1, sort: NEWEST })).items[0];

  async function open(asked: string | undefined, context: Context): Promise<StoredReview> {
    const last = await latest();
    // One after the other: two at once would each decide about people whom the other has not settled.
    if (last?.state.status === 'open') throw new Rejected('review-open-already');
    const at = clock.instant();
    const due = asked ?? later(at, dueAfter * DAY);
    if (due <= at) throw new Rejected('review-due-past', { due });
    const id = `AR-${String(numberOf(last?.id) + 1).padStart(4, '0')}`;
    const subjects = await snapshot(needs);
    const opened = await reviews.change(id, context, (state) => openReview(state, { at, due, subjects }));
    await told(id, context.actor, 'opened');
    return opened;
  }

  async function driftOf(id: string): Promise<Drift> {
    return drift(known((await get(id)).state, id).subjects, await snapshot(needs));
  }

  async function settle(id: string): Promise<StoredReview> {
    const { state } = await get(id);
    for (const decision of toCarryOut(known(state, id))) {
      const done = { subject: decision.subject, outcome: await carryOut(needs, id, decision), at: clock.instant() };
      if (done.outcome !== 'done') log.warn({ review: id, ...done }, 'a decision of a review could not be carried out');
      await reviews.change(id, OWN, (now) => carriedOut(now, id, done));
    }
    return reviews.change(id, OWN, (now) => allCarriedOut(now, id, clock.instant()));
  }

  return {
    open,
    get,
    list: (limit, after) => reviews.find({}, { limit, after, sort: NEWEST }),
    async decide(id, asked, context) {
      const at = clock.instant();
      const decisions = asked.map((decision) => ({ ...decision, by: context.actor, at }));
      return reviews.change(id, context, (state) => decide(state, id, decisions));
    },
    async refresh(id, context) {
      const now = await driftOf(id);
      return reviews.change(id, context, (state) => refresh(state, id, now));
    },
    async outdated(id) {
      return stale(await driftOf(id));
    },
    async toSign(id) {
      const now = await driftOf(id);
      const { state, version } = await get(id);
      return reviewRecord(id, version, assertReady(state, id, now));
    },
    async sign(id, jws, context) {
      const now = await driftOf(id);
      const { state, version } = await get(id);
      const record = reviewRecord(id, version, assertReady(state, id, now));
      const act = { jws, record, meaning: 'review-access' };
      const signature = await signOff(signatureVerifier(await keys())).own(context.actor, act);
      await reviews.change(id, context, (state, loaded) => {
        // What was decided meanwhile, nobody has signed.
        if (loaded.version !== version) throw new Rejected('signature-for-another-record', { signed: id, wanted: id });
        return sign(state, id, signature, record);
      });
      await told(id, context.actor, 'signed');
      try {
        return await settle(id);
      } catch (error) {
        log.error({ err: error, review: id }, 'decisions of a review are carried out later');
        return get(id);
      }
    },
    async look() {
      const now = clock.instant();
      const last = await latest();
      if (last?.state.status === 'signed') await settle(last.id);
      if (last?.state.status === 'open') {
        const { events } = await reviews.change(last.id, OWN, (state) => tellOverdue(state, now));
        if (events.length > 0) await told(last.id, OWN.actor, 'overdue', true);
        return;
      }
      const reviewed = last && known(last.state, last.id).signature?.signedAt;
      if (later(reviewed ?? (await since()), every * DAY) <= now)
        await open(undefined, { ...OWN, reason: `${String(every)} days after the one before` });
    },
  };
}

/** Numbers are padded: the order of ids is the order of their opening. */
const NEWEST = { field: '_id', direction: -1 } as const;

const numberOf = (id: string | undefined): number => (id === undefined ? 0 : Number(id.slice(3)));
