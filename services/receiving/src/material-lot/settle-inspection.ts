import type { Hindrance } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import type { MaterialLot, MaterialLotEvent, ReceivedLot } from './material-lot.ts';

export interface Decision {
  readonly inspection: string;
  readonly verdict: 'accept' | 'reject';
  readonly reason: string;
}

/** A hold does not undo the decision, it stands in its way like any other hindrance. */
export const holdHindrances = (heldBy: readonly string[]): Hindrance[] =>
  heldBy.map((hold) => ({ code: 'lot-on-hold', detail: hold }));

/**
 * Settles a pending lot on the decision of its incoming inspection. A second, equal decision changes nothing; a
 * different one is a finding and the first stands. An accepted lot that is held or has open hindrances waits until they
 * are gone. The supplier must be in order now as well as at receipt: a certificate may have expired in between.
 */
export function settleInspection(
  lot: MaterialLot,
  { inspection, verdict, reason }: Decision,
  { heldBy = [], supplier = [] }: { heldBy?: readonly string[]; supplier?: readonly Hindrance[] } = {},
): MaterialLotEvent[] {
  if (lot.status === 'unknown') throw new Rejected('material-lot-unknown', { inspection });
  if (lot.status !== 'pending') return sameDecision(lot, verdict) ? [] : [conflict(lot, inspection, verdict)];
  if (verdict === 'reject') return [{ type: 'MaterialLotRejected', lot: lot.lot, inspection, reason }];
  const since = supplier.filter(({ code }) => !lot.hindrances.some((known) => known.code === code));
  const open = [...lot.hindrances, ...since];
  const hindrances = [...open, ...holdHindrances(heldBy)];
  if (hindrances.length === 0) return [{ type: 'MaterialLotAccepted', lot: lot.lot, inspection }];
  if (lot.inspection === inspection) return [];
  const changed: MaterialLotEvent = {
    type: 'MaterialLotHindrancesChanged',
    lot: lot.lot,
    hindrances: open,
    reason: 'the supplier as it was when the inspection decided',
  };
  const deferred: MaterialLotEvent = { type: 'MaterialLotAcceptanceDeferred', lot: lot.lot, inspection, hindrances };
  return since.length === 0 ? [deferred] : [changed, deferred];
}

const sameDecision = (lot: ReceivedLot, verdict: Decision['verdict']): boolean =>
  lot.status === (verdict === 'accept' ? 'accepted' : 'rejected');

const conflict = (lot: ReceivedLot, inspection: string, verdict: string): MaterialLotEvent => ({
  type: 'MaterialLotDecisionConflicted',
  lot: lot.lot,
  inspection,
  verdict,
});
