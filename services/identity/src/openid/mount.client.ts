import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The provider and its log-in page under one path. Its answers speak of the issuer, whatever `Host` a caller sends. */
export function openIdMount(provider: Provider, logIn: Handler): Handler {
  const { host, protocol } = new URL(provider.issuer);
  const answer = provider.callback();
  return async (request, response) => {
    delete request.headers['x-forwarded-host'];
    request.headers.host = host;
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    await (request.url?.startsWith('/interaction/') ? logIn(request, response) : answer(request, response));
  };
}
