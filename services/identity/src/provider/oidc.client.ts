import { Rejected, Transient } from '@lotwarden/platform/errors';
import * as client from 'openid-client';
import type { Begun, OutsideLogIn, Shown } from './outside-log-in.ts';
import { valuesAt, type Reached } from './outside-provider.ts';

type Oidc = Extract<Reached, { kind: 'oidc' }>;

const SECONDS = 10;
/** How old a log-in may be that was asked for anew: time to type a password and a code. */
const FRESH_SECONDS = 120;

interface Settings {
  readonly reached: Oidc;
  readonly secret: string;
  /** For trials on one machine; TLS everywhere else. */
  readonly allowLoopback: boolean;
}

/**
 * Any OpenID provider: authorization code with PKCE, state and nonce (OpenID Connect Core 3.1, RFC 9700). The ID token's
 * signature is checked against the provider's own keys, with algorithms that its discovery document names and no `none`.
 */
export function oidcLogIn({ reached, secret, allowLoopback }: Settings): OutsideLogIn {
  let found: Promise<client.Configuration> | undefined;

  /** Once; a provider that could not be asked is asked again. */
  const discovered = (): Promise<client.Configuration> => {
    found ??= discover().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };

  async function discover(): Promise<client.Configuration> {
    const issuer = new URL(reached.issuer);
    const loopback = allowLoopback && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(issuer.hostname);
    const config = await client.discovery(issuer, reached.clientId, secret, undefined, {
      timeout: SECONDS,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated so that it stands out; it is on this machine only
      execute: loopback ? [client.allowInsecureRequests] : [],
    });
    // Over TLS the standard lets this be left out; whoever has the way to the provider must not be who he says he is.
    client.enableNonRepudiationChecks(config);
    return config;
  }

  return {
    async begin({ state, nonce, verifier, redirectUri, fresh }: Begun): Promise<URL> {
      const config = await asked(discovered);
      return client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', ...reached.scopes])].join(' '),
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(fresh && { prompt: 'login', max_age: `${FRESH_SECONDS}` }),
      });
    },
    async finish(back: URL, { state, nonce, verifier, fresh }: Begun): Promise<Shown> {
      const config = await asked(discovered);
      const tokens = await asked(() =>
        client.authorizationCodeGrant(config, back, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
          ...(fresh && { maxAge: FRESH_SECONDS }),
        }),
      );
      const claims = tokens.claims();
      if (!claims) throw new Rejected('provider-answer-wrong', { reason: 'no ID token' });
      const name = claims['name'];
      return {
        subject: claims.sub,
        name: typeof name === 'string' && name !== '' ? name.slice(0, 200) : null,
        values: valuesAt(claims, reached.rolesAt),
      };
    },
  };
}

/** What the provider says wrongly is refused; that it cannot be asked may pass. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (isUnreachable(cause)) throw new Transient('provider-unreachable', {}, { cause });
    const reason = isError(cause) ? cause.message : String(cause);
    throw new Rejected('provider-answer-wrong', { reason: reason.slice(0, 200) }, undefined, { cause });
  }
}

/** Nobody answered, not in time, or with an error of the provider's own. */
function isUnreachable(cause: unknown): boolean {
  if (cause instanceof Response) return cause.status >= 500;
  if (!isError(cause)) return false;
  const { name, message, cause: inner } = cause;
  return name === 'TimeoutError' || (name === 'TypeError' && message === 'fetch failed') || isUnreachable(inner);
}

/** Whatever realm it is of. */
const isError = (cause: unknown): cause is Error => typeof cause === 'object' && cause !== null && 'message' in cause;
