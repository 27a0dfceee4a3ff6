import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { OWN_PAGE, REVIEW_PAGE } from './clients.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface Pages {
  /** Whether it was one; else nothing is answered. */
  readonly consent: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  readonly logIn: Handler;
  readonly outside: Handler;
  readonly own: Handler;
  readonly review: Handler;
}

/**
 * The provider, its log-in page, the ways to providers outside and the pages of people who are signed in, under one path.
 * Its answers speak of the issuer, whatever `Host` a caller sends.
 */
export function openIdMount(provider: Provider, { consent, logIn, outside, own, review }: Pages): Handler {
  const { host, protocol } = new URL(provider.issuer);
  const answer = provider.callback();
  return async (request, response) => {
    delete request.headers['x-forwarded-host'];
    request.headers.host = host;
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    const [at = ''] = (request.url ?? '').split('?');
    if (at === '/outside/callback' || /^\/interaction\/[\w-]+\/outside(?:\/|$)/.test(at))
      await outside(request, response);
    else if (at.startsWith('/interaction/')) {
      if (!(await consent(request, response))) await logIn(request, response);
    } else if (at === OWN_PAGE) await own(request, response);
    else if (at === REVIEW_PAGE) await review(request, response);
    else await answer(request, response);
  };
}
