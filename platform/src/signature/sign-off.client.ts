import { Rejected } from '../errors.ts';
import { underMandate, type Mandate } from './mandate.ts';
import { assertSeparate, type Involved } from './separate-people.ts';
import type { Signature, SignedRecord } from './signed-record.ts';
import type { VerifySignature } from './verify-signature.client.ts';

interface Act {
  readonly jws: string;
  /** What it must speak of. */
  readonly record: SignedRecord;
  readonly meaning: string;
  /** Who had a hand in it, where it takes two people. */
  readonly involved?: readonly Involved[];
  /** Where an earlier version was signed: good only if a rule of the meaning says so. */
  readonly mandate?: Mandate | undefined;
}

/** Checks signatures where something is done by them: a token alone does nothing. */
export interface SignOff {
  /**
   * Of the caller himself: whoever does it has signed it. Throws `signature-of-another-person`, and what `by` throws.
   */
  own(actor: string, act: Act): Promise<Signature>;
  /** Of anybody. Throws what `VerifySignature` throws, `signature-by-author` or `signature-same-person`. */
  by(act: Act): Promise<{ readonly signature: Signature; readonly involved: Involved }>;
}

export function signOff(verify: VerifySignature): SignOff {
  const by: SignOff['by'] = async ({ jws, record, meaning, involved = [], mandate }) => {
    const signed = mandate ? underMandate(record, meaning, mandate) : record;
    const { deputyFor, ...signature } = await verify(jws, signed, meaning);
    assertSeparate({ signer: signature.signer, deputyFor }, involved);
    return { signature, involved: { person: signature.signer, deputyFor, as: 'signer' } };
  };
  return {
    by,
    own: async (actor, act) => {
      const { signature } = await by(act);
      if (signature.signer !== actor) throw new Rejected('signature-of-another-person', { signer: signature.signer });
      return signature;
    },
  };
}
