import type { Quantity } from '@lotwarden/platform/quantity';
import { postings, type Account, type OperationFlow, type Posting } from './accounts.ts';
import { fromExact, toExact } from './exact.ts';
import type { GoodsEntry } from './goods-entry.ts';
import { stockByPlace, type PlacedStock } from './stock.ts';

export interface Share {
  /** The operation or custodian. */
  readonly of: string;
  readonly quantity: Quantity;
}

/** A difference between two books, with the events of the account that shows it. */
export interface Remainder {
  readonly where: string;
  readonly quantity: Quantity;
  readonly events: readonly string[];
}

export interface StatusStock {
  readonly status: string;
  readonly quantity: Quantity;
}

export interface CustodianBalance {
  readonly custodian: string;
  readonly dispatched: Quantity;
  readonly inTransit: Quantity;
  readonly held: Quantity;
  readonly used: Quantity;
  readonly returned: Quantity;
}

/** Where every unit of a lot is now. The buckets exclude each other; flows stand beside them. */
export interface Balance {
  readonly lot: string;
  readonly unit: string;
  readonly source: { readonly received: Quantity; readonly made: Quantity };
  readonly buckets: {
    readonly onHand: Quantity;
    readonly inProcess: Quantity;
    readonly consumed: Quantity;
    readonly inTransit: Quantity;
    readonly atCustodian: Quantity;
    readonly used: Quantity;
    readonly scrapped: Quantity;
    readonly sampled: Quantity;
    readonly destroyed: Quantity;
    /** Source minus all other buckets; negative where more was found than ever came in. */
    readonly unaccounted: Quantity;
  };
  readonly onHandAt: readonly PlacedStock[];
  /** The same by status of the goods. */
  readonly onHandByStatus: readonly StatusStock[];
  readonly consumedInto: readonly Share[];
  readonly flows: { readonly shipped: Quantity; readonly returned: Quantity };
  readonly custodians: readonly CustodianBalance[];
  readonly remainders: readonly Remainder[];
  /** No remainder anywhere, not even two that cancel out. */
  readonly balanced: boolean;
}

export interface Books {
  readonly lot: string;
  readonly entries: readonly GoodsEntry[];
  readonly flows: readonly OperationFlow[];
  /** Status of goods of this lot at a place. */
  readonly statusAt: (site: string, location: string) => string;
}

/** Every movement of a lot between accounts, in the lot's unit, and what stands in each account because of it. */
export interface Ledger {
  readonly unit: string;
  readonly own: readonly Posting[];
  /** Told in another unit: never added up. */
  readonly foreign: readonly Posting[];
  readonly at: (account: Account) => bigint;
  readonly custodians: readonly Account[];
}

export function ledgerOf({ entries, flows }: Books): Ledger {
  const all = postings(entries, flows);
  const unit = unitOf(all, entries);
  const own = all.filter((posting) => posting.unit === unit);
  const raw = new Map<Account, bigint>();
  for (const { from, to, amount } of own) {
    raw.set(from, (raw.get(from) ?? 0n) - amount);
    raw.set(to, (raw.get(to) ?? 0n) + amount);
  }
  const foreign = all.filter((posting) => posting.unit !== unit);
  return { unit, own, foreign, at: (account) => raw.get(account) ?? 0n, custodians: custodianAccounts(raw) };
}

/**
 * The mass balance of a lot, from the books of receiving, operations, warehouse and field (one counting definition
 * for everybody). Each boundary is told by two books (issued by the warehouse, consumed in an operation); what one
 * says and the other does not say yet is in process or in transit, what is overdrawn is a remainder.
 */
export function balanceOf(books: Books): Balance {
  const { lot, entries, statusAt } = books;
  const { unit, own, foreign, at, custodians: parties } = ledgerOf(books);
  const positive = (account: Account): bigint => (at(account) > 0n ? at(account) : 0n);
  const q = (exact: bigint): Quantity => ({ value: fromExact(exact), unit });
  const counted = {
    onHand: positive('onHand'),
    inProcess: positive('process'),
    consumed: positive('consumed'),
    inTransit: positive('transport'),
    atCustodian: parties.reduce((sum, account) => sum + positive(account), 0n),
    used: at('used'),
    scrapped: at('scrapped'),
    sampled: at('sampled'),
    destroyed: at('destroyed'),
  };
  const source = -at('received') - at('made');
  const unaccounted = Object.values(counted).reduce((rest, amount) => rest - amount, source);
  const remainders = [
    ...overdrawn({ at, custodians: parties }).map((account) => remainder(account, at(account), unit, own)),
    ...own.filter(touches('adjusted')).map((posting) => adjustment(posting)),
    ...foreign.map((posting) => ({
      where: `unit ${posting.unit}`,
      quantity: { value: fromExact(posting.amount), unit: posting.unit },
      events: posting.source ? [posting.source.id] : [],
    })),
  ];
  const onHandAt = stockByPlace(entries, unit, statusAt);
  return {
    lot,
    unit,
    source: { received: q(-at('received')), made: q(-at('made')) },
    buckets: { ...mapValues(counted, q), unaccounted: q(unaccounted) },
    onHandAt,
    onHandByStatus: byStatus(onHandAt, unit),
    consumedInto: own
      .filter(({ to }) => to === 'consumed')
      .map(({ label, amount }) => ({ of: label, quantity: q(amount) }))
      .sort((a, b) => (a.of < b.of ? -1 : 1)),
    flows: { shipped: q(sumOf(entries, 'shipped', unit)), returned: q(sumOf(entries, 'returned', unit)) },
    custodians: custodianBalances(entries, unit),
    remainders,
    balanced: isBalanced({ own, foreign, at, custodians: parties }),
  };
}

/** Accounts from which more went than ever came in: a remainder each. The others hold what their name says. */
export const overdrawn = ({ at, custodians }: Pick<Ledger, 'at' | 'custodians'>): Account[] =>
  (['process', 'onHand', 'consumed', 'transport', ...custodians] as const).filter((account) => at(account) < 0n);

/** No remainder anywhere, not even two that cancel out. */
export const isBalanced = (ledger: Omit<Ledger, 'unit'>): boolean =>
  overdrawn(ledger).length === 0 && ledger.foreign.length === 0 && !ledger.own.some(touches('adjusted'));

const byStatus = (stock: readonly PlacedStock[], unit: string): StatusStock[] =>
  [...Map.groupBy(stock, ({ status }) => status)].sort(byName).map(([status, places]) => {
    const exact = places.reduce((sum, { quantity }) => sum + toExact(quantity.value), 0n);
    return { status, quantity: { value: fromExact(exact), unit } };
  });

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** All that ever came into the lot: received and made. */
export function broughtIn({ entries, flows }: Books): Quantity {
  const all = postings(entries, flows);
  const unit = unitOf(all, entries);
  const born = all.filter((posting) => isBirth(posting) && posting.unit === unit);
  return { value: fromExact(born.reduce((sum, { amount }) => sum + amount, 0n)), unit };
}

const isBirth = ({ from }: Posting): boolean => from === 'received' || from === 'made';

/** The unit in which the lot came into being; where nobody said, the first that is mentioned in the books. */
function unitOf(all: readonly Posting[], entries: readonly GoodsEntry[]): string {
  const birth = all.filter(isBirth);
  return [...birth, ...all].map(({ unit }) => unit)[0] ?? entries[0]?.quantity.unit ?? 'EA';
}

const touches =
  (account: Account) =>
  ({ from, to, amount }: Posting): boolean =>
    (from === account || to === account) && amount !== 0n;

const remainder = (account: Account, exact: bigint, unit: string, own: readonly Posting[]): Remainder => ({
  where: account,
  quantity: { value: fromExact(exact), unit },
  events: [...new Set(own.filter(touches(account)).flatMap(({ source }) => (source ? [source.id] : [])))].sort(),
});

/** A count that found fewer leaves something unaccounted; one that found more leaves less. */
const adjustment = ({ from, amount, unit, source }: Posting): Remainder => ({
  where: 'adjusted',
  quantity: { value: fromExact(from === 'adjusted' ? -amount : amount), unit },
  events: source ? [source.id] : [],
});

const custodianAccounts = (raw: ReadonlyMap<Account, bigint>): Account[] =>
  [...raw.keys()].filter((account) => account.startsWith('custodian ')).sort();

function custodianBalances(entries: readonly GoodsEntry[], unit: string): CustodianBalance[] {
  const parties = new Set(entries.flatMap(({ party }) => (party === null ? [] : [party])));
  return [...parties].sort().map((custodian) => {
    const own = entries.filter(({ party }) => party === custodian);
    const gained = sumOf(own, 'custody-gained', unit);
    const used = sumOf(own, 'used', unit);
    const dispatched = sumOf(own, 'dispatched', unit);
    const arrived = sumOf(own.filter(byShipment), 'custody-gained', unit);
    const q = (exact: bigint): Quantity => ({ value: fromExact(exact), unit });
    return {
      custodian,
      dispatched: q(dispatched),
      inTransit: q(dispatched > arrived ? dispatched - arrived : 0n),
      held: q(gained - used - sumOf(own, 'custody-reduced', unit)),
      used: q(used),
      returned: q(sumOf(own, 'return-received', unit)),
    };
  });
}

const byShipment = ({ cause }: GoodsEntry): boolean => cause?.kind === 'shipment';

const sumOf = (entries: readonly GoodsEntry[], book: GoodsEntry['book'], unit: string): bigint =>
  entries
    .filter((entry) => entry.book === book && entry.quantity.unit === unit)
    .reduce((sum, { quantity }) => sum + toExact(quantity.value), 0n);

function mapValues<K extends string, A, B>(record: Record<K, A>, map: (value: A) => B): Record<K, B> {
  return Object.fromEntries(Object.entries<A>(record).map(([key, value]) => [key, map(value)])) as Record<K, B>;
}
