import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';

/** What is asked for in one log-in, for whoever makes up the answer. */
export interface Asked {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly key: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** A provider whose ID tokens are made up by the test. */
export interface LyingProvider {
  readonly issuer: string;
  /** What it answers to the next code; `undefined`: an error of its own (500). */
  says(answer: (asked: Asked) => Promise<string | undefined>): void;
  stop(): Promise<void>;
}

export async function startLyingProvider(clientId: string): Promise<LyingProvider> {
  const { privateKey: key, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const now = { nonce: '', answer: (_: Asked): Promise<string | undefined> => Promise.resolve(undefined) };

  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  };

  async function answer({ url = '' }: IncomingMessage): Promise<{ status: number; body?: object; location?: string }> {
    const { pathname, searchParams } = new URL(url, issuer);
    if (pathname === '/.well-known/openid-configuration') return { status: 200, body: metadata };
    if (pathname === '/jwks') return { status: 200, body: { keys } };
    if (pathname === '/auth') {
      now.nonce = searchParams.get('nonce') ?? '';
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code: 'a-code', state: searchParams.get('state') ?? '' }).toString();
      return { status: 303, location: back.href };
    }
    const token = await now.answer({ issuer, clientId, nonce: now.nonce, key, publicKey });
    if (token === undefined) return { status: 500, body: { error: 'server_error' } };
    return { status: 200, body: { access_token: 'x', token_type: 'bearer', id_token: token } };
  }

  server.on('request', (request, response) => {
    void answer(request).then(({ status, body, location }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...(location !== undefined && { location }) });
      response.end(body && JSON.stringify(body));
    });
  });
  return {
    issuer,
    says: (made) => {
      now.answer = made;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
