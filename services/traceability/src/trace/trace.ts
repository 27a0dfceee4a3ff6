import { contains, union, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy, Operation } from '../genealogy/genealogy.ts';
import { meant, members } from '../genealogy/nodes.ts';
import { entering, isNone, leaving, type Units } from './carry-serials.ts';
import { bringsInto, consumersOf, everIn, idOf, inputsOf, outputsOf, producersOf, type Link } from './links.ts';
import { pathsFrom, type Last, type Step } from './paths.ts';
import { PROPAGATION, type Direction } from './propagation.ts';
import type { Ways } from './ways.ts';

export interface Affected extends Last {
  readonly lot: number;
  readonly units: Units;
  /** The last steps of all paths. */
  readonly ways: Ways;
}

interface Found extends Pick<Affected, 'lot' | 'units'> {
  readonly isRoot: boolean;
  /** Grows in place while the walk goes on. */
  readonly ways: Map<number, Set<number>>;
  /** Only held as a container so far: passes nothing on. */
  readonly goesOn: boolean;
  /** Operation → what of the units that it put into this lot is affected. */
  readonly given: ReadonlyMap<number, Units>;
}

interface Reach extends Step {
  readonly units: Units;
}

/**
 * All lots that the roots affect (forward) or that may have affected them (back), each with its shortest path. The walk
 * goes level by level; a lot whose affected units grow is walked from again until nothing grows. Paths are found when
 * all steps are known. Voided operations do not count; the order in which facts arrived makes no difference.
 */
export function trace(graph: Genealogy, roots: readonly number[], direction: Direction): Map<number, Affected> {
  const found = new Map<number, Found>();
  const steps = new Map<number, readonly Step[]>();
  for (const root of roots.flatMap((lot) => meant(graph, lot)))
    found.set(root, { lot: root, units: 'all', isRoot: true, ways: new Map(), goesOn: true, given: new Map() });
  const starts = [...found.keys()];
  for (let frontier = new Set(starts); frontier.size > 0;) {
    const next = new Set<number>();
    for (const lot of inOrder(graph, frontier)) {
      const from = found.get(lot);
      if (!from?.goesOn) continue;
      const reached = (direction === 'forward' ? forward : backward)(graph, from).filter(({ units }) => !isNone(units));
      // More units reach more: the steps of an earlier visit are among these.
      steps.set(lot, reached);
      for (const reach of reached) if (take(graph, found, from, reach, direction)) next.add(reach.lot);
    }
    frontier = next;
  }
  const paths = pathsFrom(graph, starts, (lot) => steps.get(lot) ?? []);
  return new Map(
    [...found].map(([lot, { units, ways }]) => [lot, { lot, units, ways, ...(paths.get(lot) ?? NO_PATH) }]),
  );
}

const NO_PATH: Last = { via: null, onward: null };

const inOrder = (graph: Genealogy, lots: Iterable<number>): number[] =>
  [...lots].sort((a, b) => (idOf(graph, a) < idOf(graph, b) ? -1 : 1));

/** What stays in its lot is what it was: an operation that gives back to the lot it took from leads nowhere. */
function forward(graph: Genealogy, from: Found): Reach[] {
  return consumersOf(graph, from.lot).flatMap((operation) => {
    const outputs = outputsOf(graph, operation);
    const cameOut = () => union([...outputs, ...operation.scrap].flatMap(({ serials }) => [...serials]), []); // prettier-ignore
    return inputsOf(graph, operation)
      .filter((input) => input.lot === from.lot)
      .flatMap((input) => {
        const rule = ruleFor('forward', from, input);
        const entered = entering(from.units, input);
        if (!rule.passes || isNone(entered)) return [];
        const known = () => (input.allKnown ? input.serials : everIn(graph, from.lot));
        const allKept = input.allKnown && contains(cameOut(), input.serials);
        const via = { lot: from.lot, operation, edge: input.edge, certainty: input.certainty };
        return outputs
          .filter(({ lot }) => lot !== from.lot)
          .map((output) => {
            const units = leaving(entered, known, output, allKept);
            return { lot: output.lot, units, via, goesOn: rule.goesOn };
          });
      });
  });
}

/** Back, lots are named whole unless the operation says which of their units it took. */
function backward(graph: Genealogy, from: Found): Reach[] {
  return producersOf(graph, from.lot).flatMap((operation) => {
    const output = outputsOf(graph, operation).find(({ lot }) => lot === from.lot);
    if (output && isNone(entering(from.units, output))) return [];
    return inputsOf(graph, operation)
      .filter(({ lot }) => lot !== from.lot)
      .flatMap((input) => {
        const rule = ruleFor('backward', from, input);
        const via = { lot: from.lot, operation, edge: input.edge, certainty: input.certainty };
        const units: Units = input.allKnown ? input.serials : 'all';
        return rule.passes ? [{ lot: input.lot, units, via, goesOn: rule.goesOn }] : [];
      });
  });
}

function ruleFor(direction: Direction, from: Found, { edge }: Link): { passes: boolean; goesOn: boolean } {
  const { fromRoot, fromAffected, goesOn } = PROPAGATION[direction][edge];
  return { passes: from.isRoot ? fromRoot : fromAffected, goesOn };
}

/** Joins what was reached to what is known of the lot; tells whether it has to be walked from (again). */
function take(graph: Genealogy, found: Map<number, Found>, from: Found, reach: Reach, direction: Direction): boolean {
  const known = found.get(reach.lot);
  const { index } = reach.via.operation;
  const given = new Map(known?.given).set(index, join(known?.given.get(index) ?? [], reach.units));
  const joined = join(known?.units ?? [], reach.units);
  const promoted = joined !== 'all' && direction === 'forward' && whollyAffected(graph, reach.lot, given);
  const units = promoted ? 'all' : joined;
  const goesOn = reach.goesOn || (known?.goesOn ?? false);
  const ways = known?.ways ?? new Map<number, Set<number>>();
  addWay(ways, from.lot, reach);
  found.set(reach.lot, { lot: reach.lot, isRoot: known?.isRoot ?? false, ways, units, given, goesOn });
  return !known || !sameUnits(known.units, units) || known.goesOn !== goesOn;
}

function addWay(ways: Map<number, Set<number>>, from: number, { via: { operation } }: Reach): void {
  const lots = ways.get(operation.index) ?? new Set();
  ways.set(operation.index, lots.add(from));
}

/** A lot is affected as a whole when everything that ever came into it is. */
function whollyAffected(graph: Genealogy, lot: number, given: ReadonlyMap<number, Units>): boolean {
  const isWhole = (operation: Operation): boolean => {
    const affected = given.get(operation.index) ?? [];
    const output = outputsOf(graph, operation).find((one) => one.lot === lot);
    return affected === 'all' || (output?.allKnown === true && contains(affected, output.serials));
  };
  return (
    !isReceived(graph, lot) &&
    producersOf(graph, lot).every((operation) => !bringsInto(graph, operation, lot) || isWhole(operation))
  );
}

const isReceived = (graph: Genealogy, lot: number): boolean =>
  members(graph, lot).some(({ goods }) => goods.some(({ book }) => book === 'received'));

function join(a: Units, b: Units): Units {
  return a === 'all' || b === 'all' ? 'all' : union(a, b);
}

const sameUnits = (a: Units, b: Units): boolean =>
  a === b || (a !== 'all' && b !== 'all' && rangesKey(a) === rangesKey(b));

const rangesKey = (ranges: readonly SerialRange[]): string =>
  ranges.map(({ gtin, prefix, width, first, last }) => [gtin, prefix, width, first, last].join('|')).join(',');
