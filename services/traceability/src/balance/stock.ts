import type { Quantity } from '@lotwarden/platform/quantity';
import { fromExact, toExact } from './exact.ts';
import type { GoodsEntry, Place } from './goods-entry.ts';

export interface PlacedStock {
  readonly site: string;
  readonly location: string;
  readonly status: string;
  /** May be negative: then more left the place than ever came to it, which is a finding. */
  readonly quantity: Quantity;
}

interface StockMove {
  readonly entry: GoodsEntry;
  readonly place: Place;
  readonly amount: bigint;
}

/** What the books of the warehouse put into places or took out of them, line by line. */
export const stockMoves = (entries: readonly GoodsEntry[], unit: string): StockMove[] =>
  entries.flatMap((entry) => {
    const sign = SIGNS[entry.book];
    if (entry.quantity.unit !== unit || sign === undefined) return [];
    const amount = toExact(entry.quantity.value);
    return [
      ...(entry.place ? [{ entry, place: entry.place, amount: sign * amount }] : []),
      ...(entry.toPlace ? [{ entry, place: entry.toPlace, amount }] : []),
    ];
  });

/** What the books of the warehouse say is at each place. */
export function stockByPlace(
  entries: readonly GoodsEntry[],
  unit: string,
  statusAt: (site: string, location: string) => string,
): PlacedStock[] {
  const amounts = new Map<string, { place: Place; amount: bigint }>();
  for (const { place, amount } of stockMoves(entries, unit)) {
    const key = `${place.site}|${place.location}`;
    amounts.set(key, { place, amount: (amounts.get(key)?.amount ?? 0n) + amount });
  }
  return [...amounts]
    .filter(([, { amount }]) => amount !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { place, amount }]) => ({
      ...place,
      status: statusAt(place.site, place.location),
      quantity: { value: fromExact(amount), unit },
    }));
}

/** Books of the warehouse only: what receiving or field write is not in a place of ours. */
const SIGNS: Partial<Record<GoodsEntry['book'], bigint>> = {
  stocked: 1n,
  returned: 1n,
  adjusted: 1n,
  issued: -1n,
  shipped: -1n,
  destroyed: -1n,
  scrapped: -1n,
  moved: -1n,
};
