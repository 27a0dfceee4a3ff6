import type { Genealogy } from '../genealogy/genealogy.ts';
import { pathTo } from './answer.ts';
import { certaintyAt } from '../genealogy/marks.ts';
import type { KeptTrace } from './kept-traces.ts';
import { placeOf } from './numbers.ts';
import type { TraceWhy } from './trace-question.ts';

/** Why a lot is in a kept trace; null where it is not. */
export function whyIn(graph: Genealogy, trace: KeptTrace, id: string): TraceWhy | null {
  const lot = graph.lotIds.find(id);
  const place = lot === undefined ? -1 : placeOf(trace.reached.places, lot);
  if (place < 0) return null;
  const certainty = certaintyAt(trace.paths.shortest.sure[place] ?? 0);
  return { lot: id, certainty, path: pathTo(graph, trace, place) };
}
