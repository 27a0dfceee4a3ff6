import type { SerialRange } from '@lotwarden/contracts/events';
import type { CustodyBooked, Happening, OperationDone, Shipped } from '../generator/world.ts';
import { passages, unsaidInputs } from './true-floor.ts';

/**
 * What is affected, who has it and where every unit is: the slow way. It looks at what happened, not at what was told
 * of it, tries every operation again until nothing changes, and keeps each unit by its own name. It follows
 * docs/services/traceability.md and shares no line with the service.
 */

export type Units = 'all' | ReadonlySet<string>;
export interface TrueLot {
  readonly units: Units;
  readonly hops: number;
  readonly certainty: string;
  /** Unit → how far and how surely it is affected, where an operation put units into the lot by their names. */
  readonly unitWays: ReadonlyMap<string, Way>;
}

interface Way {
  readonly hops: number;
  readonly certainty: string;
}

/** Surest first. */
export const SURE = ['scanned', 'lot-inferred', 'backflushed', 'possible', 'gap-assumed'];
const sureness = (certainty: string): number => SURE.indexOf(certainty);

export interface World {
  /** Operations that stand, as they were told: voided ones count for nothing. */
  readonly operations: readonly OperationDone[];
  /** The same with what they were made of or exposed to without saying so, and with what went through loads. */
  readonly walked: readonly OperationDone[];
  /** Every unit that was ever in a lot. */
  readonly ever: ReadonlyMap<string, Set<string>>;
  readonly happenings: readonly Happening[];
  /** Parts that are not in what the operation made any more, by their names; of any lot. */
  readonly takenOut: (operation: OperationDone, lot: string) => ReadonlySet<string>;
}

export const namesOf = (ranges: readonly SerialRange[]): string[] =>
  ranges.flatMap(({ prefix, first, last }) =>
    Array.from({ length: last - first + 1 }, (_, n) => `${prefix}${String(first + n)}`),
  );

export function lookAt(happenings: readonly Happening[]): World {
  const operations = new Map<string, OperationDone>();
  const ever = new Map<string, Set<string>>();
  const came = (lot: string, ranges: readonly SerialRange[]) => {
    ever.set(lot, new Set([...(ever.get(lot) ?? []), ...namesOf(ranges)]));
  };
  for (const happening of happenings) {
    if (happening.what === 'serials') came(happening.lot, happening.ranges);
    if (happening.what === 'void') operations.delete(happening.operation);
    if (happening.what !== 'operation') continue;
    for (const { to, ranges } of happening.moves) came(to.lot, ranges);
    // Of what was never told only the movements of serials are known.
    operations.set(happening.id, happening.told ? happening : { ...happening, inputs: [], outputs: [], scrap: [] });
  }
  const unsaid = unsaidInputs(happenings);
  const standing = [...operations.values()];
  const walked = standing.map((one) => ({ ...one, inputs: [...one.inputs, ...unsaid(one)] }));
  const all = [...walked, ...passages(happenings)];
  return { operations: standing, walked: all, ever, happenings, takenOut: takenOutOf(all) };
}

/** One lot on one side of an operation. `units` are those that are known to have gone in, or come out. */
interface Side {
  readonly lot: string;
  readonly edge: string;
  readonly certainty: string;
  readonly units: ReadonlySet<string>;
  /** false: nobody said of some that went this way which they are. */
  readonly allKnown: boolean;
}

const isUsedUp = ({ edge }: { edge: string }): boolean => edge === 'material' || edge === 'installed';
const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);
const amountOf = (lines: readonly { lot: string; amount: number }[], lot: string): number =>
  sum(lines.filter((line) => line.lot === lot).map(({ amount }) => amount));

function wentIn({ inputs, outputs, moves }: OperationDone): Side[] {
  const movedOut = (lot: string) =>
    moves.filter(({ from }) => from.lot === lot).flatMap(({ ranges }) => namesOf(ranges));
  const stated = inputs.map((input) => {
    const { lot, edge, certainty, amount, serials } = input;
    const units = new Set([...namesOf(serials), ...movedOut(lot)]);
    const gone = amount - (isUsedUp(input) ? amountOf(outputs, lot) : 0);
    return { lot, edge, certainty, units, allKnown: units.size > 0 && units.size >= gone };
  });
  // A movement of serials counts as a scanned input.
  const rest = new Set(moves.map(({ from }) => from.lot).filter((lot) => !inputs.some((input) => input.lot === lot)));
  const moved = [...rest].map((lot) => ({ lot, edge: 'material', certainty: 'scanned', units: new Set(movedOut(lot)), allKnown: true })); // prettier-ignore
  return [...stated, ...moved];
}

function cameOut({ outputs, moves }: OperationDone): Pick<Side, 'lot' | 'units' | 'allKnown'>[] {
  const lots = new Set([...outputs.map(({ lot }) => lot), ...moves.map(({ to }) => to.lot)]);
  return [...lots].map((lot) => {
    const named = outputs.filter((output) => output.lot === lot).flatMap(({ serials }) => namesOf(serials));
    const movedIn = moves.filter(({ to }) => to.lot === lot).flatMap(({ ranges }) => namesOf(ranges));
    const units = new Set([...named, ...movedIn]);
    return { lot, units, allKnown: units.size > 0 && units.size >= amountOf(outputs, lot) };
  });
}

/** Of what lot an operation took parts out of units that go on, which parts, and out of which units. */
interface Removal {
  readonly lot: string;
  readonly parts: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
}

function removalsOf(operation: OperationDone): Removal[] {
  if (operation.kind !== 'repair' && operation.kind !== 'rework') return [];
  const inputs = wentIn(operation);
  const unitsIn = (is: (side: Side) => boolean) => inputs.filter(is).reduce((all, side) => all.union(side.units), new Set<string>()); // prettier-ignore
  const out = cameOut(operation).reduce((all, side) => all.union(side.units), new Set<string>());
  const told = [...operation.scrap, ...operation.outputs];
  return [...new Set(told.map(({ lot }) => lot))].flatMap((lot) => {
    // Some of that lot came along, and nobody said which.
    if (inputs.some((side) => side.lot === lot && !side.allKnown)) return [];
    const named = new Set(told.filter((line) => line.lot === lot).flatMap(({ serials }) => namesOf(serials)));
    const parts = named.difference(unitsIn(() => true));
    const units = both(unitsIn((side) => side.lot !== lot), out); // prettier-ignore
    return parts.size > 0 && units.size > 0 ? [{ lot, parts, units }] : [];
  });
}

/** A part is out of what an operation made if it came out of those units as often as it was put into them. */
function takenOutOf(operations: readonly OperationDone[]): World['takenOut'] {
  const removals = operations.flatMap(removalsOf);
  return (operation, lot) => {
    const ofLot = removals.filter((one) => one.lot === lot);
    const into = (one: OperationDone) => cameOut(one).reduce((all, side) => all.union(side.units), new Set<string>());
    const units = into(operation);
    const gone = new Set<string>();
    for (const part of ofLot.reduce((all, one) => all.union(one.parts), new Set<string>())) {
      const out = ofLot.filter((one) => one.parts.has(part) && both(one.units, units).size > 0).length;
      const put = operations.filter((one) => {
        const sides = wentIn(one).filter((side) => side.lot === lot && isUsedUp(side));
        return sides.some((side) => side.units.has(part)) && both(into(one), units).size > 0;
      }).length;
      if (out > 0 && out >= put) gone.add(part);
    }
    return gone;
  };
}

interface Step {
  readonly from: string;
  readonly to: string;
  readonly certainty: string;
  readonly goesOn: boolean;
}

/** A step with its units as they were in the end. */
interface UnitStep extends Step {
  /** With WHOLE where what nobody knows by name may be among it. */
  readonly entered: ReadonlySet<string>;
  readonly touched: Units;
  /** Each unit is affected by itself, not by any of those that went in. */
  readonly kept: boolean;
}

const NONE: ReadonlySet<string> = new Set();
const both = (a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> => a.intersection(b);
const join = (a: Units | undefined, b: Units): Units =>
  a === 'all' || b === 'all' ? 'all' : (a ?? new Set<string>()).union(b);

type Starts = readonly string[] | ReadonlyMap<string, Units>;

/** Everything that these lots affect, or, backward, all that may have affected them. */
export const trueScope = (
  world: World,
  starts: Starts,
  direction: 'forward' | 'backward',
  hops?: number,
): Map<string, TrueLot> => trueWalk(world, starts, direction, hops).lots;

function trueWalk(world: World, starts: Starts, direction: 'forward' | 'backward', hops = Infinity) {
  const reached = starts instanceof Map ? new Map(starts as ReadonlyMap<string, Units>) : new Map([...(starts as readonly string[])].map((root): [string, Units] => [root, 'all'])); // prettier-ignore
  const begun = new Map(reached);
  const roots = [...reached.keys()];
  /** What is affected before the round: an operation takes one round, so that rounds count operations. */
  let known = { reached: new Map(reached), goOn: new Set(roots) };
  const goOn = new Set(roots);
  const steps = new Map<string, Step>();
  /** operation|lot → what of the lot's units that came out of the operation is affected. */
  const given = new Map<string, Units>();
  const unitSteps = new Map<string, UnitStep>();
  const reach = (
    operation: OperationDone,
    from: string,
    to: string,
    units: Units,
    side: Side,
    by: Pick<UnitStep, 'entered' | 'kept'>,
  ): void => {
    // prettier-ignore
    const goesOn = side.edge !== 'containment';
    reached.set(to, join(reached.get(to), units));
    if (goesOn) goOn.add(to);
    const step = { from, to, certainty: side.certainty, goesOn };
    steps.set(Object.values(step).join('|'), step);
    unitSteps.set([operation.id, from, to, side.edge, side.certainty].join('|'), { ...step, ...by, touched: units });
  };
  /** Without the parts that were taken out again. */
  const stillIn = (operation: OperationDone, input: Side, units: Units): Units => {
    const out = input.allKnown && isUsedUp(input) ? both(world.takenOut(operation, input.lot), input.units) : NONE;
    return out.size === 0 ? units : (units === 'all' ? input.units : units).difference(out);
  };
  const forward = (operation: OperationDone): void => {
    const outputs = cameOut(operation);
    const scrapped = new Set(operation.scrap.flatMap(({ serials }) => namesOf(serials)));
    const allOut = outputs.reduce((all, { units }) => all.union(units), scrapped);
    for (const input of wentIn(operation)) {
      const affected = known.reached.get(input.lot);
      if (affected === undefined || !known.goOn.has(input.lot)) continue;
      // A bad load affects its members; a bad member does not affect its load-mates.
      if (input.edge === 'exposure' && !roots.includes(input.lot)) continue;
      const inLot = input.allKnown ? input.units : (world.ever.get(input.lot) ?? new Set());
      const all = affected === 'all' || !input.allKnown ? affected : both(affected, input.units);
      const entered = stillIn(operation, input, all);
      if (entered !== 'all' && entered.size === 0) continue;
      for (const { lot, units, allKnown } of outputs) {
        if (lot === input.lot) continue; // what stays in its lot is what it was
        // Units that keep their serial carry their exposure one by one; for the rest nobody can show which is free.
        const kept = both(entered === 'all' ? inLot : entered, units);
        const keepSerials = input.allKnown && input.units.isSubsetOf(allOut);
        const whole: Units = allKnown ? units : 'all';
        const went = new Set([...(entered === 'all' ? inLot : entered), ...(input.allKnown ? [] : [WHOLE])]);
        const isKept = keepSerials || (allKnown && units.isSubsetOf(inLot));
        const touched = isKept ? kept : whole;
        if (touched !== 'all' && touched.size === 0) continue;
        reach(operation, input.lot, lot, touched, input, { entered: went, kept: isKept });
        given.set(`${operation.id}|${lot}`, join(given.get(`${operation.id}|${lot}`), touched));
      }
    }
  };
  /** A lot is affected as a whole when all that ever came into it is. */
  const promote = (lot: string): void => {
    // What an operation only gives back to the lot it took it from did not come into it.
    const brings = ({ inputs, outputs, moves }: OperationDone): boolean =>
      amountOf(outputs, lot) > amountOf(inputs.filter(isUsedUp), lot) || moves.some(({ to }) => to.lot === lot);
    const makers = world.walked.filter(brings);
    const isWhole = (maker: OperationDone): boolean => {
      const got = given.get(`${maker.id}|${lot}`);
      const out = cameOut(maker).find((each) => each.lot === lot);
      return got === 'all' || (got !== undefined && out?.allKnown === true && out.units.isSubsetOf(got));
    };
    const received = world.happenings.some((one) => one.what === 'lot' && one.lot === lot && one.amount > 0);
    const gave = [...given.keys()].some((key) => key.endsWith(`|${lot}`));
    if (gave && !received && makers.every(isWhole)) reached.set(lot, 'all');
  };
  const backward = (operation: OperationDone): void => {
    for (const { lot, units, allKnown } of cameOut(operation)) {
      const affected = known.goOn.has(lot) ? known.reached.get(lot) : undefined;
      if (affected === undefined || (affected !== 'all' && allKnown && both(affected, units).size === 0)) continue;
      for (const input of wentIn(operation))
        // A box is no cause of its contents.
        if (input.lot !== lot && input.edge !== 'containment') {
          const took = stillIn(operation, input, input.allKnown ? input.units : 'all');
          const known = allKnown ? units : (world.ever.get(lot) ?? new Set<string>());
          const there = affected === 'all' ? known : allKnown ? both(affected, units) : affected;
          const entered = new Set([...there, ...(allKnown ? [] : [WHOLE])]);
          if (took === 'all' || took.size > 0) reach(operation, lot, input.lot, took, input, { entered, kept: false });
        }
    }
  };
  for (let before = '', rounds = 0; before !== fingerprint(reached, goOn) && rounds < hops; rounds++) {
    before = fingerprint(reached, goOn);
    known = { reached: new Map(reached), goOn: new Set(goOn) };
    for (const operation of world.walked) (direction === 'forward' ? forward : backward)(operation);
    if (direction === 'forward') for (const lot of reached.keys()) promote(lot);
  }
  const taken = [...steps.values()];
  return { lots: withPaths(world, reached, begun, taken, [...unitSteps.values()]), steps: taken };
}

/** What else came from the same inputs: back to them, then forward. A root that nothing went into is its own input. */
export function trueSiblings(world: World, starts: ReadonlyMap<string, Units>, hops?: number): Map<string, TrueLot> {
  const { lots, steps } = trueWalk(world, starts, 'backward', hops);
  const wentIn = (lot: string): boolean => steps.some(({ to }) => to === lot);
  const hasInputs = (lot: string): boolean => steps.some(({ from }) => from === lot);
  const inputs = [...lots].filter(([lot]) => wentIn(lot) || !hasInputs(lot));
  return trueScope(world, new Map(inputs.map(([lot, { units }]) => [lot, units])), 'forward', hops);
}

const fingerprint = (reached: ReadonlyMap<string, Units>, goOn: ReadonlySet<string>): string =>
  [...reached].map(([lot, units]) => `${lot} ${units === 'all' ? 'all' : String(units.size)}`).join() +
  String(goOn.size);

/** The shortest path to each lot; among the shortest the surest, and a path is as sure as its worst link. */
function withPaths(
  world: World,
  reached: ReadonlyMap<string, Units>,
  begun: ReadonlyMap<string, Units>,
  steps: readonly Step[],
  unitSteps: readonly UnitStep[],
) {
  const shortest = new Map<string, Way>([...begun.keys()].map((root) => [root, { hops: 0, certainty: 'scanned' }]));
  // The same where the last step goes on: whatever was only boxed passes nothing on.
  const passing = new Map(shortest);
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, to, certainty, goesOn } of steps) {
      const way = passing.get(from);
      if (!way) continue;
      const next = further(way, certainty);
      for (const ways of goesOn ? [shortest, passing] : [shortest])
        if (better(next, ways.get(to))) {
          ways.set(to, next);
          changed = true;
        }
    }
  }
  const ofUnits = waysOfUnits(world, reached, begun, passing, unitSteps);
  const worst = worstIn(world, reached, { shortest, passing, ofUnits }, steps);
  return new Map(
    [...reached].map(([lot, units]) => {
      const way = shortest.get(lot) ?? { hops: -1, certainty: '' };
      const own = ofUnits.shortest(lot);
      const rest = { hops: way.hops, certainty: worst(lot) };
      const unitWays = new Map(own && namesIn(world, reached, lot).map((unit) => [unit, own.get(unit) ?? rest]));
      return [lot, { units, ...way, unitWays }];
    }),
  );
}

interface Ways {
  readonly shortest: ReadonlyMap<string, Way>;
  readonly passing: ReadonlyMap<string, Way>;
  readonly ofUnits: UnitsWays;
}

/**
 * What no unit's own way explains is as near as its lot, and no surer than the least sure of what can have gone into it;
 * that may itself be such a unit.
 */
function worstIn(
  world: World,
  reached: ReadonlyMap<string, Units>,
  { shortest, passing, ofUnits }: Ways,
  steps: readonly Step[],
): (lot: string) => string {
  const worst = new Map([...shortest].map(([lot, { certainty }]) => [lot, certainty]));
  const ofLot = (lot: string): string => {
    const own = ofUnits.shortest(lot);
    if (!own) return passing.get(lot)?.certainty ?? shortest.get(lot)?.certainty ?? '';
    const units = namesIn(world, reached, lot);
    const ways = [...units, WHOLE].flatMap((unit) => [own.get(unit), ofUnits.passing(lot)?.get(unit)]);
    const all = ways.flatMap((way) => (way ? [way.certainty] : []));
    return lessSure(...all, ...(units.every((unit) => own.has(unit)) ? [] : [worst.get(lot) ?? '']));
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, to, certainty } of steps) {
      const before = worst.get(to) ?? '';
      const now = lessSure(before, certainty, ofLot(from));
      worst.set(to, now);
      changed ||= now !== before;
    }
  }
  return (lot) => worst.get(lot) ?? '';
}

const lessSure = (...all: readonly string[]): string =>
  all.reduce((a, b) => (sureness(b) > sureness(a) ? b : a), 'scanned');

const better = (a: Way, b: Way | undefined): boolean =>
  b === undefined || a.hops < b.hops || (a.hops === b.hops && sureness(a.certainty) < sureness(b.certainty));
const further = (way: Way, certainty: string): Way => ({
  hops: way.hops + 1,
  certainty: SURE[Math.max(sureness(certainty), sureness(way.certainty))] ?? certainty,
});
const namesIn = (world: World, reached: ReadonlyMap<string, Units>, lot: string): string[] => {
  const units = reached.get(lot) ?? NONE;
  return [...(units === 'all' ? (world.ever.get(lot) ?? NONE) : units)];
};

/** What nobody knows by name of a lot that came as a whole. */
const WHOLE = '*';

/** Of lots that got units by their names. */
interface UnitsWays {
  readonly shortest: (lot: string) => ReadonlyMap<string, Way> | undefined;
  readonly passing: (lot: string) => ReadonlyMap<string, Way> | undefined;
}

/** The same unit by unit, for lots that got units by their names; every other lot is one thing. */
function waysOfUnits(
  world: World,
  reached: ReadonlyMap<string, Units>,
  begun: ReadonlyMap<string, Units>,
  lotsPassing: ReadonlyMap<string, Way>,
  steps: readonly UnitStep[],
): UnitsWays {
  const named = new Set(steps.filter(({ touched }) => touched !== 'all').map(({ to }) => to));
  const shortest = new Map([...named].map((lot) => [lot, new Map<string, Way>()]));
  const passing = new Map([...named].map((lot) => [lot, new Map<string, Way>()]));
  for (const [lot, units] of begun)
    for (const unit of units === 'all' ? [WHOLE, ...namesIn(world, reached, lot)] : units)
      for (const ways of [shortest, passing]) ways.get(lot)?.set(unit, { hops: 0, certainty: 'scanned' });
  const best = (ways: Iterable<Way | undefined>): Way | undefined =>
    [...ways].reduce((found, way) => (way && better(way, found) ? way : found), undefined);
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, to, certainty, goesOn, entered, touched, kept } of steps.filter((step) => named.has(step.to))) {
      const ofUnits = passing.get(from);
      const any = ofUnits ? best([...entered].map((unit) => ofUnits.get(unit))) : lotsPassing.get(from);
      for (const unit of touched === 'all' ? [WHOLE, ...namesIn(world, reached, to)] : touched) {
        const way = kept && ofUnits ? best([ofUnits.get(unit), ofUnits.get(WHOLE)]) : any;
        if (!way) continue;
        const next = further(way, certainty);
        for (const ways of goesOn ? [shortest, passing] : [shortest]) {
          if (!better(next, ways.get(to)?.get(unit))) continue;
          ways.get(to)?.set(unit, next);
          changed = true;
        }
      }
    }
  }
  return { shortest: (lot) => shortest.get(lot), passing: (lot) => passing.get(lot) };
}

type Booked = CustodyBooked | (Shipped['lines'][number] & { what: 'sent'; shipment: string; custodian: string });

/** Custodian → what it has, what is on its way to it and what it used of affected lots: `lot quantity unit serials`. */
export function trueCustody(world: World, scope: ReadonlyMap<string, TrueLot>): ReadonlyMap<string, readonly string[]> {
  const booked: Booked[] = world.happenings.flatMap((one): Booked[] => {
    if (one.what === 'custody') return [one];
    return one.what === 'shipped'
      ? one.lines.map((goods) => ({ ...goods, what: 'sent', shipment: one.shipment, custodian: one.custodian }))
      : [];
  });
  const found = new Map<string, string[]>();
  for (const own of Map.groupBy(booked, ({ custodian, lot, unit }) => `${custodian}|${lot}|${unit}`).values()) {
    const [{ custodian, lot, unit }] = own as [Booked];
    const affected = scope.get(lot)?.units;
    if (affected === undefined) continue;
    const loads = new Map<string, { sent: number; arrived: number }>();
    const units = new Set<string>();
    let amount = 0;
    for (const one of own) {
      const isGone = one.what === 'custody' && one.book === 'reduced';
      for (const unit of namesOf(one.serials))
        if (isGone) units.delete(unit);
        else units.add(unit);
      if (isGone) amount -= one.amount;
      else if (one.what === 'sent' || one.book === 'gained') {
        const load = one.what === 'sent' ? `shipment ${one.shipment}` : `${one.cause} ${one.id}`;
        const { sent, arrived } = loads.get(load) ?? { sent: 0, arrived: 0 };
        loads.set(
          load,
          one.what === 'sent' ? { sent: sent + one.amount, arrived } : { sent, arrived: arrived + one.amount },
        );
      }
    }
    // A load is on its way until all of it has arrived.
    for (const { sent, arrived } of loads.values()) amount += Math.max(sent, arrived);
    if (amount <= 0 && units.size === 0) continue;
    const touched = affected === 'all' ? units : both(units, affected);
    const byUnit = affected !== 'all' && amount === units.size;
    if (byUnit && touched.size === 0) continue;
    const line = `${lot} ${String(byUnit ? touched.size : amount)} ${unit} ${[...touched].sort().join()}`;
    found.set(custodian, [...(found.get(custodian) ?? []), line].sort());
  }
  return found;
}
