import type { EventOf } from '@lotwarden/contracts/events';

export type SignatureEvent = EventOf<'identity.signature.v1'>;
type RecordSigned = Extract<SignatureEvent, { type: 'RecordSigned' }>;

/** A renewal, and with which key. */
export interface Renewal {
  readonly jws: string;
  readonly keyId: string;
  readonly renewedAt: string;
}

/** An act of signing. What was signed never changes; newer keys vouch for it. */
export type Signed = Omit<RecordSigned, 'type'> & {
  readonly status: 'signed';
  /** First to last: each of the one before. */
  readonly renewals: readonly Renewal[];
};

export type SignatureState = { readonly status: 'unsigned' } | Signed;

export const UNSIGNED: SignatureState = { status: 'unsigned' };

export function evolve(state: SignatureState, event: SignatureEvent): SignatureState {
  if (event.type === 'RecordSigned') {
    const { type: _, ...signed } = event;
    return { ...signed, status: 'signed', renewals: [] };
  }
  if (state.status === 'unsigned') return state;
  const { renewal: jws, keyId, renewedAt } = event;
  return { ...state, renewals: [...state.renewals, { jws, keyId, renewedAt }] };
}

/** The JWS that vouches last, which is what the next renewal renews. */
export const lastLink = ({ signature, renewals }: Signed): string => renewals.at(-1)?.jws ?? signature.jws;

/** The key of that. */
export const lastKey = ({ signature, renewals }: Signed): string => renewals.at(-1)?.keyId ?? keyIdOf(signature.jws);

/** The key that a JWS names in its header. */
export const keyIdOf = (jws: string): string => {
  const header = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString()) as { readonly kid?: string };
  return header.kid ?? '';
};
