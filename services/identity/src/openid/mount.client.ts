import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The provider, its log-in page and people's own page under one path. Its answers speak of the issuer, whatever `Host` a caller sends. */
export function openIdMount(provider: Provider, logIn: Handler, own: Handler): Handler {
  const { host, protocol } = new URL(provider.issuer);
  const answer = provider.callback();
  return async (request, response) => {
    delete request.headers['x-forwarded-host'];
    request.headers.host = host;
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    const [at = ''] = (request.url ?? '').split('?');
    if (at.startsWith('/interaction/')) await logIn(request, response);
    else if (at === '/own') await own(request, response);
    else await answer(request, response);
  };
}
