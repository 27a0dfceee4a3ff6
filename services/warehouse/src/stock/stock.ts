import type { EventOf, SerialRange } from '@lotwarden/contracts/events';
import { negate } from '@lotwarden/platform/quantity';
import { subtract, union } from '@lotwarden/platform/serial-range';
import { changed, type Bucket } from './bucket.ts';
import { cameBack, restaged, shifted, type Staged } from './staged.ts';

export type StockEvent = EventOf<'warehouse.stock.v1'>;

/** All stock of one lot: the gate's document. Its holds lie beside this state, under the same revision. */
export interface Stock {
  readonly lot: string;
  readonly item: string | null;
  readonly kind: string;
  /** pending | accepted | rejected for supplier lots; made for our own; unknown for a lot only heard of. */
  readonly status: string;
  /** Markets it is released for; `*` = any. */
  readonly markets: readonly string[];
  /** What lies free at its place. */
  readonly buckets: readonly Bucket[];
  /** What shipments have of it. Picked and packed goods are here, but in no bucket. */
  readonly staged: readonly Staged[];
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
  staged: [],
  serials: [],
  left: [],
  quarantined: [],
};

/** The cause under which the books of a placeholder become those of the lot that it turned out to be; nothing moves. */
export const MERGE = 'merge';

/** The cause of serials that units got at a custodian: they are not here, whenever they are heard to be given. */
export const FIELD_RELABEL = 'field-relabel';

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
        ...(event.type === 'StockReturned'
          ? { quarantined: union(stock.quarantined, event.serials), staged: cameBack(stock.staged, event.serials) }
          : {}),
      };
    case 'StockStaged':
      return { ...named, ...restaged(stock, event) };
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
        staged:
          event.type === 'StockShipped' && event.cause.kind === 'shipment'
            ? shifted(stock.staged, { ...event, shipment: event.cause.id, stage: 'in-transit' }, event.quantity)
            : stock.staged,
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
    left: merge || cause.kind === FIELD_RELABEL ? union(left, removed) : left,
    quarantined: subtract(quarantined, removed),
  };
}
