import { union, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { isNone, type Units } from './carry-serials.ts';
import { PLAIN, VOIDED } from '../genealogy/operation-form.ts';
import { sureness } from '../genealogy/marks.ts';
import { readConsumers, readOperation, readProducers, type OperationRow } from './edges.ts';
import { addPlace, createNumbers, createPlaces, grown, placeOf, push, type Places } from './numbers.ts';
import type { Direction } from './propagation.ts';
import { lessSure, type Step, type Stepper } from './steps.ts';

export interface Start {
  readonly lot: number;
  readonly units: Units;
}

export const ROOT = 1;
/** Passes on what it got; what is only boxed does not. */
export const GOES_ON = 2;
/** All of its units. */
const WHOLE = 4;
const QUEUED = 8;
/** Its steps were taken, with the units that `walked` says. */
export const WALKED = 16;

/** What a walk has reached; everything by place: 0, 1, 2, … in the order in which the lots were met. */
export interface Reached {
  /** Their keys are lots. */
  readonly places: Places;
  /** Operations from the nearest root. Of `simple` walks these are final. */
  hops: Int32Array;
  /** How sure the surest of the shortest paths is. */
  sure: Uint8Array;
  flags: Uint8Array;
  /** Affected units of lots that are not affected whole. */
  readonly units: Map<number, readonly SerialRange[]>;
  /** With what units they were last walked from; those that are not here were whole. */
  readonly walked: Map<number, readonly SerialRange[]>;
  /** Lots to which some operation put units by their names: what is true of one need not be true of the other. */
  readonly named: Set<number>;
  /** Operations that were gone through: plain ones, and the others. */
  readonly through: readonly [plain: Places, others: Places];
  /** Lots at which the limit of hops stopped the walk although their turn would have come. */
  stopped: readonly number[];
  /** Every lot was walked from once and nothing is boxed: the walk itself has met every lot on its shortest path. */
  simple: boolean;
}

export interface Limits {
  readonly direction: Direction;
  /** Operations from a root. */
  readonly hops?: number | undefined;
  /** Operations that the stepper sees otherwise than they are. */
  readonly changed?: ReadonlySet<number> | undefined;
}

/**
 * Work that pauses now and then, so that nobody waits long for its turn (and the graph may have grown when it goes on).
 */
export type Pausing<T> = Generator<undefined, T, undefined>;

/** About so many edges between two pauses: some tenths of a millisecond. */
export const SLICE = 2_000;

export const unitsAt = ({ flags, units }: Reached, place: number): Units =>
  ((flags[place] ?? 0) & WHOLE) > 0 ? 'all' : (units.get(place) ?? []);

/** What is affected of a lot that was reached in this round. */
interface News {
  readonly ranges: SerialRange[];
  goesOn: boolean;
}

/**
 * From the roots to everything that they affect (forward) or that may have affected them (back), level by level: what a
 * round reaches is walked from in the next. A lot whose affected units grow is walked from again until nothing grows.
 * Whole lots over plain operations need numbers only. The order in which facts arrived makes no difference.
 */
export function* walk(
  graph: Genealogy,
  starts: readonly Start[],
  stepper: Stepper,
  { direction, hops: limit = Infinity, changed }: Limits,
): Pausing<Reached> {
  const passed = createPassed();
  const reached: Reached = {
    places: createPlaces(),
    hops: new Int32Array(512),
    sure: new Uint8Array(512),
    flags: new Uint8Array(512),
    units: new Map(),
    walked: new Map(),
    named: new Set(),
    through: [passed.places, createPlaces()],
    stopped: [],
    simple: true,
  };
  const { places, units, walked } = reached;
  const [, others] = reached.through;
  const row: OperationRow = { inputs: createNumbers(), marks: createNumbers(), outputs: createNumbers() };
  const readOnward = direction === 'forward' ? readConsumers : readProducers;
  const operations = createNumbers();
  /** Place → operation → what of the units that it put into this lot is affected. */
  const given = new Map<number, Map<number, Units>>();
  const news = new Map<number, News>();
  let frontier = createNumbers();
  let next = createNumbers();
  let level = 0;

  const meet = (lot: number, hops: number, sure: number): number => {
    const place = addPlace(places, lot);
    if (place >= reached.hops.length) {
      reached.hops = grown(reached.hops, place + 1);
      reached.sure = grown(reached.sure, place + 1);
      reached.flags = grown(reached.flags, place + 1);
    }
    reached.hops[place] = hops;
    reached.sure[place] = sure;
    return place;
  };

  const queue = (place: number): void => {
    const flags = reached.flags[place] ?? 0;
    // Walked from before: what it passes on now comes by more units, not by a longer path.
    if ((flags & WALKED) > 0) reached.simple = false;
    if ((flags & QUEUED) > 0) return;
    reached.flags[place] = flags | QUEUED;
    push(next, place);
  };

  /** A lot as a whole. */
  const reachWhole = (lot: number, sure: number): void => {
    let place = placeOf(places, lot);
    if (place < 0) place = meet(lot, level + 1, sure);
    else if (reached.hops[place] === level + 1 && sure < (reached.sure[place] ?? 0)) reached.sure[place] = sure;
    const flags = reached.flags[place] ?? 0;
    if ((flags & (WHOLE | GOES_ON)) === (WHOLE | GOES_ON)) return;
    reached.flags[place] = flags | WHOLE | GOES_ON;
    units.delete(place);
    queue(place);
  };

  /** Anything else: what it amounts to is seen when the round is over. */
  const reachSome = (operation: number, from: number, step: Step): void => {
    const sure = lessSure(reached.sure[from] ?? 0, sureness(step.mark));
    if (!step.goesOn) reached.simple = false;
    else if (step.units === 'all') {
      reachWhole(step.lot, sure);
      return;
    }
    let place = placeOf(places, step.lot);
    if (place < 0) place = meet(step.lot, level + 1, sure);
    else if (reached.hops[place] === level + 1 && sure < (reached.sure[place] ?? 0)) reached.sure[place] = sure;
    if (step.units !== 'all') reached.named.add(place);
    if (((reached.flags[place] ?? 0) & (WHOLE | GOES_ON)) === (WHOLE | GOES_ON)) return;
    const one = news.get(place) ?? { ranges: [], goesOn: false };
    news.set(place, one);
    one.goesOn ||= step.goesOn;
    if (step.units === 'all') {
      reached.flags[place] = (reached.flags[place] ?? 0) | WHOLE;
      units.delete(place);
      return;
    }
    for (const range of step.units) one.ranges.push(range);
    const shares = given.get(place) ?? new Map<number, Units>();
    given.set(place, shares);
    shares.set(operation, joined(shares.get(operation) ?? [], step.units));
  };

  /** Through one operation; tells about how much work it was. */
  const go = (operation: number, place: number): number => {
    const lot = places.keys[place] ?? 0;
    if (isPassed(passed, operation, level, reached.sure[place] ?? 0)) return 1;
    const kind = readOperation(graph, operation, row);
    if (kind === VOIDED) return 1;
    if (kind !== PLAIN || changed?.has(operation)) return goThrough(operation, place, lot);
    const { inputs, marks, outputs } = row;
    const sure = reached.sure[place] ?? 0;
    if (direction === 'backward') {
      if (pass(passed, operation, level, sure))
        for (let line = 0; line < inputs.size; line++)
          reachWhole(inputs.values[line] ?? 0, lessSure(sure, sureness(marks.values[line] ?? 0)));
      return 1 + inputs.size;
    }
    let link = 7;
    for (let line = 0; line < inputs.size; line++)
      if (inputs.values[line] === lot && sureness(marks.values[line] ?? 0) < link)
        link = sureness(marks.values[line] ?? 0);
    if (link < 7 && pass(passed, operation, level, lessSure(sure, link)))
      for (let line = 0; line < outputs.size; line++) reachWhole(outputs.values[line] ?? 0, lessSure(sure, link));
    return 1 + inputs.size + outputs.size;
  };

  const goThrough = (operation: number, place: number, lot: number): number => {
    const whole = walked.get(place);
    const isRoot = ((reached.flags[place] ?? 0) & ROOT) > 0;
    const steps = stepper.through(operation, { lot, units: whole ?? 'all', isRoot });
    if (steps.length > 0 && placeOf(others, operation) < 0) addPlace(others, operation);
    for (const step of steps) reachSome(operation, place, step);
    return 5 + 10 * steps.length;
  };

  /** What the round has brought to lots that are not simply whole. */
  const settle = (): void => {
    for (const [place, { ranges, goesOn }] of news) {
      const flags = reached.flags[place] ?? 0;
      let changed = (flags & (WALKED | QUEUED)) === 0 && goesOn;
      if ((flags & WHOLE) === 0) {
        const before = units.get(place) ?? [];
        const now = joined(before, ranges) as readonly SerialRange[];
        const shares = given.get(place);
        if (direction === 'forward' && shares && stepper.isWhollyAffected(places.keys[place] ?? 0, shares)) {
          reached.flags[place] = (reached.flags[place] ?? 0) | WHOLE;
          units.delete(place);
          changed = true;
        } else if (!sameRanges(before, now)) {
          units.set(place, now);
          changed = true;
        }
      } else if (walked.has(place)) changed = true;
      if (goesOn) reached.flags[place] = (reached.flags[place] ?? 0) | GOES_ON;
      if (changed && ((reached.flags[place] ?? 0) & GOES_ON) > 0) queue(place);
    }
    news.clear();
  };

  const beginRound = (): void => {
    [frontier, next] = [next, frontier];
    next.size = 0;
    for (let index = 0; index < frontier.size; index++) {
      const place = frontier.values[index] ?? 0;
      reached.flags[place] = ((reached.flags[place] ?? 0) & ~QUEUED) | WALKED;
      const some = ((reached.flags[place] ?? 0) & WHOLE) > 0 ? undefined : units.get(place);
      if (some) walked.set(place, some);
      else walked.delete(place);
    }
  };

  const stop = (): void => {
    reached.stopped = [...next.values.subarray(0, next.size)].filter((place) => goesFurther(place));
    next.size = 0;
  };

  /** Is there anything beyond? */
  const goesFurther = (place: number): boolean => {
    const lot = places.keys[place] ?? 0;
    readOnward(graph, lot, operations);
    const from = { lot, units: unitsAt(reached, place), isRoot: ((reached.flags[place] ?? 0) & ROOT) > 0 };
    for (let index = 0; index < operations.size; index++) {
      const operation = operations.values[index] ?? 0;
      const kind = readOperation(graph, operation, row);
      if (kind === PLAIN || (kind !== VOIDED && stepper.through(operation, from).length > 0)) return true;
    }
    return false;
  };

  for (const { lot, units: some } of starts) {
    let place = placeOf(places, lot);
    if (place < 0) place = meet(lot, 0, 0);
    const flags = (reached.flags[place] ?? 0) | ROOT | GOES_ON;
    if (some === 'all') units.delete(place);
    else if ((flags & WHOLE) === 0) units.set(place, joined(units.get(place) ?? [], some) as readonly SerialRange[]);
    reached.flags[place] = flags | (some === 'all' ? WHOLE : 0);
    queue(place);
  }
  for (let left = SLICE; next.size > 0;) {
    if (level >= limit) {
      stop();
      break;
    }
    beginRound();
    for (let index = 0; index < frontier.size; index++) {
      const place = frontier.values[index] ?? 0;
      readOnward(graph, places.keys[place] ?? 0, operations);
      left -= 1;
      for (let each = 0; each <= operations.size; each++) {
        if (left <= 0) {
          yield;
          left = SLICE;
        }
        if (each < operations.size) left -= go(operations.values[each] ?? 0, place);
      }
    }
    settle();
    level += 1;
  }
  return reached;
}

/** Plain operations that were gone through: at which level, and how sure what they passed on is. */
interface Passed {
  readonly places: Places;
  level: Int32Array;
  sure: Uint8Array;
}

export const createPassed = (): Passed => ({ places: createPlaces(), level: new Int32Array(512), sure: new Uint8Array(512) }); // prettier-ignore

/** Nothing more can come of it: what it gives is whole since an earlier level, or no less sure on this one. */
export function isPassed({ places, level, sure }: Passed, operation: number, now: number, from: number): boolean {
  const place = placeOf(places, operation);
  return place >= 0 && ((level[place] ?? 0) < now || (sure[place] ?? 0) <= from);
}

/** Notes that it is gone through; false if that was done as well before. */
export function pass(passed: Passed, operation: number, now: number, sure: number): boolean {
  let place = placeOf(passed.places, operation);
  if (place < 0) {
    place = addPlace(passed.places, operation);
    if (place >= passed.level.length) {
      passed.level = grown(passed.level, place + 1);
      passed.sure = grown(passed.sure, place + 1);
    }
  } else if ((passed.level[place] ?? 0) < now || (passed.sure[place] ?? 0) <= sure) return false;
  passed.level[place] = now;
  passed.sure[place] = sure;
  return true;
}

function joined(a: Units, b: Units): Units {
  if (a === 'all' || b === 'all') return 'all';
  if (isNone(b)) return a;
  return union(a, b);
}

/** Both are sorted and without overlap. */
const sameRanges = (a: readonly SerialRange[], b: readonly SerialRange[]): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return other !== undefined && one.first === other.first && one.last === other.last && one.gtin === other.gtin && one.prefix === other.prefix && one.width === other.width; // prettier-ignore
    }));
