import type { Quantity } from '@lotwarden/platform/quantity';
import type { Account, Posting } from './accounts.ts';
import { ledgerOf, overdrawn, type Balance, type Books, type Ledger } from './balance.ts';
import type { Source } from '../genealogy/facts.ts';
import { fromExact, toExact } from './exact.ts';
import type { GoodsEntry } from './goods-entry.ts';
import { stockMoves } from './stock.ts';

/** A number of a balance that can be looked into. */
export const NUMBERS = [
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
  'received',
  'made',
  'shipped',
  'returned',
] as const;
export type BalanceNumber = (typeof NUMBERS)[number];

/** One line behind a number: what an event added to it, or took from it. */
export interface BalanceLine {
  readonly quantity: Quantity;
  /** The account that the number counts, and the one on the other side; of flows and places the book. */
  readonly account: string;
  readonly against: string;
  /** What caused it: an operation, shipment, receipt, …, and which. */
  readonly cause: string;
  readonly of: string;
  readonly custodian: string | null;
  readonly event: string | null;
  readonly topic: string | null;
  readonly occurredAt: string | null;
}

/** What a number of a balance says. */
export function numberIn({ source, buckets, flows }: Balance, number: BalanceNumber): Quantity {
  if (number === 'received' || number === 'made') return source[number];
  if (number === 'shipped' || number === 'returned') return flows[number];
  return buckets[number];
}

/** The lines behind a number, by time; their sum is the number, to the last decimal. */
export const linesOf = (books: Books, number: BalanceNumber): BalanceLine[] => {
  const ledger = ledgerOf(books);
  return sorted(exactLines(books, number, ledger), ledger.unit);
};

/** The lines behind the stock at a place; their sum is what is there. */
export const linesAt = (books: Books, site: string, location: string): BalanceLine[] => {
  const { unit } = ledgerOf(books);
  const lines = stockMoves(books.entries, unit)
    .filter(({ place }) => place.site === site && place.location === location)
    .map(({ entry, amount }) => entryLine(entry, amount));
  return sorted(lines, unit);
};

/** A line before it is written out; in the unit of its ledger. */
export interface ExactLine extends Omit<BalanceLine, 'quantity' | 'event' | 'topic' | 'occurredAt'> {
  readonly amount: bigint;
  readonly source: Source | null;
}

/** The same as `linesOf`, in no order and in exact numbers. */
export function exactLines({ entries }: Books, number: BalanceNumber, ledger: Ledger): ExactLine[] {
  const { unit, own, custodians } = ledger;
  if (number === 'shipped' || number === 'returned')
    return entries
      .filter(({ book, quantity }) => book === number && quantity.unit === unit)
      .map((entry) => entryLine(entry, toExact(entry.quantity.value)));
  const lacking = overdrawn(ledger);
  // What is overdrawn counts as nothing where it should be, and as missing: its lines stand there.
  const accounts: readonly Account[] =
    number === 'unaccounted'
      ? ['adjusted', ...lacking]
      : ACCOUNTS[number](custodians).filter((account) => !lacking.includes(account));
  const sign = number === 'received' || number === 'made' ? -1n : 1n;
  const lines: ExactLine[] = [];
  for (const posting of own)
    for (const account of accounts) {
      if (posting.to === account) lines.push(lineOf(posting, account, sign * posting.amount));
      if (posting.from === account) lines.push(lineOf(posting, account, -sign * posting.amount));
    }
  return lines;
}

const ACCOUNTS: Readonly<
  Record<
    Exclude<BalanceNumber, 'shipped' | 'returned' | 'unaccounted'>,
    (custodians: readonly Account[]) => readonly Account[]
  >
> = {
  onHand: () => ['onHand'],
  inProcess: () => ['process'],
  consumed: () => ['consumed'],
  inTransit: () => ['transport'],
  atCustodian: (custodians) => custodians,
  used: () => ['used'],
  scrapped: () => ['scrapped'],
  sampled: () => ['sampled'],
  destroyed: () => ['destroyed'],
  received: () => ['received'],
  made: () => ['made'],
};

const CUSTODIAN = 'custodian ';

function lineOf({ from, to, source, label, cause }: Posting, account: Account, amount: bigint): ExactLine {
  const party = [account, from, to].find((one) => one.startsWith(CUSTODIAN));
  return {
    amount,
    account,
    against: account === to ? from : to,
    cause,
    of: label,
    custodian: party?.slice(CUSTODIAN.length) ?? null,
    source,
  };
}

const entryLine = ({ book, cause, party, source }: GoodsEntry, amount: bigint): ExactLine => ({
  amount,
  account: book,
  against: '',
  cause: cause?.kind ?? book,
  of: cause?.id ?? book,
  custodian: party,
  source,
});

const sorted = (lines: readonly ExactLine[], unit: string): BalanceLine[] =>
  lines
    .map(({ amount, source, ...line }) => ({
      quantity: { value: fromExact(amount), unit },
      ...line,
      event: source?.id ?? null,
      topic: source?.topic ?? null,
      occurredAt: source?.occurredAt ?? null,
    }))
    .map((line) => [keyOf(line), line] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, line]) => line);

const keyOf = ({ occurredAt, topic, event, account, of, quantity }: BalanceLine): string =>
  [occurredAt, topic, event, account, of, quantity.value].join('|');
