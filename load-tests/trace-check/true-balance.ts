import type { CustodyBooked, OperationDone, StockBooked } from '../generator/world.ts';
import { namesOf, type World } from './true-answer.ts';

const UNIT = 'EA';

const TAKES_OUT: ReadonlySet<string> = new Set(['rework', 'repair', 'unbuild']);

/** Is what comes out of the lot a part of what went in? Of rework, which gives units too, only what has a serial that did not come. */
function wasPart({ kind, inputs, outputs, moves }: OperationDone, all: readonly OperationDone[], lot: string): boolean {
  if (!TAKES_OUT.has(kind)) return false;
  const given = outputs.filter((one) => one.lot === lot).flatMap(({ serials }) => namesOf(serials));
  const came = new Set([...inputs.flatMap(({ serials }) => namesOf(serials)), ...moves.flatMap(({ ranges }) => namesOf(ranges))]); // prettier-ignore
  if (kind === 'rework' && (given.length === 0 || given.some((name) => came.has(name)))) return false;
  const apart = new Set(inputs.map((one) => one.lot));
  const madeThem = all.filter((one) => one.outputs.some((line) => apart.has(line.lot)) || one.moves.some(({ to }) => apart.has(to.lot))); // prettier-ignore
  return madeThem.some((one) => one.inputs.some((line) => line.lot === lot));
}

/** Where every piece of a lot is, by adding up what was booked of it, bucket by bucket; overdrawn accounts apart. */
export function trueBalance({ happenings, operations, walked }: World, lot: string): Record<string, number> {
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
  const did = { made: 0, consumed: 0, scrapped: 0, takenOut: 0, cameBack: 0 };
  for (const operation of operations) {
    const { kind, inputs, outputs, scrap } = operation;
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
    if (taken.length === 0 && wasPart(operation, walked, lot)) did.cameBack += Math.max(0, -net);
    else did.made += Math.max(0, -net);
    did.scrapped += total(lost);
    if (onlyScrap && TAKES_OUT.has(kind)) did.takenOut += total(lost);
  }
  const isSample = (cause: string): boolean => cause === 'sample' || cause === 'laboratory' || cause === 'test';
  const isOperation = (cause: string): boolean => cause === 'operation';
  const back = custody('reduced', ({ cause }) => cause === 'return');
  const destroyedThere = custody('reduced', ({ cause }) => cause === 'destruction');
  const onward = custody('reduced', ({ cause }) => cause === 'onward');
  const thrownAway = stock('scrapped', (cause) => !isOperation(cause));
  const sampled = stock('issued', isSample);
  // The operation that gave them another name took them where they were, and made them there.
  const isRenamed = ({ cause }: CustodyBooked): boolean => cause === 'relabel';
  const renamed = custody('reduced', isRenamed) - custody('gained', isRenamed);
  const accounts: Record<string, number> = {
    process:
      received + did.made + did.cameBack + renamed + stock('issued') - sampled + stock('scrapped', isOperation)
      - stock('received') - did.consumed - (did.scrapped - did.takenOut), // prettier-ignore
    onHand:
      stock('received') + back + stock('adjusted') - stock('issued') - stock('scrapped') - stock('destroyed') - shipped,
    consumed: did.consumed - did.takenOut - did.cameBack,
    // What came back has left the way again.
    transport: shipped + onward - custody('gained', ({ cause }) => cause !== 'relabel'),
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
