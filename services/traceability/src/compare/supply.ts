import type { Quantity } from '@lotwarden/platform/quantity';
import { booksOf } from '../balance/books.ts';
import { balanceOf } from '../balance/balance.ts';
import { fromExact, toExact } from '../balance/exact.ts';
import { itemOf } from '../aggregate/item-of.ts';
import { lotsWith } from '../genealogy/attributes.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotAt, meant } from '../genealogy/nodes.ts';
import { SLICE, type Pausing } from '../trace/walk.ts';

export interface SupplyAsk {
  readonly items: readonly string[];
  /** Shipments that left from then on, ISO; before `until`. */
  readonly since: string;
  readonly until: string;
}

/** What there is of an item, affected or not, and how much of it leaves. */
export interface Supply {
  readonly item: string;
  readonly unit: string;
  readonly onHand: Quantity;
  /** Of it released or accepted. */
  readonly usable: Quantity;
  /** What left in the time that was asked about. */
  readonly shipped: Quantity;
}

const USABLE: readonly string[] = ['released', 'accepted'];

/** Looks at every lot of the items. */
export function* supplyOf(graph: Genealogy, { items, since, until }: SupplyAsk): Pausing<readonly Supply[]> {
  const sums = new Map<string, { item: string; unit: string; onHand: bigint; usable: bigint; shipped: bigint }>();
  let left = SLICE;
  for (const [item, number] of lotsOf(graph, new Set(items))) {
    left -= 50;
    if (left <= 0) {
      yield;
      left = SLICE;
    }
    const books = booksOf(graph, lotAt(graph, number));
    const { unit, buckets, onHandByStatus } = balanceOf(books);
    const key = `${item}|${unit}`;
    const sum = sums.get(key) ?? { item, unit, onHand: 0n, usable: 0n, shipped: 0n };
    sums.set(key, sum);
    sum.onHand += toExact(buckets.onHand.value);
    for (const { status, quantity } of onHandByStatus)
      if (USABLE.includes(status)) sum.usable += toExact(quantity.value);
    for (const { book, quantity, source } of books.entries)
      if (book === 'shipped' && quantity.unit === unit && source.occurredAt >= since && source.occurredAt < until)
        sum.shipped += toExact(quantity.value);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { item, unit, onHand, usable, shipped }]) => {
      const q = (exact: bigint): Quantity => ({ value: fromExact(exact), unit });
      return { item, unit, onHand: q(onHand), usable: q(usable), shipped: q(shipped) };
    });
}

/** Every lot of the items once, as it is declared now. */
function* lotsOf(graph: Genealogy, items: ReadonlySet<string>): Generator<readonly [item: string, lot: number]> {
  for (const item of items) {
    const { numbers, size } = lotsWith(graph.attributes, 'item', item);
    const seen = new Set<number>();
    for (let at = 0; at < size; at++)
      for (const lot of meant(graph, numbers[at] ?? 0)) {
        // What was told anew since stays listed under its old item.
        if (seen.has(lot) || itemOf(graph, lot) !== item) continue;
        seen.add(lot);
        yield [item, lot];
      }
  }
}

export interface SupplyImpact {
  readonly onHandNotAffected: Quantity;
  /** On average over the time that was asked about. */
  readonly shippedPerDay: Quantity;
  /** How long that lasts, in days with one decimal, rounded down; null where nothing was shipped. */
  readonly daysLeft: string | null;
}

/** What is left of an item once the affected stock is held. */
export function impactOf({ unit, onHand, shipped }: Supply, affected: Quantity, days: number): SupplyImpact {
  const rest = toExact(onHand.value) - toExact(affected.value);
  const free = rest > 0n ? rest : 0n;
  const sent = toExact(shipped.value);
  const tenths = sent > 0n ? (free * BigInt(days) * 10n) / sent : undefined;
  return {
    onHandNotAffected: { value: fromExact(free), unit },
    shippedPerDay: { value: fromExact(sent / BigInt(days)), unit },
    daysLeft: tenths === undefined ? null : `${String(tenths / 10n)}.${String(tenths % 10n)}`,
  };
}
