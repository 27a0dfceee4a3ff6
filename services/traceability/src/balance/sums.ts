import type { Quantity } from '@lotwarden/platform/quantity';
import type { CustodianBalance } from './balance.ts';
import { fromExact, toExact } from './exact.ts';

/** Exact amounts that are added up by what they are of. */
interface Tally<Key extends string> {
  add(of: string, unit: string, amounts: Readonly<Record<Key, Quantity>>): void;
  rows(): {
    readonly of: string;
    readonly unit: string;
    readonly count: number;
    readonly amounts: Record<Key, Quantity>;
  }[];
}

/** Adds up per thing and unit; units are never mixed. */
function tally<Key extends string>(keys: readonly Key[]): Tally<Key> {
  const sums = new Map<string, { of: string; unit: string; count: number; exact: Map<Key, bigint> }>();
  return {
    add: (of, unit, amounts) => {
      const name = `${of}|${unit}`;
      const sum = sums.get(name) ?? { of, unit, count: 0, exact: new Map<Key, bigint>() };
      sums.set(name, sum);
      sum.count += 1;
      for (const key of keys) sum.exact.set(key, (sum.exact.get(key) ?? 0n) + toExact(amounts[key].value));
    },
    rows: () =>
      [...sums]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { of, unit, count, exact }]) => ({
          of,
          unit,
          count,
          amounts: Object.fromEntries(
            keys.map((key) => [key, { value: fromExact(exact.get(key) ?? 0n), unit }]),
          ) as Record<Key, Quantity>,
        })),
  };
}

const CUSTODY = ['dispatched', 'inTransit', 'held', 'used', 'returned'] as const;

/** What a custodian has to do with all lots of an item. */
export interface CustodySum extends Omit<CustodianBalance, 'custodian'> {
  readonly item: string | null;
  readonly unit: string;
  readonly lots: number;
}

export function sumHoldings(holdings: readonly (CustodianBalance & { readonly item: string | null })[]): CustodySum[] {
  const sums = tally(CUSTODY);
  for (const holding of holdings) sums.add(holding.item ?? '', holding.held.unit, holding);
  return sums
    .rows()
    .map(({ of, unit, count, amounts }) => ({ item: of === '' ? null : of, unit, lots: count, ...amounts }));
}
