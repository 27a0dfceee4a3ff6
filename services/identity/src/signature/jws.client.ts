import { sign } from 'node:crypto';
import type { SignatureClaims } from '@lotwarden/platform/signature';
import { digestOf, RENEWAL_TYPE, type RenewalClaims } from '@lotwarden/platform/signature-renewal';
import type { SigningKey } from '../key/key-ring.store.ts';

const SIGNATURE_TYPE = 'lotwarden-signature+jwt';

/** RFC 7515 compact serialization with EdDSA (RFC 8037); the algorithm is named in the header, and so in the record. */
function compact(type: string, claims: object, { kid, alg, privateKey }: SigningKey): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg, kid, typ: type })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

export const jwsOf = (claims: SignatureClaims, key: SigningKey): string => compact(SIGNATURE_TYPE, claims, key);

/** Vouches with this key that `jws`, a signature or its last renewal, was there and good at this time. */
export function renewalOf(jws: string, renewedAt: string, key: SigningKey): string {
  const claims: RenewalClaims = { renews: digestOf(jws), renewedAt };
  return compact(RENEWAL_TYPE, claims, key);
}
