import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate } from '@lotwarden/platform/store';
import { evolve, UNSIGNED, type SignatureEvent, type SignatureState } from './signature.ts';

export type Signatures = Aggregate<SignatureState, SignatureEvent>;

/** Each act of signing is one document. */
export const signatureStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Signatures =>
  aggregate<SignatureState, SignatureEvent>({
    collection: 'signatures',
    topic: 'identity.signature.v1',
    initial: UNSIGNED,
    evolve,
    indexes: [{ key: { 'state.recordId': 1, 'state.recordVersion': 1 } }, { key: { 'state.signature.signer': 1 } }],
  });
