import type { PathStep } from '@lotwarden/contracts/events';
import { contains, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { certaintyAt, edgeOf, sureness } from '../genealogy/marks.ts';
import type { Certainty } from '../genealogy/model.ts';
import { pathTo } from './answer.ts';
import type { Units } from './carry-serials.ts';
import type { KeptTrace } from './kept-traces.ts';
import { everIn } from './links.ts';
import { stepsOf } from './paths.ts';
import { createStepper, lessSure } from './steps.ts';
import { lotIdAt } from './trace.ts';
import type { UnitWay } from './unit-ways.ts';
import { unitsAt } from './walk.ts';

interface UnitPath {
  readonly certainty: Certainty;
  readonly path: PathStep[];
}

/** A step back: where from, and by which unit of it if by a certain one. */
interface Before {
  readonly from: number;
  readonly operation: number;
  readonly mark: number;
  /** The way that the unit it came from is on; undefined: that of its lot. */
  readonly way: UnitWay<Units> | undefined;
}

/** The shortest path to one unit; where units of its lot have no ways of their own, that of the lot. */
export function pathToUnit(graph: Genealogy, trace: KeptTrace, place: number, unit: SerialRange): UnitPath {
  const { reached, paths, unitWays } = trace;
  const direction = trace.direction === 'siblings' ? 'forward' : trace.direction;
  const steps = stepsOf(graph, reached, createStepper(graph, direction), direction);
  const last: PathStep = { lot: lotIdAt(graph, reached, place), operation: null, edge: null, certainty: null };
  const own = unitWays.get(place)?.shortest.find(({ units }) => contains(units, [unit]));
  const ofLot = (): UnitPath => ({
    certainty: certaintyAt(own?.sure ?? paths.shortest.sure[place] ?? 0),
    path: pathTo(graph, trace, place),
  });
  if (!own) return ofLot();
  const back: PathStep[] = [last];
  let [at, by, way]: [number, SerialRange, UnitWay<Units>] = [place, unit, own];
  while (way.hops > 0) {
    const step = before(at, by, way, at === place);
    // Everything that came into the lot is affected: no way of its own, but its lot's.
    if (!step) return ofLot();
    back.push({
      lot: lotIdAt(graph, reached, step.from),
      operation: graph.operationIds.text(step.operation),
      edge: edgeOf(step.mark),
      certainty: certaintyAt(sureness(step.mark)),
    });
    if (!step.way) {
      const further = pathTo(graph, trace, step.from, paths.onward).slice(0, -1);
      return { certainty: certaintyAt(own.sure), path: [...further, ...back.reverse()] };
    }
    [at, way] = [step.from, step.way];
    if (way.units !== 'all' && !contains(way.units, [by])) by = firstOf(way.units) ?? by;
  }
  return { certainty: certaintyAt(own.sure), path: back.reverse() };

  /** By ids, so that every replica says the same. */
  function before(at: number, by: SerialRange, { hops, sure }: UnitWay<Units>, isLast: boolean): Before | undefined {
    let found: Before | undefined;
    const offer = (one: Before, goesOn: boolean, units: Units, from: number): void => {
      if ((!isLast && !goesOn) || (units !== 'all' && !contains(units, [by]))) return;
      if (lessSure(from, sureness(one.mark)) !== sure) return;
      if (!found || keyOf(one) < keyOf(found)) found = one;
    };
    steps.into(
      at,
      (from) => !reached.named.has(from) && paths.onward.hops[from] === hops - 1,
      (from, operation, mark, goesOn, units) =>
        offer({ from, operation, mark, way: undefined }, goesOn, units, paths.onward.sure[from] ?? 0),
    );
    for (let surely = 0; surely <= sure; surely++) {
      const ways = new Map<number, UnitWay<Units> | undefined>();
      const wayFrom = (from: number): UnitWay<Units> | undefined => {
        if (!ways.has(from))
          ways.set(
            from,
            waysOn(from).find((way) => way.hops === hops - 1 && way.sure === surely),
          );
        return ways.get(from);
      };
      steps.into(
        at,
        (from) => wayFrom(from) !== undefined,
        (from, operation, mark, goesOn, units) =>
          offer({ from, operation, mark, way: wayFrom(from) }, goesOn, units, surely),
        (from) => wayFrom(from)?.units,
      );
    }
    return found;
  }

  function waysOn(from: number): readonly UnitWay<Units>[] {
    return reached.named.has(from) ? (unitWays.get(from)?.onward ?? [wayOf(from)]) : [];
  }

  /** All of its units are as their lot. */
  function wayOf(from: number): UnitWay {
    const some = unitsAt(reached, from);
    const units = some === 'all' ? everIn(graph, reached.places.keys[from] ?? 0) : some;
    return { units, hops: paths.onward.hops[from] ?? 0, sure: paths.onward.sure[from] ?? 0 };
  }

  function keyOf({ from, operation, mark }: Before): string {
    return `${graph.operationIds.text(operation)}|${lotIdAt(graph, reached, from)}|${String(mark).padStart(2, '0')}`;
  }
}

const firstOf = ([range]: readonly SerialRange[]): SerialRange | undefined =>
  range === undefined ? undefined : { ...range, last: range.first };
