import type { IncomingMessage, ServerResponse } from 'node:http';
import { Rejected } from '@lotwarden/platform/errors';
import { fill } from '@lotwarden/platform/messages';
import type { Deps } from '@lotwarden/platform/service';
import { errors, type Provider } from 'oidc-provider';
import type { Credentials } from '../account/account.store.ts';
import { messages } from '../messages.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { addressOf, readForm } from './form.client.ts';
import { preferredLanguage, type Language } from './language.ts';
import { contentSecurityPolicy, errorPage, logInPage } from './pages.ts';
import type { Sessions } from './sessions.store.ts';

interface Needs extends Pick<Deps, 'clock'> {
  readonly provider: Provider;
  readonly credentials: Credentials;
  readonly limit: AttemptLimit;
  readonly sessions: Sessions;
  readonly redirectUris: readonly string[];
  /** Where this is mounted, `/openid`. */
  readonly path: string;
}

/** `/interaction/<uid>`: the page where people sign in, a plain form that a script can post too. */
export function logIn({ provider, credentials, limit, sessions, redirectUris, path, clock }: Needs) {
  const targets = [...new Set(redirectUris.map((uri) => new URL(uri).origin))];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const page = (status: number, html: string): void => {
      response.writeHead(status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': contentSecurityPolicy(targets),
      });
      response.end(html);
    };
    const fromBrowser = preferredLanguage(request.headers['accept-language']);
    const under = await underWay(request, response);
    if (!under) {
      page(400, errorPage(fromBrowser, EXPIRED[fromBrowser]));
      return;
    }
    const { uid, params } = under;
    const wanted = params['ui_locales'];
    const language = typeof wanted === 'string' ? preferredLanguage(wanted) : fromBrowser;
    const form = { language, action: `${path}/interaction/${uid}`, account: '', choose: false };
    if (request.method === 'GET' || request.method === 'HEAD') {
      page(200, logInPage(form));
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'GET, POST' }).end();
      return;
    }
    const sent = await readForm(request);
    const account = sent.get('account') ?? '';
    if (!limit.allow(addressOf(request), clock.now().getTime())) {
      page(429, logInPage({ ...form, account, problem: OFTEN[language] }));
      return;
    }
    const given = {
      account,
      password: sent.get('password') ?? '',
      chosen: sent.get('newPassword'),
      code: sent.get('code') ?? '',
    };
    const outcome = await attempt(given, addressOf(request));
    if ('signedIn' in outcome) {
      const before = under.session;
      if (before && before.accountId !== outcome.signedIn) {
        // The next person at the same terminal: the one before is signed out, and nothing of that session is taken over.
        delete under.session;
        await under.persist();
        await (await provider.Session.findByUid(before.uid))?.destroy();
      }
      await sessions.makeRoom(outcome.signedIn);
      const login = { accountId: outcome.signedIn, amr: [...outcome.amr], remember: false };
      await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
      return;
    }
    const { code, status, detail } = outcome;
    const asksMore = code === 'password-temporary' || code === 'password-expired' || code === 'second-factor-required';
    const problem = asksMore ? undefined : fill(messages[code][language], detail);
    // The password is typed again with the code: this page keeps nothing of what was typed before.
    const withCode = code.startsWith('second-factor') || given.code !== '';
    page(status, logInPage({ ...form, account, problem, choose: outcome.choose, expired: code === 'password-expired', withCode })); // prettier-ignore
  }

  /** The log-in that the browser's cookie and the address agree on. */
  async function underWay(request: IncomingMessage, response: ServerResponse) {
    try {
      const found = await provider.interactionDetails(request, response);
      const named = /^\/interaction\/([\w-]+)(?:\?|$)/.exec(request.url ?? '')?.[1];
      return found.uid === named && found.prompt.name === 'login' ? found : undefined;
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    }
  }

  interface Given {
    readonly account: string;
    readonly password: string;
    readonly chosen: string | null;
    readonly code: string;
  }
  type Code = keyof typeof messages;
  type Outcome =
    | { readonly signedIn: string; readonly amr: readonly string[] }
    | { readonly code: Code; readonly status: number; readonly detail: Rejected['detail']; readonly choose: boolean };

  async function attempt({ account, password, chosen, code }: Given, address: string): Promise<Outcome> {
    const wish = chosen === null || chosen === '' ? undefined : chosen;
    try {
      const known =
        wish === undefined
          ? await credentials.prove(account, password, { address, code })
          : await credentials.choose(account, password, wish, { address, code });
      if (known.mustChoose) return { code: known.mustChoose, status: 200, detail: {}, choose: true };
      return { signedIn: known.account, amr: known.amr };
    } catch (error) {
      if (!(error instanceof Rejected) || !isOurs(error.code)) throw error;
      const status = error.code === 'account-locked' ? 429 : error.code === 'second-factor-required' ? 200 : 422;
      return { code: error.code, status, detail: error.detail, choose: wish !== undefined };
    }
  }

  return handle;
}

export const isOurs = (code: string): code is keyof typeof messages => Object.hasOwn(messages, code);

const EXPIRED: Readonly<Record<Language, string>> = {
  en: 'This log-in is over or was begun in another browser.',
  zh: '此次登录已过期,或是在其他浏览器中发起的。',
};

export const OFTEN: Readonly<Record<Language, string>> = {
  en: 'Too many attempts from this address. Wait a minute, then try again.',
  zh: '来自此地址的尝试过于频繁。请一分钟后重试。',
};
