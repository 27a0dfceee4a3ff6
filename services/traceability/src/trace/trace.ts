import { contains, union, type SerialRange } from '@lotwarden/platform/serial-range';
import { CERTAINTIES, type Certainty, type EdgeKind, type Genealogy, type Operation } from '../genealogy/genealogy.ts';
import { meant } from '../genealogy/nodes.ts';
import { entering, isNone, leaving, type Units } from './carry-serials.ts';
import { consumersOf, everIn, idOf, inputsOf, outputsOf, producersOf, type Link } from './links.ts';
import { PROPAGATION, type Direction } from './propagation.ts';
import type { Ways } from './ways.ts';

/** How a lot was reached: from which lot, through which operation. */
export interface Via {
  readonly lot: number;
  readonly operation: Operation;
  readonly edge: EdgeKind;
  readonly certainty: Certainty;
}

export interface Affected {
  readonly lot: number;
  readonly units: Units;
  /** The last step of the shortest path; null for a root. */
  readonly via: Via | null;
  /** The last steps of all paths. */
  readonly ways: Ways;
}

interface Found extends Affected {
  /** Grows in place while the walk goes on. */
  readonly ways: Map<number, Set<number>>;
  readonly hops: number;
  readonly certainty: Certainty;
  /** Only held as a container so far: passes nothing on. */
  readonly goesOn: boolean;
  /** Operations whose whole output in this lot is affected. */
  readonly whole: ReadonlySet<number>;
}

interface Reach {
  readonly lot: number;
  readonly units: Units;
  /** Everything that the operation put into the lot is affected. */
  readonly whole: boolean;
  readonly via: Via;
  readonly goesOn: boolean;
}

/**
 * All lots that the roots affect (forward) or that may have affected them (back), each with its shortest path: a
 * breadth-first walk, level by level; a lot whose affected units grow is walked from again until nothing grows.
 * Voided operations do not count. Ties go to the surer path, then to the smaller ids, so that the answer does not
 * depend on the order in which facts arrived.
 */
export function trace(graph: Genealogy, roots: readonly number[], direction: Direction): Map<number, Affected> {
  const found = new Map<number, Found>();
  let frontier = new Set<number>();
  for (const root of roots.flatMap((lot) => meant(graph, lot))) {
    found.set(root, {
      lot: root,
      hops: 0,
      units: 'all',
      via: null,
      ways: new Map(),
      certainty: 'scanned',
      goesOn: true,
      whole: new Set(),
    });
    frontier.add(root);
  }
  while (frontier.size > 0) {
    const next = new Set<number>();
    for (const lot of inOrder(graph, frontier)) {
      const from = found.get(lot);
      if (!from?.goesOn) continue;
      for (const reach of direction === 'forward' ? forward(graph, from) : backward(graph, from))
        if (take(graph, found, from, reach, direction)) next.add(reach.lot);
    }
    frontier = next;
  }
  return found;
}

const inOrder = (graph: Genealogy, lots: Iterable<number>): number[] =>
  [...lots].sort((a, b) => (idOf(graph, a) < idOf(graph, b) ? -1 : 1));

function forward(graph: Genealogy, from: Found): Reach[] {
  return consumersOf(graph, from.lot).flatMap((operation) => {
    const outputs = outputsOf(graph, operation);
    return inputsOf(graph, operation)
      .filter((input) => input.lot === from.lot)
      .flatMap((input) => {
        const rule = ruleFor('forward', from, input);
        const entered = entering(from.units, input.serials);
        if (!rule.passes || isNone(entered)) return [];
        const known = () => (input.serials.length > 0 ? input.serials : everIn(graph, from.lot));
        const via = { lot: from.lot, operation, edge: input.edge, certainty: input.certainty };
        return outputs.map(({ lot, serials }) => {
          const units = leaving(entered, known, serials);
          return { lot, units, whole: units === 'all' || contains(units, serials), via, goesOn: rule.goesOn };
        });
      });
  });
}

/** Back, lots are named whole unless the operation says which of their units it took. */
function backward(graph: Genealogy, from: Found): Reach[] {
  return producersOf(graph, from.lot).flatMap((operation) => {
    const output = outputsOf(graph, operation).find(({ lot }) => lot === from.lot);
    if (isNone(entering(from.units, output?.serials ?? []))) return [];
    return inputsOf(graph, operation).flatMap((input) => {
      const rule = ruleFor('backward', from, input);
      const via = { lot: from.lot, operation, edge: input.edge, certainty: input.certainty };
      const units: Units = input.serials.length > 0 ? input.serials : 'all';
      return rule.passes ? [{ lot: input.lot, units, whole: false, via, goesOn: rule.goesOn }] : [];
    });
  });
}

function ruleFor(direction: Direction, from: Found, { edge }: Link): { passes: boolean; goesOn: boolean } {
  const { fromRoot, fromAffected, goesOn } = PROPAGATION[direction][edge];
  return { passes: from.via === null ? fromRoot : fromAffected, goesOn };
}

/** Joins what was reached to what is known of the lot; tells whether it has to be walked from (again). */
function take(graph: Genealogy, found: Map<number, Found>, from: Found, reach: Reach, direction: Direction): boolean {
  if (isNone(reach.units)) return false;
  const known = found.get(reach.lot);
  const path = shorter(graph, known, from, reach.via);
  const whole = new Set(known?.whole);
  if (reach.whole) whole.add(reach.via.operation.index);
  const joined = join(known?.units ?? [], reach.units);
  const promoted = joined !== 'all' && direction === 'forward' && whollyAffected(graph, reach.lot, whole);
  const units = promoted ? 'all' : joined;
  const goesOn = reach.goesOn || (known?.goesOn ?? false);
  const ways = known?.ways ?? new Map<number, Set<number>>();
  addWay(ways, from.lot, reach);
  found.set(reach.lot, { lot: reach.lot, ...path, ways, units, whole, goesOn });
  return !known || !sameUnits(known.units, units) || known.goesOn !== goesOn;
}

/** An operation that gives back to the lot it took from leads nowhere. */
function addWay(ways: Map<number, Set<number>>, from: number, { lot, via: { operation } }: Reach): void {
  if (from === lot) return;
  const lots = ways.get(operation.index) ?? new Set();
  ways.set(operation.index, lots.add(from));
}

/** A lot is affected as a whole when everything that ever came into it is. */
const whollyAffected = (graph: Genealogy, lot: number, whole: ReadonlySet<number>): boolean =>
  producersOf(graph, lot).every(
    (operation) => whole.has(operation.index) || inputsOf(graph, operation).every((input) => input.lot === lot),
  );

function shorter(
  graph: Genealogy,
  known: Found | undefined,
  from: Found,
  via: Via,
): Pick<Found, 'hops' | 'via' | 'certainty'> {
  const candidate = { hops: from.hops + 1, via, certainty: worse(from.certainty, via.certainty) };
  if (!known) return candidate;
  const better =
    known.via !== null &&
    (candidate.hops < known.hops ||
      (candidate.hops === known.hops && rank(graph, candidate) < rank(graph, { ...known, via: known.via })));
  return better ? candidate : { hops: known.hops, via: known.via, certainty: known.certainty };
}

/** Surer first, then by ids; the separator sorts before anything an id is made of. */
const rank = (graph: Genealogy, { certainty, via }: { certainty: Certainty; via: Via }): string =>
  [CERTAINTIES.indexOf(certainty), via.operation.id, idOf(graph, via.lot), via.edge].join(' ');

export const worse = (a: Certainty, b: Certainty): Certainty =>
  CERTAINTIES.indexOf(a) >= CERTAINTIES.indexOf(b) ? a : b;

function join(a: Units, b: Units): Units {
  return a === 'all' || b === 'all' ? 'all' : union(a, b);
}

const sameUnits = (a: Units, b: Units): boolean =>
  a === b || (a !== 'all' && b !== 'all' && rangesKey(a) === rangesKey(b));

const rangesKey = (ranges: readonly SerialRange[]): string =>
  ranges.map(({ gtin, prefix, width, first, last }) => [gtin, prefix, width, first, last].join('|')).join(',');
