import type { Quantity } from '@lotwarden/platform/quantity';
import type { Balance, CustodianBalance } from './balance.ts';
import { fromExact, toExact } from './exact.ts';

/** Exact amounts that are added up by what they are of. */
export interface Tally<Key extends string> {
  add(of: string, unit: string, amounts: Readonly<Record<Key, Quantity>>): void;
  rows(): {
    readonly of: string;
    readonly unit: string;
    readonly count: number;
    readonly amounts: Record<Key, Quantity>;
  }[];
}

/** Adds up per thing and unit; units are never mixed. */
export function tally<Key extends string>(keys: readonly Key[]): Tally<Key> {
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

const SOURCE = ['received', 'made'] as const;
const BUCKETS = [
  'onHand',
  'inProcess',
  'consumed',
  'inTransit',
  'atCustodian',
  'used',
  'scrapped',
  'sampled',
  'destroyed',
  'unaccounted',
] as const;
const FLOWS = ['shipped', 'returned'] as const;
export const COUNTED = [...SOURCE, ...BUCKETS, ...FLOWS] as const;
export type Counted = (typeof COUNTED)[number];

/** What several lots of one item amount to, in one unit. */
export interface BalanceSum {
  readonly item: string | null;
  readonly unit: string;
  readonly lots: number;
  readonly source: Pick<Record<Counted, Quantity>, (typeof SOURCE)[number]>;
  readonly buckets: Pick<Record<Counted, Quantity>, (typeof BUCKETS)[number]>;
  readonly flows: Pick<Record<Counted, Quantity>, (typeof FLOWS)[number]>;
}

export const countedIn = ({ source, buckets, flows }: Balance): Record<Counted, Quantity> => ({
  ...source,
  ...buckets,
  ...flows,
});

export interface BalanceSums {
  add(item: string | null, balance: Balance): void;
  result(): { readonly items: readonly BalanceSum[]; readonly lots: number; readonly unbalanced: readonly string[] };
}

/** Adds balances up per item and unit. */
export function sumBalances(): BalanceSums {
  const sums = tally(COUNTED);
  const unbalanced: string[] = [];
  let lots = 0;
  return {
    add: (item, balance) => {
      lots += 1;
      if (!balance.balanced) unbalanced.push(balance.lot);
      sums.add(item ?? '', balance.unit, countedIn(balance));
    },
    result: () => ({
      items: sums.rows().map(({ of, unit, count, amounts }) => ({
        item: of === '' ? null : of,
        unit,
        lots: count,
        source: pick(amounts, SOURCE),
        buckets: pick(amounts, BUCKETS),
        flows: pick(amounts, FLOWS),
      })),
      lots,
      unbalanced: unbalanced.sort(),
    }),
  };
}

const pick = <K extends Counted>(
  amounts: Record<Counted, Quantity>,
  keys: readonly K[],
): Pick<Record<Counted, Quantity>, K> =>
  Object.fromEntries(keys.map((key) => [key, amounts[key]])) as Pick<Record<Counted, Quantity>, K>;

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
