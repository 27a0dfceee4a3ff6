import type { EventOf } from '@lotwarden/contracts/events';

export type ShipmentEvent = EventOf<'warehouse.shipment.v1'>;
export type Shipment =
  { readonly status: 'unknown' } | ({ readonly status: 'dispatched' } & Omit<ShipmentEvent, 'type'>);

export const UNKNOWN_SHIPMENT: Shipment = { status: 'unknown' };

/** What is reported of a shipment after it was dispatched adds to it. */
export function evolve(known: Shipment, { type: _, ...facts }: ShipmentEvent): Shipment {
  if (known.status === 'unknown') return { status: 'dispatched', ...facts };
  return { ...known, lines: [...known.lines, ...facts.lines], violations: [...known.violations, ...facts.violations] };
}
