import type { Quantity } from '@lotwarden/platform/quantity';
import type { Account, Posting } from './accounts.ts';
import { ledgerOf, overdrawn, type Balance, type Books } from './balance.ts';
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
export function linesOf(books: Books, number: BalanceNumber): BalanceLine[] {
  const ledger = ledgerOf(books);
  if (number === 'shipped' || number === 'returned')
    return sorted(books.entries.filter(({ book }) => book === number).flatMap(ofUnit(ledger.unit)));
  const lacking = overdrawn(ledger);
  // What is overdrawn counts as nothing where it should be, and as missing: its lines stand there.
  const accounts: readonly Account[] =
    number === 'unaccounted'
      ? ['adjusted', ...lacking]
      : ACCOUNTS[number](ledger.custodians).filter((account) => !lacking.includes(account));
  const sign = number === 'received' || number === 'made' ? -1n : 1n;
  return sorted(
    accounts.flatMap((account) =>
      ledger.own.flatMap((posting) => [
        ...(posting.to === account ? [lineOf(posting, account, sign * posting.amount)] : []),
        ...(posting.from === account ? [lineOf(posting, account, -sign * posting.amount)] : []),
      ]),
    ),
  );
}

/** The lines behind the stock at a place; their sum is what is there. */
export const linesAt = (books: Books, site: string, location: string): BalanceLine[] => {
  const { unit } = ledgerOf(books);
  return sorted(
    stockMoves(books.entries, unit)
      .filter(({ place }) => place.site === site && place.location === location)
      .map(({ entry, amount }) => entryLine(entry, amount)),
  );
};

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

function lineOf({ from, to, unit, source, label, cause }: Posting, account: Account, exact: bigint): BalanceLine {
  const party = [account, from, to].find((one) => one.startsWith(CUSTODIAN));
  return {
    quantity: { value: fromExact(exact), unit },
    account,
    against: account === to ? from : to,
    cause,
    of: label,
    custodian: party?.slice(CUSTODIAN.length) ?? null,
    event: source?.id ?? null,
    topic: source?.topic ?? null,
    occurredAt: source?.occurredAt ?? null,
  };
}

const ofUnit =
  (unit: string) =>
  (entry: GoodsEntry): BalanceLine[] =>
    entry.quantity.unit === unit ? [entryLine(entry, toExact(entry.quantity.value))] : [];

const entryLine = ({ book, quantity: { unit }, cause, party, source }: GoodsEntry, exact: bigint): BalanceLine => ({
  quantity: { value: fromExact(exact), unit },
  account: book,
  against: '',
  cause: cause?.kind ?? book,
  of: cause?.id ?? book,
  custodian: party,
  event: source.id,
  topic: source.topic,
  occurredAt: source.occurredAt,
});

const sorted = (lines: readonly BalanceLine[]): BalanceLine[] =>
  [...lines].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

const keyOf = ({ occurredAt, topic, event, account, of, quantity }: BalanceLine): string =>
  [occurredAt, topic, event, account, of, quantity.value].join('|');
