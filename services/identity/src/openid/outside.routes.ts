import type { IncomingMessage, ServerResponse } from 'node:http';
import { LotwardenError, Transient } from '@lotwarden/platform/errors';
import { fill } from '@lotwarden/platform/messages';
import type { Deps } from '@lotwarden/platform/service';
import { messages } from '../messages.ts';
import type { OutsideLogIns } from '../provider/outside-log-ins.store.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { addressOf } from './form.client.ts';
import { INTERACTION, type Interactions } from './interaction.client.ts';
import { preferredLanguage } from './language.ts';
import { EXPIRED, isOurs, OFTEN, type LogInPage } from './log-in.routes.ts';
import { contentSecurityPolicy, errorPage } from './pages.ts';

interface Needs extends Pick<Deps, 'clock'> {
  readonly interactions: Interactions;
  readonly outside: OutsideLogIns;
  readonly limit: AttemptLimit;
  /** Shows the log-in page, with what was wrong. */
  readonly logInPage: LogInPage;
  /** Where providers send people back to. */
  readonly redirectUri: string;
  /** Where this is mounted, `/openid`. */
  readonly path: string;
}

/** What a session says that was begun at a provider outside. */
export const OUTSIDE = 'fed';

/**
 * Log-in at a provider outside. `/outside/callback`, which providers know, cannot see the cookie of a log-in that is under
 * way: it only sends the browser on to the log-in that `state` names, and that one takes the answer or not.
 */
export function outsideRoutes({ interactions, outside, limit, logInPage, redirectUri, path, clock }: Needs) {
  const go = (response: ServerResponse, to: string): void => {
    response.writeHead(303, { location: to, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
  };

  async function logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const language = preferredLanguage(request.headers['accept-language']);
    const under = await interactions.underWay(request, response);
    if (!under) {
      failed(response, 400, errorPage(language, EXPIRED[language]));
      return;
    }
    if (!limit.allow(addressOf(request), clock.now().getTime())) {
      await logInPage(under, request, response, { status: 429, problem: () => OFTEN[language] });
      return;
    }
    const asked = new URL(request.url ?? '', redirectUri);
    const chosen = /\/outside\/([a-z][a-z0-9-]*)$/.exec(asked.pathname)?.[1];
    try {
      if (chosen === undefined) {
        const back = new URL(redirectUri);
        back.search = asked.search;
        const account = await outside.finish(back, under.uid, addressOf(request));
        await interactions.enter(request, response, under, { account, amr: [OUTSIDE] });
      } else {
        const { prompt, max_age: age } = under.params;
        const fresh = age !== undefined || (typeof prompt === 'string' && prompt.split(' ').includes('login'));
        go(response, (await outside.begin(chosen, under.uid, fresh)).href);
      }
    } catch (error) {
      if (!(error instanceof LotwardenError) || !isOurs(error.code)) throw error;
      const { code, detail } = error;
      const status = error instanceof Transient ? 503 : 403;
      await logInPage(under, request, response, { status, problem: (spoken) => fill(messages[code][spoken], detail) });
    }
  }

  function callback(request: IncomingMessage, response: ServerResponse): void {
    const { search, searchParams } = new URL(request.url ?? '', redirectUri);
    const uid = /^([\w-]+)\.[\w-]+$/.exec(searchParams.get('state') ?? '')?.[1];
    const language = preferredLanguage(request.headers['accept-language']);
    if (uid === undefined) failed(response, 400, errorPage(language, EXPIRED[language]));
    else go(response, `${path}/interaction/${uid}/outside${search}`);
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405, { allow: 'GET' }).end();
    else if (INTERACTION.test(request.url ?? '')) await logIn(request, response);
    else callback(request, response);
  };
}

function failed(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy(),
  });
  response.end(html);
}
