import type { Quantity } from '@lotwarden/platform/quantity';
import type { Source } from '../genealogy/facts.ts';
import { toExact } from './exact.ts';
import type { GoodsBook, GoodsEntry } from './goods-entry.ts';

/** What one standing operation did to a lot, net of what it gave back to the same lot. */
export interface OperationFlow {
  readonly operation: string;
  readonly kind: string;
  readonly source: Source | null;
  readonly taken: readonly Quantity[];
  readonly given: readonly Quantity[];
  readonly scrapped: readonly Quantity[];
  /** What it gives to the lot was part of the units that it took apart. */
  readonly comesBack: boolean;
}

/** Where goods are or went, and the accounts that two books share: process and transport must never be overdrawn. */
export type Account =
  | 'received'
  | 'made'
  | 'process'
  | 'onHand'
  | 'consumed'
  | 'transport'
  | `custodian ${string}`
  | 'used'
  | 'scrapped'
  | 'sampled'
  | 'destroyed'
  | 'adjusted';

/** One movement between two accounts; so the sum over all accounts is always zero. */
export interface Posting {
  readonly from: Account;
  readonly to: Account;
  readonly amount: bigint;
  readonly unit: string;
  readonly source: Source | null;
  readonly label: string;
  /** What kind of thing the label names: operation, shipment, receipt, … */
  readonly cause: string;
}

/** Goods issued for these go to nobody's production: they are used up by looking at them. */
const SAMPLING: readonly string[] = ['sample', 'laboratory', 'test'];

/** The two accounts between which a line of the books moves goods; undefined for lines that only repeat another. */
function route({ book, cause, party }: GoodsEntry): readonly [Account, Account] | undefined {
  const custodian: Account = `custodian ${party ?? '?'}`;
  const kind = cause?.kind ?? '';
  switch (book) {
    case 'received':
      return ['received', 'process'];
    case 'stocked':
      return ['process', 'onHand'];
    case 'issued':
      return ['onHand', SAMPLING.includes(kind) ? 'sampled' : 'process'];
    case 'scrapped':
      // What an operation scrapped is told by the operation itself; the warehouse only lets go of it.
      return ['onHand', kind === 'operation' ? 'process' : 'scrapped'];
    case 'destroyed':
      return ['onHand', 'destroyed'];
    case 'adjusted':
      return ['adjusted', 'onHand'];
    case 'shipped':
      return ['onHand', 'transport'];
    case 'returned':
      return ['transport', 'onHand'];
    case 'custody-gained':
      // The operation that gave the units another name took and made them where they are.
      if (kind === 'relabel') return ['process', custodian];
      return [kind === 'adjustment' ? 'adjusted' : 'transport', custodian];
    case 'custody-reduced':
      if (kind === 'destruction') return [custodian, 'destroyed'];
      if (kind === 'relabel') return [custodian, 'process'];
      if (kind === 'use') return [custodian, 'used'];
      return [custodian, kind === 'adjustment' ? 'adjusted' : 'transport'];
    case 'used':
      return [custodian, 'used'];
    case 'moved':
    case 'dispatched':
    case 'return-received':
    case 'destruction-recorded':
      return undefined;
  }
}

/** Lines of these books move nothing from account to account: they say where it lies, or repeat what another book says. */
export const UNPOSTED: ReadonlySet<GoodsBook> = new Set([
  'moved',
  'dispatched',
  'return-received',
  'destruction-recorded',
]);

export function postings(entries: readonly GoodsEntry[], flows: readonly OperationFlow[]): Posting[] {
  return [...entries.flatMap(postEntry), ...flows.flatMap(postFlow)];
}

/** Operations that take parts out of what they went into. */
const TAKING_OUT: readonly string[] = ['rework', 'repair', 'unbuild'];

function postEntry(entry: GoodsEntry): Posting[] {
  const accounts = route(entry);
  if (!accounts) return [];
  const { value, unit } = entry.quantity;
  const [from, to] = accounts;
  const of = { label: entry.cause?.id ?? entry.book, cause: entry.cause?.kind ?? entry.book };
  return [{ from, to, amount: toExact(value), unit, source: entry.source, ...of }];
}

function postFlow({ operation, kind, source, taken, given, scrapped, comesBack }: OperationFlow): Posting[] {
  const units = new Set([...taken, ...given, ...scrapped].map(({ unit }) => unit));
  return [...units].flatMap((unit) => {
    const lost = total(scrapped, unit);
    const common = { unit, source, label: operation, cause: 'operation' };
    const result: Posting[] = [];
    if (taken.length === 0 && given.length === 0 && kind !== 'make') {
      // Not in the operation but for its scrap: a component taken out again, or a scrapping by itself.
      const from = TAKING_OUT.includes(kind) ? 'consumed' : 'process';
      return [{ ...common, from, to: 'scrapped', amount: lost }];
    }
    // What comes back to the lot it was taken from was never consumed: the parent of a split.
    const net = total(taken, unit) - total(given, unit) - lost;
    if (net > 0n) result.push({ ...common, from: 'process', to: 'consumed', amount: net });
    if (net < 0n) result.push({ ...common, from: comesBack ? 'consumed' : 'made', to: 'process', amount: -net });
    if (lost !== 0n) result.push({ ...common, from: 'process', to: 'scrapped', amount: lost });
    return result;
  });
}

const total = (quantities: readonly Quantity[], unit: string): bigint =>
  quantities.filter((q) => q.unit === unit).reduce((sum, { value }) => sum + toExact(value), 0n);
