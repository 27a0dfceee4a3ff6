import type { IncomingMessage, ServerResponse } from 'node:http';
import { Rejected } from '@lotwarden/platform/errors';
import { fill } from '@lotwarden/platform/messages';
import type { Deps } from '@lotwarden/platform/service';
import type { Credentials } from '../account/account.store.ts';
import { messages } from '../messages.ts';
import type { Passkeys } from '../passkey/passkeys.store.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { addressOf, readForm } from './form.client.ts';
import type { Interaction, Interactions } from './interaction.client.ts';
import { preferredLanguage, type Language } from './language.ts';
import { contentSecurityPolicy, errorPage, logInPage, type LogInForm } from './pages.ts';

interface Needs extends Pick<Deps, 'clock'> {
  readonly interactions: Interactions;
  readonly credentials: Credentials;
  readonly limit: AttemptLimit;
  /** Providers outside that people can log in at instead. */
  readonly offered: () => Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Undefined where there can be none. */
  readonly passkeys: Passkeys | undefined;
  /** Where somebody logs in, if not here. */
  readonly elsewhere: (account: string) => Promise<readonly string[]>;
  readonly redirectUris: readonly string[];
  /** Where this is mounted, `/openid`. */
  readonly path: string;
}

/** Shows the log-in page of a log-in that is under way. */
export type LogInPage = (
  under: Interaction,
  request: IncomingMessage,
  response: ServerResponse,
  shown: {
    readonly status: number;
    readonly problem: (language: Language) => string | undefined;
    readonly form?: Partial<LogInForm>;
  },
) => Promise<void>;

/** `/interaction/<uid>`: the page where people sign in, a plain form that a script can post too. */
export function logIn(needs: Needs) {
  const { interactions, credentials, passkeys, limit, offered, elsewhere, redirectUris, path, clock } = needs;
  const targets = [...new Set(redirectUris.map((uri) => new URL(uri).origin))];

  const send = (response: ServerResponse, status: number, html: string): void => {
    response.writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(targets),
    });
    response.end(html);
  };

  const show: LogInPage = async ({ uid, params }, request, response, { status, problem, form }) => {
    const wanted = params['ui_locales'];
    const language = preferredLanguage(typeof wanted === 'string' ? wanted : request.headers['accept-language']);
    const action = `${path}/interaction/${uid}`;
    const outside = (await offered()).map(({ id, name }) => ({ name, href: `${action}/outside/${id}` }));
    const empty = { account: '', choose: false, passkey: await passkeys?.toUse(uid) };
    send(response, status, logInPage({ ...empty, language, action, outside, problem: problem(language), ...form }));
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const under = await interactions.underWay(request, response);
    if (!under) {
      const language = preferredLanguage(request.headers['accept-language']);
      send(response, 400, errorPage(language, EXPIRED[language]));
      return;
    }
    if (request.method === 'GET' || request.method === 'HEAD') {
      await show(under, request, response, { status: 200, problem: () => undefined });
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'GET, POST' }).end();
      return;
    }
    const sent = await readForm(request);
    const account = sent.get('account') ?? '';
    if (!limit.allow(addressOf(request), clock.now().getTime())) {
      await show(under, request, response, { status: 429, problem: (language) => OFTEN[language], form: { account } });
      return;
    }
    const shown = sent.get('passkey');
    const given = {
      account,
      password: sent.get('password') ?? '',
      chosen: sent.get('newPassword'),
      code: sent.get('code') ?? '',
    };
    const outcome = await (shown === null || !passkeys ? attempt(given, addressOf(request)) : entering(() => byPasskey(passkeys, under.uid, shown, addressOf(request)))); // prettier-ignore
    if ('signedIn' in outcome) {
      await interactions.enter(request, response, under, { account: outcome.signedIn, amr: outcome.amr });
      return;
    }
    const { code, status, detail } = outcome;
    const asksMore = code === 'password-temporary' || code === 'password-expired' || code === 'second-factor-required';
    // The password is typed again with the code: this page keeps nothing of what was typed before.
    const withCode = code.startsWith('second-factor') || given.code !== '';
    await show(under, request, response, {
      status,
      problem: (language) => (asksMore ? undefined : fill(messages[code][language], detail)),
      form: { account, choose: outcome.choose, expired: code === 'password-expired', withCode },
    });
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
    return entering(async () => {
      const known =
        wish === undefined
          ? await credentials.prove(account, password, { address, code })
          : await credentials.choose(account, password, wish, { address, code });
      await assertHere(known.account);
      if (known.mustChoose) return { code: known.mustChoose, status: 200, detail: {}, choose: true };
      return { signedIn: known.account, amr: known.amr };
    }, wish !== undefined);
  }

  async function byPasskey(by: Passkeys, logIn: string, shown: string, address: string): Promise<Outcome> {
    const account = await by.use(logIn, shown, address);
    await assertHere(account);
    return { signedIn: account, amr: ['pop', 'mfa'] };
  }

  /** Who has left there must not come in here by what nobody there knows of. */
  async function assertHere(account: string): Promise<void> {
    const [provider] = await elsewhere(account);
    if (provider !== undefined) throw new Rejected('sign-in-outside', { provider });
  }

  async function entering(enter: () => Promise<Outcome>, choose = false): Promise<Outcome> {
    try {
      return await enter();
    } catch (error) {
      if (!(error instanceof Rejected) || !isOurs(error.code)) throw error;
      const status = error.code === 'account-locked' ? 429 : error.code === 'second-factor-required' ? 200 : 422;
      return { code: error.code, status, detail: error.detail, choose };
    }
  }

  return { handle, show };
}

export const isOurs = (code: string): code is keyof typeof messages => Object.hasOwn(messages, code);

export const EXPIRED: Readonly<Record<Language, string>> = {
  en: 'This log-in is over or was begun in another browser.',
  zh: '此次登录已过期,或是在其他浏览器中发起的。',
};

export const OFTEN: Readonly<Record<Language, string>> = {
  en: 'Too many attempts from this address. Wait a minute, then try again.',
  zh: '来自此地址的尝试过于频繁。请一分钟后重试。',
};
