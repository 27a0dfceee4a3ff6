import type { CustodyBooked, StockBooked } from '../generator/world.ts';
import type { World } from './true-answer.ts';

const UNIT = 'EA';

/** Where every piece of a lot is, by adding up what was booked of it, bucket by bucket; overdrawn accounts apart. */
export function trueBalance({ happenings, operations }: World, lot: string): Record<string, number> {
  const moved = happenings.filter((one) => one.what === 'stock').filter((one) => one.lot === lot);
  const held = happenings.filter((one) => one.what === 'custody').filter((one) => one.lot === lot);
  const stock = (book: StockBooked['book'], is: (cause: string) => boolean = () => true): number =>
    total(moved.filter((one) => one.book === book && is(one.cause)));
  const custody = (book: CustodyBooked['book'], is: (one: CustodyBooked) => boolean = () => true): number =>
    total(held.filter((one) => one.book === book && is(one)));
  const shipped = total(
    happenings.flatMap((one) => (one.what === 'shipped' ? one.lines.filter((line) => line.lot === lot) : [])),
  );
  const received = sum(happenings.map((one) => (one.what === 'lot' && one.lot === lot ? one.amount : 0)));
  const did = { made: 0, consumed: 0, scrapped: 0, takenOut: 0 };
  for (const { kind, inputs, outputs, scrap } of operations) {
    const own = (lines: readonly { lot: string; amount: number; unit: string }[]) =>
      lines.filter((one) => one.lot === lot);
    const [taken, given, lost] = [
      own(inputs.filter(({ edge }) => edge === 'material' || edge === 'installed')),
      own(outputs),
      own(scrap),
    ];
    // Not in the operation but for its scrap: a component that rework took out again, or something thrown away.
    const onlyScrap = taken.length === 0 && given.length === 0 && kind !== 'make';
    const net = onlyScrap ? 0 : total(taken) - total(given) - total(lost);
    did.consumed += Math.max(0, net);
    did.made += Math.max(0, -net);
    did.scrapped += total(lost);
    if (onlyScrap && kind === 'rework') did.takenOut += total(lost);
  }
  const isSample = (cause: string): boolean => cause === 'sample' || cause === 'laboratory' || cause === 'test';
  const isOperation = (cause: string): boolean => cause === 'operation';
  const back = custody('reduced', ({ cause }) => cause === 'return');
  const destroyedThere = custody('reduced', ({ cause }) => cause === 'destruction');
  const onward = custody('reduced', ({ cause }) => cause === 'onward');
  const thrownAway = stock('scrapped', (cause) => !isOperation(cause));
  const sampled = stock('issued', isSample);
  const accounts: Record<string, number> = {
    process:
      received + did.made + stock('issued') - sampled + stock('scrapped', isOperation)
      - stock('received') - did.consumed - (did.scrapped - did.takenOut), // prettier-ignore
    onHand:
      stock('received') + back + stock('adjusted') - stock('issued') - stock('scrapped') - stock('destroyed') - shipped,
    consumed: did.consumed - did.takenOut,
    // What came back has left the way again.
    transport: shipped + onward - custody('gained'),
  };
  const parties = new Set(held.map(({ custodian }) => custodian));
  for (const party of parties) {
    const at = (book: CustodyBooked['book']) => custody(book, ({ custodian }) => custodian === party);
    accounts[`custodian ${party}`] = at('gained') - at('reduced') - at('used');
  }
  const over = (account: string): number => Math.max(0, accounts[account] ?? 0);
  const buckets = {
    onHand: over('onHand'),
    inProcess: over('process'),
    consumed: over('consumed'),
    inTransit: over('transport'),
    atCustodian: sum([...parties].map((party) => over(`custodian ${party}`))),
    used: custody('used'),
    scrapped: did.scrapped + thrownAway,
    sampled,
    destroyed: stock('destroyed') + destroyedThere,
  };
  const unaccounted = received + did.made - sum(Object.values(buckets));
  const overdrawn = Object.entries(accounts)
    .filter(([, amount]) => amount < 0)
    .map(([account, amount]): [string, number] => [`overdrawn ${account}`, amount]);
  const counts = moved.filter(({ book }) => book === 'adjusted').length;
  return { received, made: did.made, ...buckets, unaccounted, shipped, returned: back, counts, ...Object.fromEntries(overdrawn) }; // prettier-ignore
}

const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);

interface Amount {
  readonly amount: number;
  readonly unit: string;
}

/** Pieces only: the same lot by the box stands for itself. */
const total = (lines: readonly Amount[]): number => sum(lines.map(({ amount, unit }) => (unit === UNIT ? amount : 0)));
