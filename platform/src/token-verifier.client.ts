import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { Rejected, Transient } from './errors.ts';
import type { Principal } from './principal.ts';

export const API_AUDIENCE = 'lotwarden-api';

/** Pinned: a token that names any other algorithm, `none` included, is not looked at further. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256'];

export interface VerifierOptions {
  readonly issuer: string;
  readonly audience?: string;
  /** Where the issuer publishes its keys, or the keys themselves. */
  readonly keys: URL | JSONWebKeySet;
}

/** Throws Rejected `token-expired` or `token-invalid`, Transient when the issuer's keys cannot be had now. */
export type TokenVerifier = (token: string) => Promise<Principal>;

const Claims = z.object({
  sub: z.string().min(1).max(200),
  name: z.string().optional(),
  kind: z.enum(['person', 'service', 'system']).optional(),
  client_id: z.string().optional(),
  roles: z.array(z.string()).default([]),
  sites: z.array(z.string()).optional(),
  markets: z.array(z.string()).optional(),
  party: z.string().optional(),
  device: z.string().optional(),
  device_site: z.string().optional(),
  cnf: z.object({ jkt: z.string() }).optional(),
});

/** Checks JWTs on the spot: issuer, audience, signature, algorithm and time, with 5 s for clocks that differ. */
export function createVerifier({ issuer, audience = API_AUDIENCE, keys }: VerifierOptions): TokenVerifier {
  const keySet: JWTVerifyGetKey = keys instanceof URL ? remoteKeys(keys) : createLocalJWKSet(keys);
  return async (token) => {
    const { payload } = await jwtVerify(token, keySet, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      // RFC 9068 §4: an id token or a signature on a record, though of the same issuer, lets nobody in.
      typ: 'at+jwt',
      clockTolerance: 5,
      requiredClaims: ['exp', 'sub'],
    }).catch((cause: unknown) => {
      throw refusal(cause);
    });
    return principal(payload);
  };
}

/**
 * A key that was revoked is gone here after a minute. While the issuer cannot be reached, the keys that it had last are good:
 * nobody could have revoked one, and whoever works must not be stopped by it.
 */
function remoteKeys(url: URL): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(url, { timeoutDuration: 5_000, cooldownDuration: 5_000, cacheMaxAge: 60_000 });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      const known = remote.jwks();
      if (ANSWERS.some((answer) => error instanceof answer) || !known) throw error;
      return createLocalJWKSet(known)(header, token);
    }
  };
}

/** The keys were had, and this is what they say; everything else is that they could not be had. */
const ANSWERS = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported] as const;

function principal(payload: JWTPayload): Principal {
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw new Rejected('token-invalid', { reason: 'claims' }, undefined, { cause: claims.error });
  const {
    sub,
    name,
    kind,
    client_id: client,
    roles,
    sites,
    markets,
    party,
    device,
    device_site: site,
    cnf,
  } = claims.data;
  return {
    id: sub,
    name: name ?? sub,
    // Client credentials speak for the client itself (RFC 9068): then subject and client are the same.
    kind: kind ?? (client === sub ? 'system' : 'person'),
    roles,
    ...(sites && { sites }),
    ...(markets && { markets }),
    ...(party !== undefined && { party }),
    ...(cnf && { boundTo: cnf.jkt }),
    // A device that nothing proves is none.
    ...(cnf && device !== undefined && { device: { id: device, ...(site !== undefined && { site }) } }),
  };
}

/** The token's own faults are the caller's to mend; anything else means that we cannot tell now. */
function refusal(cause: unknown): Error {
  if (cause instanceof errors.JWTExpired) return new Rejected('token-expired', {}, undefined, { cause });
  const reason = FAULTS.find(([fault]) => cause instanceof fault)?.[1];
  if (reason === undefined) return new Transient('upstream-unavailable', { upstream: 'token keys' }, { cause });
  const claim = cause instanceof errors.JWTClaimValidationFailed ? cause.claim : undefined;
  return new Rejected('token-invalid', { reason: claim ?? reason }, undefined, { cause });
}

const FAULTS = [
  [errors.JWTClaimValidationFailed, 'claim'],
  [errors.JWTInvalid, 'format'],
  [errors.JWSInvalid, 'format'],
  [errors.JWSSignatureVerificationFailed, 'signature'],
  [errors.JOSEAlgNotAllowed, 'algorithm'],
  [errors.JOSENotSupported, 'algorithm'],
  [errors.JWKSNoMatchingKey, 'key'],
  [errors.JWKSMultipleMatchingKeys, 'key'],
] as const;
