import type { EventOf, SerialRange } from '@lotwarden/contracts/events';
import { add, isZero, negate, type Quantity } from '@lotwarden/platform/quantity';
import { subtract, union } from '@lotwarden/platform/serial-range';

export type StockEvent = EventOf<'warehouse.stock.v1'>;

/** What lies at one place. Negative in the books is possible: facts are kept even where the count was wrong. */
export interface Bucket {
  readonly site: string;
  readonly location: string;
  readonly quantity: Quantity;
}

/** All stock of one lot: the gate's document. Its holds lie beside this state, under the same revision. */
export interface Stock {
  readonly lot: string;
  readonly item: string | null;
  readonly kind: string;
  /** pending | accepted | rejected for supplier lots; made for our own; unknown for a lot only heard of. */
  readonly status: string;
  /** Markets it is released for; `*` = any. */
  readonly markets: readonly string[];
  readonly buckets: readonly Bucket[];
  /** Serials of the lot in our custody. */
  readonly serials: readonly SerialRange[];
  /** Serials that went out under their numbers; what serialization says of them late does not bring them back. */
  readonly left: readonly SerialRange[];
  /** Of our own, the ones that came back: they are in quarantine. */
  readonly quarantined: readonly SerialRange[];
}

export const NO_STOCK: Stock = {
  lot: '',
  item: null,
  kind: 'unknown',
  status: 'unknown',
  markets: [],
  buckets: [],
  serials: [],
  left: [],
  quarantined: [],
};

/** The cause under which the books of a placeholder become those of the lot that it turned out to be; nothing moves. */
export const MERGE = 'merge';

export function evolve(stock: Stock, event: StockEvent): Stock {
  const named = { ...stock, lot: event.lot };
  switch (event.type) {
    case 'StockStatusChanged': {
      const { item, kind, status, markets } = event;
      return { ...named, item, kind, status, markets };
    }
    case 'StockSerialsChanged':
      return { ...named, ...changedSerials(stock, event) };
    case 'StockMoved': {
      const out = changed(stock.buckets, { ...event, location: event.fromLocation }, negate(event.quantity));
      return { ...named, buckets: changed(out, { ...event, location: event.toLocation }, event.quantity) };
    }
    case 'StockAdjusted':
      return { ...named, buckets: changed(stock.buckets, event, event.quantity) };
    case 'StockReceived':
    case 'StockReturned':
      return {
        ...named,
        buckets: changed(stock.buckets, event, event.quantity),
        serials: union(stock.serials, event.serials),
        left: subtract(stock.left, event.serials),
        quarantined: event.type === 'StockReturned' ? union(stock.quarantined, event.serials) : stock.quarantined,
      };
    case 'StockIssued':
    case 'StockShipped':
    case 'StockDestroyed':
    case 'StockScrapped':
      return {
        ...named,
        buckets: changed(stock.buckets, event, negate(event.quantity)),
        serials: subtract(stock.serials, event.serials),
        left: union(stock.left, event.serials),
        quarantined: subtract(stock.quarantined, event.serials),
      };
  }
}

function changedSerials(
  { serials, left, quarantined }: Stock,
  { lot, added, removed, cause }: Extract<StockEvent, { type: 'StockSerialsChanged' }>,
): Pick<Stock, 'serials' | 'left' | 'quarantined'> {
  const merge = cause.kind === MERGE;
  // The placeholder itself: all its units, also those that left, are the lot's now.
  if (merge && cause.id === lot) return { serials: [], left: [], quarantined: [] };
  return {
    serials: union(subtract(serials, removed), subtract(added, left)),
    left: merge ? union(left, removed) : left,
    quarantined: subtract(quarantined, removed),
  };
}

function changed(buckets: readonly Bucket[], at: { site: string; location: string }, by: Quantity): Bucket[] {
  const here = (b: Bucket) => b.site === at.site && b.location === at.location && b.quantity.unit === by.unit;
  const known = buckets.find(here);
  const quantity = known ? add(known.quantity, by) : by;
  const others = buckets.filter((b) => !here(b));
  return isZero(quantity) ? others : [...others, { site: at.site, location: at.location, quantity }];
}
