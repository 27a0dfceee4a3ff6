import { createHash } from 'node:crypto';

/** What a renewal says, inside its JWS: a newer key vouches that this signature was there and good at that time. */
export interface RenewalClaims {
  /** SHA-256, hex, over the compact JWS that it renews: the signature, or the renewal before. */
  readonly renews: string;
  readonly renewedAt: string;
}

export const RENEWAL_TYPE = 'lotwarden-renewal+jwt';

export const digestOf = (jws: string): string => createHash('sha256').update(jws).digest('hex');

/** What is known of a key beside the key itself; ISO 8601. */
export interface KeyLife {
  readonly validFrom?: string | undefined;
  /** Since then another one signs. */
  readonly retiredAt?: string | undefined;
  /** Since then nothing that it signed proves anything by itself. */
  readonly revokedAt?: string | undefined;
}

/** One link: when it says it was made, and what is known of the key it was made with. */
export interface Link {
  readonly at: string;
  readonly key: KeyLife;
}

/**
 * Whether a chain of a signature and its renewals, first to last, proves the signature. Each link must be of its key's
 * time. A revoked key proves nothing by itself, as its thief can write any time; but a later link that is good vouches for
 * when the earlier one was there: before the revocation it was honest. undefined: it holds; else why it does not.
 */
export function brokenBy(chain: readonly Link[]): 'key-revoked' | 'key-of-another-time' | undefined {
  /** Until when the link before was there for sure; the last one is there now. */
  let seen: string | undefined;
  for (const { at, key } of chain.toReversed()) {
    if (key.revokedAt !== undefined && (seen === undefined || seen >= key.revokedAt)) return 'key-revoked';
    if (key.validFrom !== undefined && at < key.validFrom) return 'key-of-another-time';
    if (key.retiredAt !== undefined && at > key.retiredAt) return 'key-of-another-time';
    if (seen !== undefined && at > seen) return 'key-of-another-time';
    seen = at;
  }
  return undefined;
}
