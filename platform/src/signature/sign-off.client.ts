import { Rejected } from '../errors.ts';
import { assertOwnMarket } from '../permissions/own-market.ts';
import { assertOwnSite } from '../permissions/own-site.ts';
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
  /** Where it is done, and for which market: whoever is bound to others has no say there (21 CFR 11.10(d)). */
  readonly at?: { readonly site?: string | undefined; readonly market?: string };
  /** Where an earlier version was signed: good only if a rule of the meaning says so. */
  readonly mandate?: Mandate | undefined;
}

/** Checks signatures where something is done by them: a token alone does nothing. */
export interface SignOff {
  /**
   * Of the caller himself: whoever does it has signed it. Throws `signature-of-another-person`, and what `by` throws.
   */
  own(actor: string, act: Act): Promise<Signature>;
  /**
   * Of anybody. Throws what `VerifySignature` throws, `signature-by-author`, `signature-same-person`, `site-not-yours` or
   * `market-not-yours`.
   */
  by(act: Act): Promise<{ readonly signature: Signature; readonly involved: Involved }>;
}

export function signOff(verify: VerifySignature): SignOff {
  const by: SignOff['by'] = async ({ jws, record, meaning, involved = [], at = {}, mandate }) => {
    const signed = mandate ? underMandate(record, meaning, mandate) : record;
    const { deputyFor, bounds, ...signature } = await verify(jws, signed, meaning);
    if (at.site !== undefined) assertOwnSite(bounds, at.site);
    if (at.market !== undefined) assertOwnMarket(bounds, at.market);
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
