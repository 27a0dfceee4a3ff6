import { encodeCursor, decodeCursor } from '@lotwarden/platform/http';
import type { Deps } from '@lotwarden/platform/service';
import { heldBy, type Aggregate, type Holds } from '@lotwarden/platform/store';
import type { Bucket } from './bucket.ts';
import { evolve, NO_STOCK, type Stock, type StockEvent } from './stock.ts';

export type Stocks = Aggregate<Stock, StockEvent>;

const COLLECTION = 'stock';

/** One document per lot, `_id` = lot: the gate's document, and every path that moves goods changes it. */
export const openStocks = ({ aggregate }: Pick<Deps, 'aggregate'>): Stocks =>
  aggregate({
    collection: COLLECTION,
    topic: 'warehouse.stock.v1',
    initial: NO_STOCK,
    evolve,
    indexes: [
      { key: { 'state.buckets.site': 1, _id: 1 } },
      { key: { 'state.item': 1, _id: 1 } },
      { key: { 'state.status': 1, _id: 1 } },
      { key: { 'state.staged.shipment': 1, _id: 1 } },
    ],
  });

export interface StockRow extends Bucket {
  readonly lot: string;
  readonly item: string | null;
  readonly kind: string;
  readonly status: string;
  readonly markets: readonly string[];
  readonly heldBy: readonly string[];
}

export interface StockQuery {
  readonly lot?: string | undefined;
  readonly site?: string | undefined;
  readonly location?: string | undefined;
  readonly status?: string | undefined;
  readonly item?: string | undefined;
}

interface Unwound {
  readonly _id: string;
  readonly row: string;
  readonly holds: Holds;
  readonly state: Omit<Stock, 'buckets'> & { readonly buckets: Bucket };
}

/** Below every sign that an id or a place may have, so that rows sort by lot, then place. */
const SEPARATOR = '\u0001';

/** One row per lot and place, in the order of lots. */
export async function stockRows(
  db: Deps['db'],
  { lot, site, location, status, item }: StockQuery,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ rows: StockRow[]; next: string | undefined }> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const lots = {
    ...(lot === undefined ? {} : { _id: lot }),
    ...(item === undefined ? {} : { 'state.item': item }),
    ...(status === undefined ? {} : { 'state.status': status }),
    ...(site === undefined ? {} : { 'state.buckets.site': site }),
  };
  const begun = after === undefined ? {} : { _id: { $gte: after.split(SEPARATOR)[0] ?? '' } };
  const places = {
    ...(site === undefined ? {} : { 'state.buckets.site': site }),
    ...(location === undefined ? {} : { 'state.buckets.location': location }),
    ...(after === undefined ? {} : { row: { $gt: after } }),
  };
  const {
    site: s,
    location: l,
    unit: u,
  } = {
    site: '$state.buckets.site',
    location: '$state.buckets.location',
    unit: '$state.buckets.quantity.unit',
  };
  const found = await db
    .collection(COLLECTION)
    .aggregate<Unwound>([
      { $match: { $and: [lots, begun, { version: { $gt: 0 } }] } },
      { $sort: { _id: 1 } },
      { $unwind: '$state.buckets' },
      { $set: { row: { $concat: ['$_id', SEPARATOR, s, SEPARATOR, l, SEPARATOR, u] } } },
      { $match: places },
      { $sort: { row: 1 } },
      { $limit: limit + 1 },
    ])
    .toArray();
  const rows = found.slice(0, limit).map(({ _id, holds, state }) => ({
    lot: _id,
    item: state.item,
    kind: state.kind,
    status: state.status,
    markets: state.markets,
    heldBy: heldBy(holds),
    ...state.buckets,
  }));
  const last = found.length > limit ? found[limit - 1] : undefined;
  return { rows, next: last && encodeCursor(last.row) };
}
