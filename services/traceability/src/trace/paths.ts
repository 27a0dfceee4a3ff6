import { CERTAINTIES, type Certainty, type EdgeKind, type Genealogy, type Operation } from '../genealogy/genealogy.ts';
import { idOf } from './links.ts';

/** How a lot was reached: from which lot, through which operation. */
export interface Via {
  readonly lot: number;
  readonly operation: Operation;
  readonly edge: EdgeKind;
  readonly certainty: Certainty;
}

/** One step from a lot in scope to another. */
export interface Step {
  readonly lot: number;
  readonly via: Via;
  /** What it reached passes on what it got this way; what is only boxed does not. */
  readonly goesOn: boolean;
}

/** The last step of the shortest path to a lot, and of the shortest that goes on from there; null for a root. */
export interface Last {
  readonly via: Via | null;
  readonly onward: Via | null;
}

interface Way {
  readonly via: Via | null;
  readonly hops: number;
  readonly certainty: Certainty;
}

/**
 * The shortest paths from the roots along these steps, level by level, so that each one is there before it is gone on
 * from. Ties go to the surer path, a path being as sure as its worst link, then to the smaller ids.
 */
export function pathsFrom(
  graph: Genealogy,
  roots: Iterable<number>,
  stepsFrom: (lot: number) => readonly Step[],
): Map<number, Last> {
  const start: Way = { via: null, hops: 0, certainty: 'scanned' };
  const shortest = new Map([...roots].map((root) => [root, start]));
  const onward = new Map(shortest);
  for (let frontier = new Set(shortest.keys()); frontier.size > 0;) {
    const next = new Set<number>();
    for (const from of frontier)
      for (const { lot, via, goesOn } of stepsFrom(from)) {
        const way = wayOn(onward.get(from) ?? start, via);
        keepBetter(graph, shortest, lot, way);
        if (goesOn && keepBetter(graph, onward, lot, way)) next.add(lot);
      }
    frontier = next;
  }
  return new Map([...shortest].map(([lot, { via }]) => [lot, { via, onward: onward.get(lot)?.via ?? null }]));
}

const wayOn = ({ hops, certainty }: Way, via: Via): Way => ({
  via,
  hops: hops + 1,
  certainty: worse(certainty, via.certainty),
});

/** Tells whether the way was kept. */
function keepBetter(graph: Genealogy, ways: Map<number, Way>, lot: number, way: Way): boolean {
  const known = ways.get(lot);
  const better = !known || way.hops < known.hops || (way.hops === known.hops && rank(graph, way) < rank(graph, known));
  if (better) ways.set(lot, way);
  return better;
}

/** Surer first, then by ids; the separator sorts before anything an id is made of. */
const rank = (graph: Genealogy, { certainty, via }: Way): string =>
  via ? [CERTAINTIES.indexOf(certainty), via.operation.id, idOf(graph, via.lot), via.edge].join(' ') : '';

export const worse = (a: Certainty, b: Certainty): Certainty =>
  CERTAINTIES.indexOf(a) >= CERTAINTIES.indexOf(b) ? a : b;
