import { localDate } from '@lotwarden/platform/instant';
import type { Quantity } from '@lotwarden/platform/quantity';
import { count as countUnits } from '@lotwarden/platform/serial-range';
import { affectedBooks } from '../balance/affected-books.ts';
import { isBalanced, ledgerOf, type Books, type Ledger } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { fromExact, toExact } from '../balance/exact.ts';
import { exactLines, NUMBERS, type BalanceNumber, type ExactLine } from '../balance/lines.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Lot } from '../genealogy/model.ts';
import type { Units } from '../trace/carry-serials.ts';
import { declarationOf } from './item-of.ts';

/** What numbers of balances can be divided by. */
export const DIMENSIONS = [
  'item',
  'productLine',
  'kind',
  'site',
  'supplier',
  'custodian',
  'region',
  'channel',
  'country',
  'month',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** One group: its keys in the order of the dimensions (null: not known, or nobody's), and what falls into it. */
export interface AggregateRow {
  readonly keys: readonly (string | null)[];
  readonly unit: string;
  /** Lots that add something to it. */
  readonly lots: number;
  readonly amounts: Readonly<Record<BalanceNumber, Quantity>>;
}

/** What crosses our dock: whose it is, its shipment or return says. */
const OUTSIDE: readonly BalanceNumber[] = ['inTransit', 'shipped', 'returned'];

/** Keys in one text, by which rows are sorted: what is nobody's comes last. */
const [BETWEEN, NOBODY] = ['\u0000', '\uffff'];

interface Group {
  readonly keys: readonly (string | null)[];
  readonly unit: string;
  lots: number;
  readonly exact: Map<BalanceNumber, bigint>;
}

export interface Aggregate {
  /** Of a lot of which only some units are meant only these count. */
  add(graph: Genealogy, lot: Lot, units?: Units): void;
  /** What was added up elsewhere, over other lots. */
  take(rows: readonly AggregateRow[]): void;
  rows(): AggregateRow[];
  /** Of the lots that were added here: whose balance leaves a remainder, of which only some units count, and how. */
  told(): { readonly unbalanced: number; readonly partly: number; readonly atMost: number };
}

/**
 * Adds up balances, line by line: each line behind a number falls into one group, so the groups of a number add up to the
 * sum of the balances, whatever it is divided by. What belongs to no custodian of ours or is not known has null as its key.
 *
 * @param timeZone an IANA name: on whose walls it is a new month
 */
export function aggregate(by: readonly Dimension[], timeZone = 'UTC'): Aggregate {
  const groups = new Map<string, Group>();
  let [unbalanced, partly, atMost] = [0, 0, 0];
  const groupOf = (keys: readonly (string | null)[], unit: string): Group => {
    const name = [...keys.map((key) => key ?? NOBODY), unit].join(BETWEEN);
    const group = groups.get(name) ?? { keys, unit, lots: 0, exact: new Map<BalanceNumber, bigint>() };
    groups.set(name, group);
    return group;
  };
  const count = (group: Group, number: BalanceNumber, amount: bigint): void => {
    group.exact.set(number, (group.exact.get(number) ?? 0n) + amount);
  };

  return {
    add(graph, lot, units = 'all') {
      const own = units === 'all' ? undefined : affectedBooks(graph, lot, units)?.books;
      const books = own ?? booksOf(graph, lot);
      const ledger = ledgerOf(books);
      const most = units === 'all' || own ? undefined : mostOf(ledger, countUnits(units));
      if (units !== 'all') partly += 1;
      if (units !== 'all' && !own) atMost += 1;
      if (!isBalanced(ledger)) unbalanced += 1;
      const ofLot = lotKeys(graph, lot);
      const partyOf = partiesIn(books);
      const found = new Map<Group, Map<BalanceNumber, bigint>>();
      for (const number of NUMBERS)
        for (const line of exactLines(books, number, ledger)) {
          const party =
            line.custodian ?? (OUTSIDE.includes(number) ? partyOf.get(`${line.cause}|${line.of}`) : null) ?? null;
          const keys = by.map((dimension) => ofLot[dimension] ?? lineKey(graph, dimension, line, { party, timeZone }));
          const group = groupOf(keys, ledger.unit);
          if (own && line.amount === 0n) continue;
          const amounts = found.get(group) ?? new Map<BalanceNumber, bigint>();
          found.set(group, amounts.set(number, (amounts.get(number) ?? 0n) + line.amount));
        }
      for (const [group, amounts] of found) {
        group.lots += 1;
        for (const [number, amount] of amounts)
          count(group, number, most !== undefined && amount > most ? most : amount);
      }
    },
    take(rows) {
      for (const { keys, unit, lots, amounts } of rows) {
        const group = groupOf(keys, unit);
        group.lots += lots;
        for (const number of NUMBERS) count(group, number, toExact(amounts[number].value));
      }
    },
    told: () => ({ unbalanced, partly, atMost }),
    rows: () =>
      [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { keys, unit, lots, exact }]) => ({
          keys,
          unit,
          lots,
          amounts: Object.fromEntries(
            NUMBERS.map((number) => [number, { value: fromExact(exact.get(number) ?? 0n), unit }]),
          ) as Record<BalanceNumber, Quantity>,
        })),
  };
}

/** Units whose place nobody told may be anywhere: wherever goods of the lot are, so many of them at most. */
const mostOf = ({ unit }: Ledger, units: number): bigint | undefined =>
  unit === 'EA' ? toExact(String(units)) : undefined;

/** The same for every line of a lot. */
function lotKeys(graph: Genealogy, lot: Lot): Partial<Record<Dimension, string | null>> {
  const declaration = declarationOf(graph, lot.index);
  const item = declaration?.item ?? null;
  return {
    item,
    productLine: item === null ? null : (graph.floor.products.get(item)?.at(-1)?.productLine ?? null),
    kind: declaration?.kind ?? null,
    site: declaration?.site ?? null,
    supplier: declaration?.supplier ?? null,
  };
}

function lineKey(
  graph: Genealogy,
  dimension: Dimension,
  { source }: ExactLine,
  { party, timeZone }: { readonly party: string | null; readonly timeZone: string },
): string | null {
  if (dimension === 'month') return source ? monthOf(source.occurredAt, timeZone) : null;
  if (dimension === 'custodian') return party;
  if (dimension === 'region' || dimension === 'channel' || dimension === 'country')
    return party === null ? null : (graph.parties.get(party)?.[dimension] ?? null);
  return null;
}

/** No zone is further than fourteen hours from UTC: from the third to the twenty-seventh it is the same month everywhere. */
function monthOf(moment: string, timeZone: string): string | null {
  const day = Number(moment.slice(8, 10));
  if (timeZone !== 'UTC' && (day < 3 || day > 27)) return localDate(moment, timeZone).slice(0, 7);
  return moment.slice(0, 7) || null;
}

/** Shipment or return → whose it is: the warehouse tells only its number. */
function partiesIn({ entries }: Books): ReadonlyMap<string, string> {
  const parties = new Map<string, string>();
  for (const { cause, party } of entries)
    if (cause !== null && party !== null && ['shipment', 'return'].includes(cause.kind))
      parties.set(`${cause.kind}|${cause.id}`, party);
  return parties;
}
