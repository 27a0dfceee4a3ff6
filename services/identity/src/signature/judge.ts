import { brokenBy, type KeyLife } from '@lotwarden/platform/signature-renewal';
import { keyIdOf, type Signed } from './signature.ts';

interface Key {
  readonly kid: string;
  readonly validFrom: string;
  readonly retiredAt: string | null;
  readonly revokedAt: string | null;
}

/** What the keys of today say of a signature that identity made itself; the same judgement as whoever verifies it offline. */
export function judge({ signature, renewals }: Signed, keys: readonly Key[]): ReturnType<typeof brokenBy> {
  const lives = new Map(keys.map((key) => [key.kid, lifeOf(key)]));
  const link = (at: string, kid: string) => ({ at, key: lives.get(kid) ?? UNKNOWN });
  return brokenBy([
    link(signature.signedAt, keyIdOf(signature.jws)),
    ...renewals.map(({ renewedAt, keyId }) => link(renewedAt, keyId)),
  ]);
}

/** A key that identity does not have never signed anything here. */
const UNKNOWN: KeyLife = { revokedAt: '' };

const lifeOf = ({ validFrom, retiredAt, revokedAt }: Key): KeyLife => ({
  validFrom,
  retiredAt: retiredAt ?? undefined,
  revokedAt: revokedAt ?? undefined,
});
