import type { Quantity } from '@lotwarden/platform/quantity';
import { booksOf } from '../balance/books.ts';
import { balanceOf } from '../balance/balance.ts';
import { fromExact, toExact } from '../balance/exact.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotAt } from '../genealogy/nodes.ts';
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
  const wanted = new Set(items);
  const sums = new Map<string, { item: string; unit: string; onHand: bigint; usable: bigint; shipped: bigint }>();
  let left = SLICE;
  for (let index = 0; index < graph.lotIds.size; index++) {
    if (left-- <= 0) {
      yield;
      left = SLICE;
    }
    const lot = lotAt(graph, index);
    const item = lot.declaration?.item;
    if (item == null || !wanted.has(item) || lot.standsFor.length > 0) continue;
    left -= 50;
    const books = booksOf(graph, lot);
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
