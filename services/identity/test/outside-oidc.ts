import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, exportJWK } from 'jose';
import { Provider, type JWK } from 'oidc-provider';

/** A provider of somebody else: its own keys, its own people. */
export interface OutsideOidc {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string;
  /** Who sits at the browser when it asks next. */
  sits(subject: string): void;
  /** How often somebody typed a password there. */
  readonly logIns: () => number;
  /** What it says of people. */
  readonly people: Map<string, Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

const CLIENT = { clientId: 'lotwarden', secret: 'a secret between the two of them' };

export async function startOutsideOidc(redirectUri: string): Promise<OutsideOidc> {
  const people = new Map<string, Readonly<Record<string, unknown>>>();
  const desk = { sits: 'nobody', logIns: 0 };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'theirs-1' } as JWK;

  const provider = new Provider(issuer, {
    jwks: { keys: [key] },
    clients: [{ client_id: CLIENT.clientId, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    cookies: { keys: ['theirs'] },
    features: { devInteractions: { enabled: false } },
    scopes: ['openid', 'profile'],
    // As Entra and Keycloak with a mapper do: in the ID token itself.
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'auth_time'], profile: ['name', 'email', 'groups', 'realm_access', 'roles'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        accountId: oidc.session?.accountId ?? '',
        clientId: oidc.client?.clientId ?? '',
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  });
  const answer = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void (async () => {
      if (!request.url?.startsWith('/interaction/')) return answer(request, response);
      desk.logIns += 1;
      const login = { accountId: desk.sits, remember: true };
      return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
    })();
  });

  return {
    issuer,
    ...CLIENT,
    people,
    sits: (subject) => {
      desk.sits = subject;
    },
    logIns: () => desk.logIns,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
