import { unitLotId, unitOf } from '../genealogy/epcis-ids.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotAt, operationAt } from '../genealogy/nodes.ts';
import { outputsOf } from '../trace/links.ts';
import type { Gap } from '../trace/completeness.ts';
import { lotIdAt, tracing } from '../trace/trace.ts';
import type { Pausing } from '../trace/walk.ts';

/** Lots that something is missing of: itself and all that came of it. */
export interface Impact {
  readonly gap: string;
  /** Null: nobody can tell, it may be any. */
  readonly lots: number | null;
  /** The nearest of them. */
  readonly some: readonly string[];
}

/** Enough to find out which open questions have already come there. */
const SOME = 1_000;

/** What a gap may hide paths to: everything downstream of what it is about. */
export function* impactOf(graph: Genealogy, gap: Gap & { readonly id: string }): Pausing<Impact> {
  const starts = startsOf(graph, gap);
  if (starts === null) return { gap: gap.id, lots: null, some: [] };
  const known = starts.flatMap((lot) => graph.lotIds.find(lot) ?? []);
  const from = known.map((lot) => ({ lot, units: 'all' as const }));
  const { reached } = yield* tracing(graph, from, { direction: 'forward' });
  const { size } = reached.places;
  const some = Array.from({ length: Math.min(size, SOME) }, (_, place) => lotIdAt(graph, reached, place));
  return { gap: gap.id, lots: size, some };
}

const OPERATIONS = 'mes-bridge.operation.v1';

function startsOf(graph: Genealogy, { kind, subject }: Gap): string[] | null {
  if (kind === 'lot-undeclared' || kind === 'alias-ambiguous') return [subject];
  if (kind === 'unit-unknown') {
    const unit = unitOf(subject);
    return unit ? [unitLotId(unit)] : null;
  }
  if (kind.startsWith('operation-')) return madeBy(graph, subject);
  if (kind !== 'version-missing') return null;
  const [topic = '', ...rest] = subject.split(' ');
  const aggregate = rest.join(' ');
  if (topic === OPERATIONS) return madeBy(graph, aggregate);
  return graph.lotIds.find(aggregate) === undefined ? null : [aggregate];
}

function madeBy(graph: Genealogy, id: string): string[] | null {
  const index = graph.operationIds.find(id);
  if (index === undefined) return null;
  return outputsOf(graph, operationAt(graph, index)).map(({ lot }) => lotAt(graph, lot).id);
}
