import type { IncomingMessage, ServerResponse } from 'node:http';
import { Rejected } from '@lotwarden/platform/errors';
import { fill } from '@lotwarden/platform/messages';
import type { Deps } from '@lotwarden/platform/service';
import { renderSVG } from 'uqr';
import type { KnownAccount } from '../account/account.ts';
import type { Credentials } from '../account/account.store.ts';
import type { Enrolment } from '../factor/enrolment.store.ts';
import { messages } from '../messages.ts';
import type { Passkeys } from '../passkey/passkeys.store.ts';
import type { Consents } from '../program/consents.store.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { OWN_PAGE } from './clients.ts';
import { addressOf } from './form.client.ts';
import type { Language } from './language.ts';
import { isOurs, OFTEN } from './log-in.routes.ts';
import { OUTSIDE } from './outside.routes.ts';
import { ownPage as html, signedOutPage, type Done, type OwnPage } from './own-page.ts';
import type { Sessions } from './sessions.store.ts';
import { FOREIGN, logInFirst, type Arrive } from './visit.client.ts';

interface Needs extends Pick<Deps, 'clock'> {
  readonly arrive: Arrive;
  /** An account that is open, by its id. */
  readonly person: (id: string) => Promise<KnownAccount | undefined>;
  readonly credentials: Credentials;
  readonly enrolment: Enrolment;
  readonly sessions: Sessions;
  readonly consents: Pick<Consents, 'of' | 'end'>;
  /** Undefined where there can be none. */
  readonly passkeys: Passkeys | undefined;
  /** Where somebody logs in, if not here. */
  readonly elsewhere: (account: string) => Promise<readonly string[]>;
  readonly limit: AttemptLimit;
  readonly issuer: string;
}

/** What came of a form; the page says it. */
type Outcome = Pick<OwnPage, 'problem' | 'done' | 'offer' | 'recovery'> & { readonly status?: number };

/**
 * `/own`: where people see to their password, their authenticator and where they are signed in, with the session of the
 * log-in page. Whatever could lock the person out asks for the password again.
 */
export function ownPage(needs: Needs) {
  const { arrive, person, credentials, enrolment, passkeys, consents, sessions, elsewhere, limit, issuer, clock } =
    needs;
  const action = `${new URL(issuer).pathname}${OWN_PAGE}`;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const visit = await arrive(request, response, OWN_PAGE);
    if (!visit) return;
    const { known, session, language, method, asked, csrf, page, go } = visit;
    const { amr = [], loginTs = 0 } = session;
    const seconds = clock.now().getTime() / 1000 - loginTs;
    const cameNow = Array.isArray(amr) && amr.includes(OUTSIDE) && seconds < FRESH_SECONDS;
    const show = async ({ status = 200, ...outcome }: Outcome): Promise<void> => {
      const now = await person(known.account);
      const signedIn = await sessions.of(known.account);
      page(
        status,
        html({
          language,
          action,
          csrf,
          account: known.account,
          name: known.name,
          authenticator: now?.totp?.status ?? 'none',
          passkeys: passkeys && now && { add: await passkeys.toAdd(session.jti, now), those: now.passkeys ?? [] },
          programs: await consents.of(known.account),
          outside: await outsideOf(now, cameNow),
          sessions: signedIn.map(({ id, since }) => ({ since, here: id === session.jti })),
          ...outcome,
        }),
      );
    };
    if (method !== 'POST') {
      await show({ done: DONE.find((done) => done === asked.get('done')) });
      return;
    }
    const sent = await visit.form();
    if (!sent) {
      await show({ status: 403, problem: FOREIGN[language] });
      return;
    }
    if (!limit.allow(addressOf(request), clock.now().getTime())) {
      await show({ status: 429, problem: OFTEN[language] });
      return;
    }
    if (sent.get('do') === 'sign-out') {
      await session.destroy();
      page(200, signedOutPage(language));
      return;
    }
    const outcome = await perform(sent, { known, cameNow }, session.jti, addressOf(request), language);
    // A page that came of a form would do it again when it is loaded again.
    if (outcome.done) go(`${action}?done=${outcome.done}`);
    else await show(outcome);
  };

  /** Whoever has no password for signatures yet, and logs in elsewhere. */
  async function outsideOf(known: KnownAccount | undefined, fresh: boolean): Promise<OwnPage['outside']> {
    const [provider] = known?.temporary ? await elsewhere(known.account) : [];
    return provider === undefined ? null : { provider, fresh, again: logInFirst(issuer, OWN_PAGE, 'login') };
  }

  async function perform(
    sent: URLSearchParams,
    { known, cameNow }: { readonly known: KnownAccount; readonly cameNow: boolean },
    session: string,
    address: string,
    language: Language,
  ): Promise<Outcome> {
    const { account } = known;
    const [password, code] = [sent.get('password') ?? '', sent.get('code') ?? ''];
    try {
      switch (sent.get('do')) {
        case 'password':
          await credentials.choose(account, password, sent.get('newPassword') ?? '', { address, code });
          await sessions.endOthers(account, session);
          return { done: 'changed' };
        case 'sign-with':
          if (!(await outsideOf(known, cameNow))?.fresh) return { status: 422, problem: FOREIGN[language] };
          await credentials.begin(account, sent.get('newPassword') ?? '', { address });
          await sessions.endOthers(account, session);
          return { done: 'changed' };
        case 'add': {
          const { secret, uri } = await enrolment.offer(password, { actor: account });
          return { offer: { secret, picture: renderSVG(uri, { pixelSize: 4 }) } };
        }
        case 'confirm':
          return { recovery: await enrolment.confirm(code, { actor: account }) };
        case 'add-passkey':
          await passkeys?.add(session, account, sent.get('passkey') ?? '', (sent.get('name') ?? '').trim().slice(0, 60), { password, code, address }); // prettier-ignore
          return { done: 'passkey' };
        case 'remove-passkey':
          await passkeys?.remove(account, sent.get('id') ?? '', { password, code, address });
          return { done: 'passkey' };
        case 'end-consent':
          await consents.end(account, sent.get('program') ?? '');
          return { done: 'consent' };
        case 'end-others':
          await sessions.endOthers(account, session);
          return { done: 'ended' };
        default:
          return { status: 422, problem: FOREIGN[language] };
      }
    } catch (error) {
      if (!(error instanceof Rejected) || !isOurs(error.code)) throw error;
      return { status: 422, problem: fill(messages[error.code][language], error.detail) };
    }
  }
}

/** A log-in elsewhere stands for a password that long: time to think of a new one. */
const FRESH_SECONDS = 300;

const DONE: readonly Done[] = ['changed', 'ended', 'passkey', 'consent'];
