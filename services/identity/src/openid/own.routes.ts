import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Rejected } from '@lotwarden/platform/errors';
import { fill } from '@lotwarden/platform/messages';
import type { Deps } from '@lotwarden/platform/service';
import type { Provider } from 'oidc-provider';
import { renderSVG } from 'uqr';
import { openAccounts, type Accounts, type Credentials } from '../account/account.store.ts';
import type { Enrolment } from '../factor/enrolment.store.ts';
import { messages } from '../messages.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { OWN_CLIENT } from './clients.ts';
import { addressOf, readForm } from './form.client.ts';
import { preferredLanguage, type Language } from './language.ts';
import { isOurs, OFTEN } from './log-in.routes.ts';
import { ownPage as html, signedOutPage, type Done, type OwnPage } from './own-page.ts';
import { contentSecurityPolicy, errorPage } from './pages.ts';
import type { Sessions } from './sessions.store.ts';

interface Needs extends Pick<Deps, 'clock'> {
  readonly provider: Provider;
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly enrolment: Enrolment;
  readonly sessions: Sessions;
  readonly limit: AttemptLimit;
  readonly issuer: string;
  readonly cookieSecret: string;
}

/** What came of a form; the page says it. */
type Outcome = Pick<OwnPage, 'problem' | 'done' | 'offer' | 'recovery'> & { readonly status?: number };

/**
 * `/own`: where people see to their password, their authenticator and where they are signed in, with the session of the
 * log-in page. Whatever could lock the person out asks for the password again.
 */
export function ownPage({
  provider,
  accounts,
  credentials,
  enrolment,
  sessions,
  limit,
  issuer,
  cookieSecret,
  clock,
}: Needs) {
  // prettier-ignore
  const key = Buffer.from(hkdfSync('sha256', cookieSecret, '', 'lotwarden-own-forms', 32));
  const { origin, pathname } = new URL(issuer);
  const action = `${pathname}/own`;
  const person = openAccounts(accounts);
  const csrfOf = (session: string): string => createHmac('sha256', key).update(session).digest('base64url');

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const language = preferredLanguage(request.headers['accept-language']);
    const page = (status: number, text: string): void => {
      response.writeHead(status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': contentSecurityPolicy(),
        // With `no-referrer` a browser sends our own forms with `Origin: null`, like those of others.
        'referrer-policy': 'same-origin',
      });
      response.end(text);
    };
    const go = (to: string): void => {
      response.writeHead(303, { location: to, 'cache-control': 'no-store' }).end();
    };
    const { method = '' } = request;
    if (!['GET', 'HEAD', 'POST'].includes(method)) {
      response.writeHead(405, { allow: 'GET, POST' }).end();
      return;
    }
    const session = await provider.Session.get(provider.createContext(request, response));
    const known = session.accountId === undefined ? undefined : await person(session.accountId);
    const asked = new URL(request.url ?? '', issuer).searchParams;
    if (!known) {
      // Back from the log-in without a session: once more would go round for ever.
      if (asked.has('code') || asked.has('error')) page(400, errorPage(language, AGAIN[language]));
      else go(logInFirst(issuer));
      return;
    }
    const csrf = csrfOf(session.jti);
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
          sessions: signedIn.map(({ id, since }) => ({ since, here: id === session.jti })),
          ...outcome,
        }),
      );
    };
    if (method !== 'POST') {
      // What the log-in sent along is of no use: the session is there.
      if (asked.has('code')) go(action);
      else await show({ done: DONE.find((done) => done === asked.get('done')) });
      return;
    }
    const sent = await readForm(request);
    const from = request.headers.origin;
    if ((from !== undefined && from !== origin) || !same(sent.get('csrf') ?? '', csrf)) {
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
    const outcome = await perform(sent, known.account, session.jti, addressOf(request), language);
    // A page that came of a form would do it again when it is loaded again.
    if (outcome.done) go(`${action}?done=${outcome.done}`);
    else await show(outcome);
  };

  async function perform(
    sent: URLSearchParams,
    account: string,
    session: string,
    address: string,
    language: Language,
  ): Promise<Outcome> {
    const [password, code] = [sent.get('password') ?? '', sent.get('code') ?? ''];
    try {
      switch (sent.get('do')) {
        case 'password':
          await credentials.choose(account, password, sent.get('newPassword') ?? '', { address, code });
          await sessions.endOthers(account, session);
          return { done: 'changed' };
        case 'add': {
          const { secret, uri } = await enrolment.offer(password, { actor: account });
          return { offer: { secret, picture: renderSVG(uri, { pixelSize: 4 }) } };
        }
        case 'confirm':
          return { recovery: await enrolment.confirm(code, { actor: account }) };
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

const DONE: readonly Done[] = ['changed', 'ended'];

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The log-in page, by a request whose code nobody can redeem: its verifier is forgotten at once. */
function logInFirst(issuer: string): string {
  const asked = new URLSearchParams({
    client_id: OWN_CLIENT,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${issuer}/own`,
    code_challenge: randomBytes(32).toString('base64url'),
    code_challenge_method: 'S256',
  });
  return `${issuer}/auth?${asked.toString()}`;
}

const AGAIN: Readonly<Record<Language, string>> = {
  en: 'You are not signed in. Does this browser keep cookies?',
  zh: '您尚未登录。请确认浏览器允许使用 Cookie。',
};

const FOREIGN: Readonly<Record<Language, string>> = {
  en: 'Nothing was changed: this form was not from this page. Try again here.',
  zh: '未作任何更改:表单并非来自此页面。请在此重试。',
};
