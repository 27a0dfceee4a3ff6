import type { Quantity } from '@lotwarden/platform/quantity';
import { count } from '@lotwarden/platform/serial-range';
import { booksOf } from '../balance/books.ts';
import { affectedBooks } from '../balance/affected-books.ts';
import { balanceOf, type Balance } from '../balance/balance.ts';
import { fromExact, toExact } from '../balance/exact.ts';
import { itemOf } from '../aggregate/item-of.ts';
import { lotsWith } from '../genealogy/attributes.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotAt, meant } from '../genealogy/nodes.ts';
import type { KeptTraces } from '../trace/kept-traces.ts';
import { placeOf } from '../trace/numbers.ts';
import { SLICE, unitsAt, type Pausing, type Reached } from '../trace/walk.ts';

export interface SupplyAsk {
  readonly items: readonly string[];
  /** Shipments that left from then on, ISO; before `until`. */
  readonly since: string;
  readonly until: string;
  /** Kept traces: what is usable apart from what each of them affects. */
  readonly traces: readonly string[];
}

/** What there is of an item, affected or not, and how much of it leaves. */
export interface Supply {
  readonly item: string;
  readonly unit: string;
  readonly onHand: Quantity;
  /** Of it released or accepted. */
  readonly usable: Quantity;
  /** Of that, what none of it is affected by each of the traces; of one that is not kept any more, all of it. */
  readonly usableApart: readonly Quantity[];
  /** What left in the time that was asked about. */
  readonly shipped: Quantity;
}

const USABLE: readonly string[] = ['released', 'accepted'];

/** Looks at every lot of the items. */
export function* supplyOf(
  graph: Genealogy,
  kept: Pick<KeptTraces, 'get'>,
  { items, since, until, traces }: SupplyAsk,
): Pausing<readonly Supply[]> {
  const scopes = traces.map((trace) => kept.get(trace)?.reached);
  const sums = new Map<string, Sum>();
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
    const sum = sums.get(key) ?? { item, unit, onHand: 0n, usable: 0n, apart: scopes.map(() => 0n), shipped: 0n };
    sums.set(key, sum);
    sum.onHand += toExact(buckets.onHand.value);
    const usable = usableIn({ onHandByStatus });
    sum.usable += usable;
    sum.apart = sum.apart.map((apart, at) => apart + atLeast(0n, usable - affectedIn(graph, scopes[at], number)));
    for (const { book, quantity, source } of books.entries)
      if (book === 'shipped' && quantity.unit === unit && source.occurredAt >= since && source.occurredAt < until)
        sum.shipped += toExact(quantity.value);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { item, unit, onHand, usable, apart, shipped }]) => {
      const q = (exact: bigint): Quantity => ({ value: fromExact(exact), unit });
      return { item, unit, onHand: q(onHand), usable: q(usable), usableApart: apart.map(q), shipped: q(shipped) };
    });
}

interface Sum {
  readonly item: string;
  readonly unit: string;
  onHand: bigint;
  usable: bigint;
  apart: bigint[];
  shipped: bigint;
}

const atLeast = (least: bigint, amount: bigint): bigint => (amount < least ? least : amount);

/** How much a scope affects of what is usable of a lot; at most, where the books do not say which units are where. */
function affectedIn(graph: Genealogy, scope: Reached | undefined, lot: number): bigint {
  const place = scope ? placeOf(scope.places, lot) : -1;
  if (!scope || place < 0) return 0n;
  const units = unitsAt(scope, place);
  if (units === 'all') return EVERYTHING;
  const own = affectedBooks(graph, lotAt(graph, lot), units);
  if (!own) return toExact(String(count(units)));
  const balance = balanceOf(own.books);
  return own.arePlacesKnown ? usableIn(balance) : toExact(balance.buckets.onHand.value);
}

const usableIn = ({ onHandByStatus }: Pick<Balance, 'onHandByStatus'>): bigint =>
  onHandByStatus
    .filter(({ status }) => USABLE.includes(status))
    .reduce((all, { quantity }) => all + toExact(quantity.value), 0n);

const EVERYTHING = 10n ** 40n;

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
  /** Of what may be shipped today, what is not affected. */
  readonly usableNotAffected: Quantity;
  /** On average over the time that was asked about. */
  readonly shippedPerDay: Quantity;
  /** How long what is usable and not affected lasts, in days with one decimal, rounded down; null where nothing was shipped. */
  readonly daysLeft: string | null;
}

/** What is left of an item once the affected stock is held. */
export function impactOf(
  { unit, onHand, usableApart, shipped }: Supply,
  at: number,
  affected: Quantity,
  days: number,
): SupplyImpact {
  const rest = toExact(onHand.value) - toExact(affected.value);
  const free = atLeast(0n, rest);
  const usable = usableApart[at] ?? { value: '0', unit };
  const sent = toExact(shipped.value);
  const tenths = sent > 0n ? (toExact(usable.value) * BigInt(days) * 10n) / sent : undefined;
  return {
    onHandNotAffected: { value: fromExact(free), unit },
    usableNotAffected: usable,
    shippedPerDay: { value: fromExact(sent / BigInt(days)), unit },
    daysLeft: tenths === undefined ? null : `${String(tenths / 10n)}.${String(tenths % 10n)}`,
  };
}
