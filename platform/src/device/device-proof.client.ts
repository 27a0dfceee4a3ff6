import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWK } from 'jose';
import { z } from 'zod';
import { Rejected } from '../errors.ts';

/** What a device signs with; symmetric ones and `none` would be anybody's. */
const ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519'];
/** Seconds that a proof is good, and that clocks may differ. */
const OLDEST = 60;
const AHEAD = 5;
/** Proofs that are remembered at most; each for a minute, so that this is far more than a process can answer. */
const MOST = 200_000;

const Claims = z.object({
  htm: z.string(),
  htu: z.url(),
  iat: z.number(),
  jti: z.string().min(8).max(200),
  ath: z.string(),
});

/** A request that has to come from a device whose key the token names. */
export interface Asked {
  /** The header `DPoP`, as it came. */
  readonly proof: string | undefined;
  readonly method: string;
  /** What the caller may have called it, directly or through the gateway; query and fragment do not count (RFC 9449 §4.3). */
  readonly urls: readonly string[];
  readonly token: string;
  /** SHA-256 thumbprint of the key (RFC 7638), from the token. */
  readonly thumbprint: string;
}

/** Throws `device-proof-invalid` with what is wrong with it. */
export type DeviceProofs = (asked: Asked) => Promise<void>;

/**
 * Proofs of possession (RFC 9449): whoever has copied a device's token has not its key. Each is good once, for one request,
 * for a minute. What was seen is remembered by this process alone: a proof is for one address.
 */
export function deviceProofs(now: () => Date): DeviceProofs {
  const seen = new Map<string, number>();

  const forget = (second: number): void => {
    for (const [jti, until] of seen) {
      if (until > second && seen.size < MOST) return;
      seen.delete(jti);
    }
  };

  return async ({ proof, method, urls, token, thumbprint }) => {
    if (proof === undefined || proof.includes(',')) throw invalid(proof === undefined ? 'missing' : 'two of them');
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ALGORITHMS,
      currentDate: now(),
    }).catch((cause: unknown) => {
      throw invalid('signature', cause);
    });
    const claims = Claims.safeParse(payload);
    if (!claims.success) throw invalid('claims', claims.error);
    const { htm, htu, iat, jti, ath } = claims.data;
    if ((await calculateJwkThumbprint(protectedHeader.jwk as JWK)) !== thumbprint) throw invalid('key');
    if (htm !== method || !urls.map(plain).includes(plain(htu))) throw invalid('request');
    if (ath !== createHash('sha256').update(token).digest('base64url')) throw invalid('token');
    const second = now().getTime() / 1000;
    if (iat < second - OLDEST || iat > second + AHEAD) throw invalid('time');
    forget(second);
    if (seen.has(jti)) throw invalid('used before');
    seen.set(jti, second + OLDEST + AHEAD);
  };
}

const plain = (address: string): string => {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
};

const invalid = (reason: string, cause?: unknown): Rejected =>
  new Rejected('device-proof-invalid', { reason }, undefined, { cause });
