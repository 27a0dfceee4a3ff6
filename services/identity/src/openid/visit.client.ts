import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { KnownAccount } from '../account/account.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import { OWN_CLIENT } from './clients.ts';
import { addressOf, readForm } from './form.client.ts';
import { preferredLanguage, type Language } from './language.ts';
import { contentSecurityPolicy, errorPage } from './pages.ts';

type Session = Awaited<ReturnType<Provider['Session']['get']>>;

/** Somebody who is signed in asks for a page of ours. */
export interface Visit {
  readonly known: KnownAccount;
  readonly session: Session;
  readonly language: Language;
  readonly method: string;
  readonly asked: URLSearchParams;
  /** Shows that a form is from this page in this browser. */
  readonly csrf: string;
  /** What was posted; undefined if not from a form of ours. Throws `body-too-large`. */
  form(limit?: number): Promise<URLSearchParams | undefined>;
  page(status: number, html: string): void;
  go(to: string): void;
}

interface Needs {
  readonly provider: Provider;
  /** An account that is open, by its id. */
  readonly person: (id: string) => Promise<KnownAccount | undefined>;
  readonly issuer: string;
  readonly cookieSecret: string;
  readonly security: Pick<SecurityLog, 'report'>;
}

export type Arrive = (request: IncomingMessage, response: ServerResponse, at: string) => Promise<Visit | undefined>;

/** Pages with the session of the log-in page; whoever has none is sent there first, and undefined is told. */
export function visits({ provider, person, issuer, cookieSecret, security }: Needs): Arrive {
  const key = Buffer.from(hkdfSync('sha256', cookieSecret, '', 'lotwarden-own-forms', 32));
  const { origin } = new URL(issuer);
  const csrfOf = (session: string): string => createHmac('sha256', key).update(session).digest('base64url');

  return async (request, response, at) => {
    const language = preferredLanguage(request.headers['accept-language']);
    const page = (status: number, html: string): void => {
      response.writeHead(status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': contentSecurityPolicy(),
        // With `no-referrer` a browser sends our own forms with `Origin: null`, like those of others.
        'referrer-policy': 'same-origin',
      });
      response.end(html);
    };
    const go = (to: string): void => {
      response.writeHead(303, { location: to, 'cache-control': 'no-store' }).end();
    };
    const { method = '' } = request;
    if (!['GET', 'HEAD', 'POST'].includes(method)) {
      response.writeHead(405, { allow: 'GET, POST' }).end();
      return undefined;
    }
    const session = await provider.Session.get(provider.createContext(request, response));
    const known = session.accountId === undefined ? undefined : await person(session.accountId);
    const asked = new URL(request.url ?? '', issuer).searchParams;
    if (!known) {
      // Back from the log-in without a session: once more would go round for ever.
      if (asked.has('code') || asked.has('error')) page(400, errorPage(language, AGAIN[language]));
      else go(logInFirst(issuer, at));
      return undefined;
    }
    // What the log-in sent along is of no use: the session is there.
    if (method !== 'POST' && asked.has('code')) {
      go(`${new URL(issuer).pathname}${at}`);
      return undefined;
    }
    const csrf = csrfOf(session.jti);
    const form = async (limit?: number): Promise<URLSearchParams | undefined> => {
      const sent = await readForm(request, limit);
      const from = request.headers.origin;
      if ((from === undefined || from === origin) && same(sent.get('csrf') ?? '', csrf)) return sent;
      // Somebody made this person's browser send it.
      await security.report({ kind: 'form-refused', subject: known.account, reason: 'form-of-another-page', address: addressOf(request) }); // prettier-ignore
      return undefined;
    };
    return { known, session, language, method, asked, csrf, form, page, go };
  };
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The log-in page, by a request whose code nobody can redeem: its verifier is forgotten at once. */
export function logInFirst(issuer: string, at: string, prompt?: 'login'): string {
  const asked = new URLSearchParams({
    client_id: OWN_CLIENT,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${issuer}${at}`,
    code_challenge: randomBytes(32).toString('base64url'),
    code_challenge_method: 'S256',
    ...(prompt && { prompt }),
  });
  return `${issuer}/auth?${asked.toString()}`;
}

const AGAIN: Readonly<Record<Language, string>> = {
  en: 'You are not signed in. Does this browser keep cookies?',
  zh: '您尚未登录。请确认浏览器允许使用 Cookie。',
};

export const FOREIGN: Readonly<Record<Language, string>> = {
  en: 'Nothing was changed: this form was not from this page. Try again here.',
  zh: '未作任何更改:表单并非来自此页面。请在此重试。',
};
