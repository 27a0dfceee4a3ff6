import type { PathStep, ScopeCustodian, ScopeLot } from '@lotwarden/contracts/events';
import { count } from '@lotwarden/platform/serial-range';
import { broughtIn } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import type { Quantity } from '@lotwarden/platform/quantity';
import type { Certainty, Genealogy } from '../genealogy/genealogy.ts';
import { lotAt, members } from '../genealogy/nodes.ts';
import type { Units } from './carry-serials.ts';
import { custodyLines } from './custody.ts';
import { idOf } from './links.ts';
import type { Direction } from './propagation.ts';
import { worse } from './paths.ts';
import { trace, type Affected } from './trace.ts';
import { waysTo } from './ways.ts';

export interface Scope {
  /** Nearest to a root first, then by id. */
  readonly lots: readonly ScopeLot[];
  readonly custodians: readonly ScopeCustodian[];
}

/** Everything in scope of these roots, and why. A root that nobody mentioned yet is in the scope all the same. */
export function scopeOf(graph: Genealogy, roots: readonly string[], direction: Direction): Scope {
  const known = roots.flatMap((root) => graph.lotIds.find(root) ?? []);
  const found = trace(graph, known, direction);
  const affected = [...found.values()];
  const unheardOf = [...new Set(roots.filter((root) => graph.lotIds.find(root) === undefined))];
  const lots = [...affected.map((one) => scopeLot(graph, found, one)), ...unheardOf.map(unknownRoot)];
  lots.sort((a, b) => a.path.length - b.path.length || (a.lot < b.lot ? -1 : 1));
  return { lots, custodians: direction === 'forward' ? custodiansOf(graph, affected) : [] };
}

const unknownRoot = (lot: string): ScopeLot => ({
  lot,
  item: null,
  quantity: null,
  serials: { mode: 'all', ranges: [] },
  certainty: 'scanned',
  path: [{ lot, operation: null, edge: null, certainty: null }],
  ways: [],
});

function scopeLot(graph: Genealogy, found: ReadonlyMap<number, Affected>, one: Affected): ScopeLot {
  const path = pathTo(graph, found, one);
  const certainty = path.reduce<Certainty>(
    (sure, step) => worse(sure, (step.certainty ?? 'scanned') as Certainty),
    'scanned',
  );
  const { declaration } = lotAt(graph, one.lot);
  return {
    lot: idOf(graph, one.lot),
    item: declaration?.item ?? null,
    quantity: quantityOf(graph, one),
    serials: one.units === 'all' ? { mode: 'all', ranges: [] } : { mode: 'only', ranges: one.units },
    certainty,
    path,
    ways: waysTo(graph, one.ways),
  };
}

/** From the root to the lot: each step names the operation that leads on and how sure that link is. */
function pathTo(graph: Genealogy, found: ReadonlyMap<number, Affected>, one: Affected): PathStep[] {
  const steps: PathStep[] = [{ lot: idOf(graph, one.lot), operation: null, edge: null, certainty: null }];
  for (let via = one.via; via; via = found.get(via.lot)?.onward ?? null)
    steps.push({
      lot: idOf(graph, via.lot),
      operation: via.operation.id,
      edge: via.edge,
      certainty: via.certainty,
    });
  return steps.reverse();
}

/** All that ever came into the lot, or as many units as are affected; null where nobody said how much there is. */
function quantityOf(graph: Genealogy, { lot, units }: Affected): Quantity | null {
  const whole = broughtIn(booksOf(graph, lotAt(graph, lot)));
  if (units !== 'all') return { value: String(count(units)), unit: whole.unit };
  return whole.value === '0' ? null : whole;
}

/** Whoever holds, used, or is about to receive affected goods, each with its own lots only. */
function custodiansOf(graph: Genealogy, affected: readonly Affected[]): ScopeCustodian[] {
  const lines = new Map<string, ScopeCustodian['lines'][number][]>();
  for (const { lot, units } of affected) {
    for (const [party, line] of linesOf(graph, lot, units)) lines.set(party, [...(lines.get(party) ?? []), line]);
  }
  return [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([custodian, own]) => ({ custodian, lines: own.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)) }));
}

function linesOf(graph: Genealogy, lot: number, units: Units): [string, ScopeCustodian['lines'][number]][] {
  const entries = members(graph, lot).flatMap(({ goods }) => goods);
  const parties = new Set(entries.flatMap(({ party }) => (party === null ? [] : [party])));
  return [...parties].flatMap((party) =>
    custodyLines(idOf(graph, lot), party, entries, units).map((line): [string, typeof line] => [party, line]),
  );
}

/** One lot may be booked in more than one unit. */
const placeOf = ({ lot, quantity }: ScopeCustodian['lines'][number]): string => `${lot} ${quantity.unit}`;
