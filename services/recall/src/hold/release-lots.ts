import type { Signature } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { signable, type SignedRecord } from '@lotwarden/platform/signature';
import type { HeldLot } from './held-lot.ts';
import type { Hold, HoldEvent, HoldRelease } from './hold.ts';

export interface ReleaseLots {
  readonly lots: readonly string[];
  readonly reviewedOperations: readonly string[];
  readonly reason: string;
}

/** The record that both sign. It names the epoch: what the hold learns afterwards was not reviewed. */
export function releaseRecord(hold: Hold, asked: ReleaseLots): SignedRecord {
  if (hold.status === 'unknown') throw new Rejected('hold-unknown');
  const { hold: id, case: recall, epoch } = hold;
  return recordOf({ hold: id, case: recall, epoch, ...asked });
}

/** What would be signed for a release that was made, to hold its signatures against. */
export const releasedRecord = (release: Omit<HoldRelease, 'signatures'>): SignedRecord => recordOf(release);

const recordOf = ({ hold, case: recall, epoch, reason, ...asked }: Omit<HoldRelease, 'signatures'>): SignedRecord => {
  const lots = sorted(asked.lots);
  const reviewedOperations = sorted(asked.reviewedOperations);
  return signable('hold-release', hold, epoch, { hold, case: recall, lots, reviewedOperations, reason });
};

/** How each lot came into scope, as far as known: the operations on all paths to it. */
export type OperationsTo = (lot: string) => readonly string[];

/**
 * Lets lots go from one hold; others that overlap stay. Throws `lot-not-held`, `operation-not-reviewed` where the way
 * into the scope was not looked at, `hold-still-growing` for a lot that grew and whose growth the gates were not told yet.
 */
export function releaseLots(
  hold: Hold,
  asked: ReleaseLots & { readonly signatures: readonly Signature[] },
  held: readonly HeldLot[],
  operationsTo: OperationsTo,
): HoldEvent & { readonly type: 'HoldReleased' } {
  if (hold.status === 'unknown') throw new Rejected('hold-unknown');
  checkSigners(asked.signatures);
  const lots = sorted(asked.lots);
  const now = new Map(held.map((one) => [one.lot, one]));
  for (const lot of lots) {
    const one = now.get(lot);
    if (one?.state !== 'held') throw new Rejected('lot-not-held', { lot, hold: hold.hold });
    if (one.pending) throw new Rejected('hold-still-growing', { lot, hold: hold.hold });
    const operation = operationsTo(lot).find((way) => !asked.reviewedOperations.includes(way));
    if (operation !== undefined) throw new Rejected('operation-not-reviewed', { lot, operation });
  }
  return {
    type: 'HoldReleased',
    hold: hold.hold,
    case: hold.case,
    epoch: hold.epoch + 1,
    lots,
    reviewedOperations: sorted(asked.reviewedOperations),
    reason: asked.reason,
    signatures: asked.signatures,
  };
}

/** Widening may be one person's act, release is always that of two (correctness rules 16, 21). */
function checkSigners(signatures: readonly Signature[]): void {
  const signers = new Set(signatures.map(({ signer }) => signer));
  if (signers.size < 2) throw new Rejected('two-signers-needed', { signers: [...signers] });
}

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
