import type { LotLine, Violation } from '@lotwarden/contracts/events';
import { putBack } from '../stock/stage-stock.ts';
import { evolve, type Stock, type StockEvent } from '../stock/stock.ts';
import { takeAvailable, takeReported, type PlaceOrder } from '../stock/take-stock.ts';
import { lineFindings, refuseOnFinding, type Destination } from './check-line.ts';

interface Leaving {
  readonly shipment: string;
  readonly site: string;
  readonly line: LotLine;
  readonly destination: Destination;
}

/** What was picked for the shipment leaves first, from where it was picked; what of it stays is free again. */
export function shipOut(stock: Stock, { shipment, site, line, destination }: Leaving, order: PlaceOrder): StockEvent[] {
  const back = putBack(stock, shipment);
  const free = back.reduce(evolve, stock);
  refuseOnFinding(lineFindings(free, line, destination));
  const cause = { kind: 'shipment', id: shipment };
  return [...back, ...takeAvailable(free, 'StockShipped', { ...line, site, cause }, pickedFirst(back, order))];
}

/** A fact leaves the rest picked: the next message may tell of it. `broken` is what the goods broke beside their state. */
export function reportOut(
  stock: Stock,
  { shipment, site, line, destination, broken }: Leaving & { readonly broken: readonly Violation[] },
  order: PlaceOrder,
  fallback: string,
): StockEvent[] {
  const back = putBack(stock, shipment, line);
  const free = back.reduce(evolve, stock);
  const violations = [...broken, ...(stock.lot === '' ? [] : lineFindings(free, line, destination))];
  const cause = { kind: 'shipment', id: shipment };
  const taking = { ...line, site, cause, violations };
  return [...back, ...takeReported(free, 'StockShipped', taking, pickedFirst(back, order), fallback)];
}

function pickedFirst(back: readonly StockEvent[], order: PlaceOrder): PlaceOrder {
  const places = new Set(back.flatMap((event) => (event.type === 'StockStaged' ? [event.location] : [])));
  return (location) => (places.has(location) ? -1 : order(location));
}
