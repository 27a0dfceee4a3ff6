import type { SigningKeys } from '@lotwarden/platform/verify-signature';
import { createLocalJWKSet } from 'jose';
import type { Keys } from './key-ring.store.ts';

/** Identity's own keys, for checking what it signed as everybody else checks it. */
export const localKeys = (keys: Keys): SigningKeys => createLocalJWKSet(published(keys));

/** RFC 7517, each with its life. */
export const published = (keys: Keys) => ({
  keys: keys.map(({ publicJwk, kid, validFrom, retiredAt, revokedAt, revokedReason }) => ({
    ...(publicJwk as Record<string, string>),
    kid,
    validFrom,
    ...(retiredAt !== null && { retiredAt }),
    ...(revokedAt !== null && { revokedAt }),
    ...(revokedReason !== null && { revokedReason }),
  })),
});
