import type { Signature } from '@lotwarden/contracts/events';
import type { ShowSignatures } from '@lotwarden/platform/show-signatures';
import { ShownSignature } from '@lotwarden/platform/shown-signature';
import { heldBy, type Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import { shown, SignatureAct } from '../schemas.routes.ts';
import type { LotQualities } from './lot-quality.store.ts';
import { releaseRecord, revocationRecord } from './release-lot.ts';
import { isReleasedFor, type Release } from './release.ts';

const Signatures = z.array(ShownSignature);

export const ReleaseView = z
  .object({
    lot: z.string(),
    product: z.string().nullable(),
    markets: z.array(
      SignatureAct.extend({
        market: z.string(),
        review: SignatureAct.nullable().meta({ description: 'null for a release of before reviews were asked for' }),
        signatures: Signatures.meta({ description: 'of who reviewed and who released' }),
      }),
    ),
    revoked: z
      .array(z.object({ market: z.string(), signatures: Signatures }))
      .meta({ description: 'releases that were taken back, first to last; whoever took one back signed last' }),
    heldBy: z.array(z.string()),
    rev: z.number().int(),
  })
  .meta({ id: 'Release' });

interface Needs {
  readonly qualities: LotQualities;
  readonly showing: ShowSignatures;
}

/** A release with everybody who signed it, each against the record as it would be signed today (21 CFR 11.50, 11.70). */
export const showRelease = ({ qualities, showing }: Needs) =>
  async function show({ id: lot, state, holds, rev }: Stored<Release>): Promise<z.output<typeof ReleaseView>> {
    const facts = await qualities.get(lot);
    const markets = state.markets.map(async ({ market, signature, review }) => {
      const now = facts && releaseRecord(facts, market, 0);
      const signatures = await showing([...one(review), signature].map((act) => ({ signature: act, now })));
      return { market, ...shown(signature), review: review && shown(review), signatures };
    });
    const revoked = (state.revoked ?? []).map(async ({ market, signature, review, revocation }) => {
      // What was taken back is an earlier version, and so is the taking back once the lot was released again.
      const now = isReleasedFor(state, market) ? undefined : revocationRecord(lot, market, 0);
      const given = [...one(review), signature].map((act) => ({ signature: act, now: undefined }));
      return { market, signatures: await showing([...given, { signature: revocation, now }]) };
    });
    return {
      lot,
      product: state.product,
      markets: await Promise.all(markets),
      revoked: await Promise.all(revoked),
      heldBy: heldBy(holds),
      rev,
    };
  };

const one = (signature: Signature | null): Signature[] => (signature ? [signature] : []);
