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

/** What the books of the warehouse say is at each place. */
export function stockByPlace(
  entries: readonly GoodsEntry[],
  unit: string,
  statusAt: (site: string, location: string) => string,
): PlacedStock[] {
  const amounts = new Map<string, { place: Place; amount: bigint }>();
  const add = (place: Place | null, amount: bigint): void => {
    if (!place) return;
    const key = `${place.site}|${place.location}`;
    amounts.set(key, { place, amount: (amounts.get(key)?.amount ?? 0n) + amount });
  };
  for (const { book, quantity, place, toPlace } of entries) {
    if (quantity.unit !== unit) continue;
    const amount = toExact(quantity.value);
    const sign = SIGNS[book];
    if (sign === undefined) continue;
    add(place, sign * amount);
    add(toPlace, amount);
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
