import type { Genealogy } from '../genealogy/genealogy.ts';
import { operationAt } from '../genealogy/nodes.ts';
import type { Units } from './carry-serials.ts';
import { custodyOf } from './custody.ts';
import { cyclesIn } from './cycles.ts';
import type { KeptTrace } from './kept-traces.ts';
import { totalsOf, type Totals } from './totals.ts';
import { placeOf } from './numbers.ts';
import { startsOf, tracing, type Traced } from './trace.ts';
import type { TraceAsk, TraceSummary } from './trace-question.ts';
import { findUnitWays } from './unit-ways.ts';
import { SLICE, unitsAt, type Pausing, type Start } from './walk.ts';

export interface Answered {
  readonly trace: KeptTrace;
  readonly summary: Omit<TraceSummary, 'trace'>;
}

/** Walks, and says what it amounts to. */
export function* askTrace(graph: Genealogy, ask: TraceAsk): Pausing<Answered> {
  const { direction } = ask;
  const unknownRoots = [...new Set(ask.roots.map(({ lot }) => lot))].filter((lot) => graph.lotIds.find(lot) === undefined); // prettier-ignore
  const traced = direction === 'siblings' ? yield* siblings(graph, ask) : yield* straight(graph, ask, direction);
  const unitWays = yield* findUnitWays(graph, traced);
  const totals = yield* totalsOf(graph, traced, unitWays);
  const custodians = direction === 'backward' ? [] : yield* custodiansIn(graph, traced);
  const cycles = yield* cyclesIn(graph, traced);
  const { reached, paths } = traced;
  const order = nearestFirst(traced, totals.hops);
  const operations = rootOperations(graph, ask, reached);
  const trace: KeptTrace = { direction, reached, paths, unitWays, order, operations, unknownRoots, cycles, custodians };
  return { trace, summary: summaryOf(graph, ask, trace, totals) };
}

function straight(graph: Genealogy, ask: TraceAsk, direction: 'forward' | 'backward'): Pausing<Traced> {
  return tracing(graph, startsFor(graph, ask, direction), { direction, hops: ask.hops });
}

function rootOperations(graph: Genealogy, { operations = [] }: TraceAsk, { through }: Traced['reached']): number[] {
  const known = new Set(operations.flatMap((id) => graph.operationIds.find(id) ?? []));
  return [...known].filter(
    (index) => !operationAt(graph, index).voided && through.every((places) => placeOf(places, index) < 0),
  );
}

/**
 * Back to everything that went into the roots, then forward from there. A root may be an input of another; one that
 * nothing went into is its own.
 */
function* siblings(graph: Genealogy, ask: TraceAsk): Pausing<Traced> {
  const { reached, paths, steps } = yield* straight(graph, ask, 'backward');
  const others = (place: number, by: 'into' | 'from'): boolean => {
    let found = false;
    const own = reached.places.keys[place];
    if (by === 'into') steps.into(place, (from) => from !== place, () => (found = true)); // prettier-ignore
    else steps.from(place, () => true, (lot) => (found ||= lot !== own)); // prettier-ignore
    return found;
  };
  const starts: Start[] = [];
  for (let place = 0; place < reached.places.size; place++) {
    const isInput = (paths.shortest.hops[place] ?? 0) > 0 || (ask.operations ?? []).length > 0;
    if (isInput || others(place, 'into') || !others(place, 'from'))
      starts.push({ lot: reached.places.keys[place] ?? 0, units: unitsAt(reached, place) });
    if (place % SLICE === SLICE - 1) yield;
  }
  return yield* tracing(graph, starts, { direction: 'forward', hops: ask.hops });
}

const startsFor = (
  graph: Genealogy,
  { roots, operations = [] }: TraceAsk,
  direction: 'forward' | 'backward',
): Start[] => [
  ...roots.flatMap(({ lot, serials }): Start[] => {
    const known = graph.lotIds.find(lot);
    const units: Units = serials ?? 'all';
    return known === undefined ? [] : [{ lot: known, units }];
  }),
  ...operations.flatMap((id) => {
    const known = graph.operationIds.find(id);
    return known === undefined ? [] : startsOf(graph, known, direction);
  }),
];

/** By hops; lots of the same distance in the order in which the walk met them. */
function nearestFirst({ reached: { places }, paths: { shortest } }: Traced, most: number): Int32Array {
  const starts = new Int32Array(most + 2);
  const distance = (place: number): number => Math.max(0, shortest.hops[place] ?? 0);
  for (let place = 0; place < places.size; place++)
    starts[distance(place) + 1] = (starts[distance(place) + 1] ?? 0) + 1;
  for (let hops = 0; hops <= most; hops++) starts[hops + 1] = (starts[hops + 1] ?? 0) + (starts[hops] ?? 0);
  const order = new Int32Array(places.size);
  for (let place = 0; place < places.size; place++) {
    const at = starts[distance(place)] ?? 0;
    order[at] = place;
    starts[distance(place)] = at + 1;
  }
  return order;
}

function* custodiansIn(graph: Genealogy, { reached }: Traced): Pausing<KeptTrace['custodians']> {
  const found = new Map<string, number[]>();
  let left = SLICE;
  for (let place = 0; place < reached.places.size; place++) {
    const lines = custodyOf(graph, reached.places.keys[place] ?? 0, unitsAt(reached, place));
    for (const [party] of lines) {
      const places = found.get(party) ?? [];
      found.set(party, places);
      if (places.at(-1) !== place) places.push(place);
    }
    left -= 1 + 20 * lines.length;
    if (left > 0) continue;
    yield;
    left = SLICE;
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function summaryOf(graph: Genealogy, ask: TraceAsk, trace: KeptTrace, totals: Totals): Answered['summary'] {
  const { direction, reached, unknownRoots, custodians, cycles } = trace;
  const { scanned, ...lessSure } = totals.byCertainty;
  return {
    direction,
    totalLots: reached.places.size + unknownRoots.length,
    totalUnits: totals.units,
    lotsWithoutSerials: totals.lotsWithoutSerials + unknownRoots.length,
    byCertainty: { scanned: scanned + unknownRoots.length, ...lessSure },
    unitsByCertainty: totals.unitsByCertainty,
    hops: totals.hops,
    custodians: custodians.length,
    stoppedAt: reached.stopped.length,
    cycles: cycles.length,
    unknownRoots,
    unknownOperations: (ask.operations ?? []).filter((id) => graph.operationIds.find(id) === undefined),
  };
}
