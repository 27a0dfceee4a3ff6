import type { CharacteristicResult, EventOf, Hindrance } from '@lotwarden/contracts/events';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { Quantity } from '@lotwarden/platform/quantity';

export type MaterialLotEvent = EventOf<'receiving.material-lot.v1'>;

/** A supplier's lot as we hold it. ISO 13485:2016 7.5.9. Quantities carry their unit; never floats. */
export interface ReceivedLot {
  readonly status: 'pending' | 'accepted' | 'rejected';
  readonly lot: string;
  readonly part: string;
  readonly revision: string;
  readonly supplier: string;
  readonly supplierLot: string;
  readonly purchaseOrder: string | null;
  readonly received: Quantity;
  readonly site: string;
  readonly location: string;
  readonly receivedAt: string;
  readonly expiresAt: string | null;
  readonly coa: readonly CharacteristicResult[];
  readonly coaVerdict: string;
  /** What stands in the way of acceptance, apart from the inspection. */
  readonly hindrances: readonly Hindrance[];
  readonly aliases: readonly LotRef[];
  /** The inspection that decided, or accepted it while hindrances were open. */
  readonly inspection: string | null;
  readonly reason: string | null;
}
export type MaterialLot = { readonly status: 'unknown' } | ReceivedLot;

export const UNKNOWN_LOT: MaterialLot = { status: 'unknown' };

export function evolve(lot: MaterialLot, event: MaterialLotEvent): MaterialLot {
  if (event.type === 'MaterialLotReceived') {
    const { type: _, quantity, ...facts } = event;
    return { ...facts, status: 'pending', received: quantity, inspection: null, reason: null };
  }
  if (lot.status === 'unknown') return lot;
  switch (event.type) {
    case 'MaterialLotHindrancesChanged':
      return { ...lot, hindrances: event.hindrances };
    case 'MaterialLotAcceptanceDeferred':
      return { ...lot, inspection: event.inspection };
    case 'MaterialLotAccepted':
      return { ...lot, status: 'accepted', inspection: event.inspection };
    case 'MaterialLotRejected':
      return { ...lot, status: 'rejected', inspection: event.inspection, reason: event.reason };
    case 'MaterialLotPutAway':
      return { ...lot, location: event.location };
    case 'LotAliasAssigned':
      return { ...lot, aliases: [...lot.aliases, event.alias] };
    case 'MaterialLotDecisionConflicted':
      return lot;
  }
}
