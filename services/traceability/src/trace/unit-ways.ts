import { intersect, subtract, union, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { sureness } from '../genealogy/marks.ts';
import { isNone, type Units } from './carry-serials.ts';
import { everIn } from './links.ts';
import { placeOf } from './numbers.ts';
import { lessSure } from './steps.ts';
import type { Traced } from './trace.ts';
import { SLICE, unitsAt, type Pausing } from './walk.ts';

/** Units of one lot that are equally far from a root, and equally sure to be affected. */
export interface UnitWay<Some extends Units = readonly SerialRange[]> {
  readonly units: Some;
  readonly hops: number;
  /** A place in CERTAINTIES. */
  readonly sure: number;
}

export interface WaysOfUnits {
  /** Each unit once, nearest first; empty if all are as their lot. */
  readonly shortest: readonly UnitWay[];
  /** The shortest that go on from there: none leads on through what was only boxed. */
  readonly onward: readonly UnitWay<Units>[];
}

/** By place; of lots that are not here every unit is as near and as sure as its lot. */
export type UnitWays = ReadonlyMap<number, WaysOfUnits>;

/** Units that a step brings to a lot. */
interface Arrival {
  readonly place: number;
  readonly sure: number;
  readonly goesOn: boolean;
  readonly units: Units;
}

/** What is known so far of the units of one lot. */
interface Known {
  readonly shortest: UnitWay[];
  readonly onward: UnitWay<Units>[];
  shown: readonly SerialRange[];
  passing: Units;
}

/**
 * The shortest way to each unit of lots into which operations put units by their names, the surest of the shortest: of a lot
 * of a hundred units ten may have been scanned with the bad part, while of the others it is only possible. A unit keeps its
 * own way as long as it keeps its serial; from whole lots to whole lots the lot's own path counts.
 */
export function* findUnitWays(graph: Genealogy, traced: Traced): Pausing<UnitWays> {
  const { reached, paths, steps, starts } = traced;
  const { places, named } = reached;
  const found = new Map<number, Known>();
  const levels: Arrival[][] = [];
  const affected = new Map<number, readonly SerialRange[]>();
  const affectedIn = (place: number): readonly SerialRange[] => {
    const known = affected.get(place);
    if (known) return known;
    const units = unitsAt(reached, place);
    const ranges = units === 'all' ? everIn(graph, places.keys[place] ?? 0) : units;
    affected.set(place, ranges);
    return ranges;
  };
  const arrive = (hops: number, arrival: Arrival): void => void (levels[hops] ??= []).push(arrival);

  for (const { lot, units } of named.size === 0 ? [] : starts) {
    const place = placeOf(places, lot);
    if (named.has(place)) arrive(0, { place, sure: 0, goesOn: true, units });
  }
  let left = SLICE;
  for (const place of named) {
    steps.into(
      place,
      (from) => !named.has(from) && (paths.onward.hops[from] ?? -1) >= 0,
      (from, _, mark, goesOn, units) => {
        left -= 10;
        const sure = lessSure(paths.onward.sure[from] ?? 0, sureness(mark));
        arrive((paths.onward.hops[from] ?? 0) + 1, { place, sure, goesOn, units });
      },
    );
    if (left > 0) continue;
    yield;
    left = SLICE;
  }
  for (let hops = 0; hops < levels.length; hops++)
    for (const [place, arrivals] of Map.groupBy(levels[hops] ?? [], (one) => one.place)) {
      const known = found.get(place) ?? { shortest: [], onward: [], shown: [], passing: [] };
      found.set(place, known);
      for (const [sure, equal] of [...Map.groupBy(arrivals, (one) => one.sure)].sort(([a], [b]) => a - b)) {
        const came = joined(equal);
        const shown = subtract(came === 'all' ? affectedIn(place) : intersect(came, affectedIn(place)), known.shown);
        if (shown.length > 0) known.shortest.push({ units: shown, hops, sure });
        known.shown = union(known.shown, shown);
        const passing = notYet(joined(equal.filter(({ goesOn }) => goesOn)), known.passing);
        if (isNone(passing)) continue;
        known.onward.push({ units: passing, hops, sure });
        known.passing = passing === 'all' || known.passing === 'all' ? 'all' : union(known.passing, passing);
        steps.from(
          place,
          () => true,
          (lot, mark, goesOn, units) => {
            left -= 10;
            const to = placeOf(places, lot);
            if (named.has(to)) arrive(hops + 1, { place: to, sure: lessSure(sure, sureness(mark)), goesOn, units });
          },
          passing,
        );
      }
      if (left > 0) continue;
      yield;
      left = SLICE;
    }
  // None of the units that went this way is known to have been there: these have their lot's way, too.
  for (const place of named)
    if (!found.has(place)) found.set(place, { shortest: [], onward: [], shown: [], passing: [] });
  return asWays(traced, found, affectedIn);
}

const joined = (arrivals: readonly Arrival[]): Units =>
  arrivals.some(({ units }) => units === 'all')
    ? 'all'
    : union(
        arrivals.flatMap(({ units }) => (units === 'all' ? [] : units)),
        [],
      );

/** A whole lot passes on what nobody knows by name, too: it goes on once, whatever went on of it before. */
function notYet(units: Units, before: Units): Units {
  if (before === 'all') return [];
  return units === 'all' ? 'all' : subtract(units, before);
}

/**
 * Of some units no way of their own can be shown: they are affected because everything that came into their lot is. Such a
 * unit is as near as its lot, and no surer than the least sure of what can have gone into it.
 */
function asWays(
  traced: Pick<Traced, 'paths' | 'steps'>,
  found: ReadonlyMap<number, Known>,
  affectedIn: (place: number) => readonly SerialRange[],
): UnitWays {
  const all = new Map<number, WaysOfUnits>();
  const { shortest, onward } = traced.paths;
  const rests = new Map<number, readonly SerialRange[]>();
  for (const [place, known] of found) {
    const rest = subtract(affectedIn(place), known.shown);
    if (rest.length > 0) rests.set(place, rest);
  }
  const leastSure = leastSureOf(traced, found, rests, affectedIn);
  for (const [place, known] of found) {
    const [hops, sure] = [shortest.hops[place] ?? 0, shortest.sure[place] ?? 0];
    const isOwn = (way: UnitWay): boolean => way.hops === hops && way.sure === sure;
    const rest = rests.get(place);
    const ways = rest
      ? withRest(known.shortest, { units: rest, hops, sure: leastSure.get(place) ?? sure })
      : known.shortest;
    const isOwnOnward = (way: UnitWay<Units>): boolean => way.hops === onward.hops[place] && way.sure === onward.sure[place]; // prettier-ignore
    const areOwn = ways.every(isOwn);
    if (!areOwn || !known.onward.every(isOwnOnward))
      all.set(place, { shortest: areOwn ? [] : ways, onward: known.onward });
  }
  return all;
}

/** For each lot with units that no way of their own explains: what came into it may have come by other such units. */
function leastSureOf(
  { paths: { shortest, onward }, steps }: Pick<Traced, 'paths' | 'steps'>,
  found: ReadonlyMap<number, Known>,
  rests: ReadonlyMap<number, unknown>,
  affectedIn: (place: number) => readonly SerialRange[],
): ReadonlyMap<number, number> {
  const least = new Map<number, number>();
  const ofWays = new Map<number, number>();
  const worstWay = (place: number, { shortest: shown, onward: passing }: Known): number => {
    const known = ofWays.get(place);
    if (known !== undefined) return known;
    const isThere = ({ units }: UnitWay<Units>): boolean => units === 'all' || intersect(units, affectedIn(place)).length > 0; // prettier-ignore
    const worst = [...shown, ...passing.filter(isThere)].reduce((sure, way) => lessSure(sure, way.sure), 0);
    ofWays.set(place, worst);
    return worst;
  };
  const worstFrom = (from: number): number => {
    const known = found.get(from);
    return lessSure(known ? worstWay(from, known) : (onward.sure[from] ?? 0), least.get(from) ?? 0);
  };
  for (const place of rests.keys()) least.set(place, shortest.sure[place] ?? 0);
  for (let changed = true; changed;) {
    changed = false;
    for (const [place, before] of least) {
      let now = before;
      steps.into(
        place,
        (from) => (onward.hops[from] ?? -1) >= 0,
        (from, _, mark) => (now = lessSure(now, lessSure(worstFrom(from), sureness(mark)))),
      );
      changed ||= now !== before;
      least.set(place, now);
    }
  }
  return least;
}

function withRest(ways: readonly UnitWay[], rest: UnitWay): UnitWay[] {
  const isSame = (way: UnitWay): boolean => way.hops === rest.hops && way.sure === rest.sure;
  const same = ways.find(isSame);
  const others = ways.filter((way) => !isSame(way));
  return [...others, { ...rest, units: union(same?.units ?? [], rest.units) }].sort((a, b) => a.hops - b.hops || a.sure - b.sure); // prettier-ignore
}
