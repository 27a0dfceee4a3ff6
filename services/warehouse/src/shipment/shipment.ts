import type { EventOf } from '@lotwarden/contracts/events';

export type ShipmentEvent = EventOf<'warehouse.shipment.v1'>;
export type Dispatched = { readonly status: 'dispatched' } & Omit<ShipmentEvent, 'type'>;
export type Shipment = { readonly status: 'unknown' } | Dispatched;

export const UNKNOWN_SHIPMENT: Shipment = { status: 'unknown' };

/** What is reported of a shipment after it was dispatched adds to it; goods reported at somebody else only break a rule. */
export function evolve(known: Shipment, { type: _, ...facts }: ShipmentEvent): Shipment {
  if (known.status === 'unknown') return { status: 'dispatched', ...facts };
  const violations = [...known.violations, ...facts.violations];
  if (facts.custodian !== known.custodian) return { ...known, violations };
  return { ...known, lines: [...known.lines, ...facts.lines], violations };
}
