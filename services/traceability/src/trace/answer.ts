import type { PathStep, ScopeCustodian, ScopeLot } from '@lotwarden/contracts/events';
import { count } from '@lotwarden/platform/serial-range';
import type { Quantity } from '@lotwarden/platform/quantity';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { createParts, type Parts } from '../genealogy/read-parts.ts';
import { amountOf } from './amount.ts';
import type { Units } from './carry-serials.ts';
import { custodyOf } from './custody.ts';
import { certaintyAt, edgeOf, sureness } from '../genealogy/marks.ts';
import type { Tree } from './paths.ts';
import type { Direction } from './propagation.ts';
import { atOnce, lotIdAt, tracing, type Traced } from './trace.ts';
import { unitsAt, type Pausing, type Start } from './walk.ts';
import { waysTo } from './ways.ts';

export interface Scope {
  /** Nearest to a root first, then by id. */
  readonly lots: readonly ScopeLot[];
  readonly custodians: readonly ScopeCustodian[];
}

/** Everything in scope of these roots, and why. A root that nobody mentioned yet is in the scope all the same. */
export function* scoping(
  graph: Genealogy,
  roots: readonly string[],
  direction: Direction,
  hops?: number,
  more: readonly Start[] = [],
): Pausing<Scope> {
  const known = roots.flatMap((root) => graph.lotIds.find(root) ?? []);
  const starts = [...known.map((lot): Start => ({ lot, units: 'all' })), ...more];
  const traced = yield* tracing(graph, starts, { direction, hops });
  const places = Array.from({ length: traced.reached.places.size }, (_, place) => place);
  const affected: ScopeLot[] = [];
  const parts = createParts(graph);
  for (const place of places) {
    affected.push(scopeLot(graph, traced, place, parts));
    if (place % LINES === LINES - 1) yield;
  }
  const unheardOf = [...new Set(roots.filter((root) => graph.lotIds.find(root) === undefined))];
  const lots = [...affected, ...unheardOf.map(unknownRoot)];
  lots.sort((a, b) => a.path.length - b.path.length || (a.lot < b.lot ? -1 : 1));
  return { lots, custodians: direction === 'forward' ? custodiansOf(graph, traced, places) : [] };
}

/** The same in one go. */
export const scopeOf = (...asked: Parameters<typeof scoping>): Scope => atOnce(scoping(...asked));

/** Lines between two pauses. */
const LINES = 20;

const unknownRoot = (lot: string): ScopeLot => ({
  lot,
  item: null,
  quantity: null,
  serials: { mode: 'all', ranges: [] },
  certainty: 'scanned',
  path: [{ lot, operation: null, edge: null, certainty: null }],
  ways: [],
});

function scopeLot(graph: Genealogy, traced: Traced, place: number, parts: Parts): ScopeLot {
  const { reached, paths } = traced;
  const units = unitsAt(reached, place);
  const lot = reached.places.keys[place] ?? 0;
  return {
    lot: lotIdAt(graph, reached, place),
    item: parts.lot(lot).declaration?.item ?? null,
    quantity: quantityOf(graph, lot, units, parts),
    serials: units === 'all' ? { mode: 'all', ranges: [] } : { mode: 'only', ranges: units },
    certainty: certaintyAt(paths.shortest.sure[place] ?? 0),
    path: pathTo(graph, traced, place),
    ways: waysTo(graph, traced, place),
  };
}

/** From the root to the lot: each step names the operation that leads on and how sure that link is. */
export function pathTo(
  graph: Genealogy,
  { reached, paths: { shortest, onward } }: Pick<Traced, 'reached' | 'paths'>,
  place: number,
  first: Tree = shortest,
): PathStep[] {
  const steps: PathStep[] = [{ lot: lotIdAt(graph, reached, place), operation: null, edge: null, certainty: null }];
  for (let [tree, at] = [first, place]; (tree.via[at] ?? 0) >= 0; [tree, at] = [onward, tree.via[at] ?? 0])
    steps.push({
      lot: lotIdAt(graph, reached, tree.via[at] ?? 0),
      operation: graph.operationIds.text(tree.operation[at] ?? 0),
      edge: edgeOf(tree.mark[at] ?? 0),
      certainty: certaintyAt(sureness(tree.mark[at] ?? 0)),
    });
  return steps.reverse();
}

/** All that ever came into the lot, or as many units as are affected; null where nobody said how much there is. */
export function quantityOf(
  graph: Genealogy,
  lot: number,
  units: Units,
  parts = createParts(graph),
  part = parts.lot(lot),
): Quantity | null {
  // A serial is one piece, whatever unit its lot is booked in.
  if (units !== 'all') return { value: String(count(units)), unit: 'EA' };
  const whole = amountOf(graph, lot, parts, part);
  return whole.value === '0' ? null : whole;
}

/** Whoever holds, used, or is about to receive affected goods, each with its own lots only. */
function custodiansOf(graph: Genealogy, { reached }: Traced, places: readonly number[]): ScopeCustodian[] {
  const lines = new Map<string, ScopeCustodian['lines'][number][]>();
  for (const place of places) {
    for (const [party, line] of custodyOf(graph, reached.places.keys[place] ?? 0, unitsAt(reached, place))) {
      const own = lines.get(party) ?? [];
      lines.set(party, own);
      own.push(line);
    }
  }
  return [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([custodian, own]) => ({ custodian, lines: own.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)) }));
}

/** One lot may be booked in more than one unit. */
export const placeOf = ({ lot, quantity }: ScopeCustodian['lines'][number]): string => `${lot} ${quantity.unit}`;
