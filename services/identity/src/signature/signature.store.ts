import { sign } from 'node:crypto';
import type { EventOf } from '@lotwarden/contracts/events';
import type { Deps } from '@lotwarden/platform/service';
import type { SignatureClaims } from '@lotwarden/platform/signature';
import type { Aggregate } from '@lotwarden/platform/store';
import type { SigningKey } from '../key/key-ring.store.ts';

type SignatureEvent = EventOf<'identity.signature.v1'>;
type SignatureState = SignatureEvent | { readonly type: 'unsigned' };
export type Signatures = Aggregate<SignatureState, SignatureEvent>;

/** Each act of signing is one document and one event; nothing ever changes it. */
export const signatureStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Signatures =>
  aggregate<SignatureState, SignatureEvent>({
    collection: 'signatures',
    topic: 'identity.signature.v1',
    initial: { type: 'unsigned' },
    evolve: (_, event) => event,
    indexes: [{ key: { 'state.recordId': 1, 'state.recordVersion': 1 } }],
  });

/** RFC 7515 compact serialization with EdDSA (RFC 8037). */
export function jwsOf(claims: SignatureClaims, { kid, privateKey }: SigningKey): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'EdDSA', kid, typ: 'lotwarden-signature+jwt' })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}
