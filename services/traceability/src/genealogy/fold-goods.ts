import type { GoodsBook, GoodsEntry } from '../balance/goods-entry.ts';
import { sourceOf, type FactAbout } from './facts.ts';
import type { Genealogy } from './genealogy.ts';
import { lotNode } from './nodes.ts';

type GoodsFact =
  | FactAbout<'warehouse.stock.v1'>
  | FactAbout<'warehouse.shipment.v1'>
  | FactAbout<'warehouse.return.v1'>
  | FactAbout<'warehouse.destruction.v1'>
  | FactAbout<'field.custody.v1'>;

interface Line {
  readonly lot: string;
  readonly quantity: GoodsEntry['quantity'];
  readonly serials?: GoodsEntry['serials'];
  readonly containers?: GoodsEntry['containers'];
}

const STOCK_BOOKS = {
  StockReceived: 'stocked',
  StockIssued: 'issued',
  StockShipped: 'shipped',
  StockReturned: 'returned',
  StockDestroyed: 'destroyed',
  StockScrapped: 'scrapped',
} as const satisfies Record<string, GoodsBook>;

/** An owner's book-keeping when a placeholder turned out to be a lot; here both have counted as one since then. */
const MERGE = 'merge';

/** Writes every line of the fact into the books of its lot. */
export function foldGoods(graph: Genealogy, fact: GoodsFact): void {
  const { event } = fact;
  const write = (book: GoodsBook, line: Line, detail: Partial<GoodsEntry> = {}): void => {
    const lot = lotNode(graph, line.lot);
    if (detail.cause?.kind === MERGE) return;
    lot.goods.push({
      book,
      quantity: line.quantity,
      serials: line.serials ?? [],
      containers: line.containers ?? [],
      place: null,
      toPlace: null,
      party: null,
      cause: null,
      source: sourceOf(fact),
      ...detail,
    });
    if (detail.party != null) graph.custodians.add(detail.party, lot.index);
  };
  switch (event.type) {
    case 'StockMoved': {
      const { site, fromLocation, toLocation, cause } = event;
      write('moved', event, {
        place: { site, location: fromLocation },
        toPlace: { site, location: toLocation },
        cause,
      });
      break;
    }
    case 'StockAdjusted':
      write('adjusted', event, {
        place: { site: event.site, location: event.location },
        cause: { kind: 'adjustment', id: event.reason },
      });
      break;
    case 'ShipmentDispatched':
      for (const line of event.lines)
        write('dispatched', line, { party: event.custodian, cause: { kind: 'shipment', id: event.shipment } });
      break;
    case 'ReturnReceived':
      for (const line of event.lines)
        write('return-received', line, { party: event.from, cause: { kind: 'return', id: event.return } });
      break;
    case 'GoodsDestroyed':
      for (const line of event.lines)
        write('destruction-recorded', line, { cause: { kind: 'destruction', id: event.destruction } });
      break;
    case 'CustodyGained':
      write('custody-gained', event, { party: event.custodian, cause: event.cause });
      break;
    case 'CustodyReduced':
      write('custody-reduced', event, { party: event.custodian, cause: event.cause });
      break;
    case 'UnitsUsed':
      write('used', event, { party: event.custodian });
      break;
    // Status and identity of goods, and who they are meant for: nothing came or went.
    case 'StockStaged':
    case 'StockStatusChanged':
    case 'StockSerialsChanged':
      break;
    default: {
      const { site, location, cause } = event;
      write(STOCK_BOOKS[event.type], event, { place: { site, location }, cause });
    }
  }
}
