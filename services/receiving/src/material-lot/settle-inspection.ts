import { Rejected } from '@lotwarden/platform/errors';
import type { MaterialLot, MaterialLotEvent, ReceivedLot } from './material-lot.ts';

export interface Decision {
  readonly inspection: string;
  readonly verdict: 'accept' | 'reject';
  readonly reason: string;
}

/**
 * Settles a pending lot on the decision of its incoming inspection. A second, equal decision changes nothing; a
 * different one is a finding and the first stands. An accepted lot with open hindrances waits until they are gone.
 */
export function settleInspection(lot: MaterialLot, { inspection, verdict, reason }: Decision): MaterialLotEvent[] {
  if (lot.status === 'unknown') throw new Rejected('material-lot-unknown', { inspection });
  if (lot.status !== 'pending') return sameDecision(lot, verdict) ? [] : [conflict(lot, inspection, verdict)];
  if (verdict === 'reject') return [{ type: 'MaterialLotRejected', lot: lot.lot, inspection, reason }];
  if (lot.hindrances.length === 0) return [{ type: 'MaterialLotAccepted', lot: lot.lot, inspection }];
  if (lot.inspection === inspection) return [];
  return [{ type: 'MaterialLotAcceptanceDeferred', lot: lot.lot, inspection, hindrances: lot.hindrances }];
}

const sameDecision = (lot: ReceivedLot, verdict: Decision['verdict']): boolean =>
  lot.status === (verdict === 'accept' ? 'accepted' : 'rejected');

const conflict = (lot: ReceivedLot, inspection: string, verdict: string): MaterialLotEvent => ({
  type: 'MaterialLotDecisionConflicted',
  lot: lot.lot,
  inspection,
  verdict,
});
