import type { Genealogy } from '../genealogy/genealogy.ts';
import { operationAt } from '../genealogy/nodes.ts';
import { pathTo } from './answer.ts';
import { becauseOf } from './because.ts';
import { certaintyAt } from '../genealogy/marks.ts';
import type { KeptTrace } from './kept-traces.ts';
import { placeOf } from './numbers.ts';
import type { TraceWhy, WhyStep } from './trace-question.ts';

/** Why a lot is in a kept trace; null where it is not. */
export function whyIn(graph: Genealogy, trace: KeptTrace, id: string): TraceWhy | null {
  const lot = graph.lotIds.find(id);
  const place = lot === undefined ? -1 : placeOf(trace.reached.places, lot);
  if (place < 0) return null;
  const certainty = certaintyAt(trace.paths.shortest.sure[place] ?? 0);
  const path = pathTo(graph, trace, place);
  return { lot: id, certainty, path: path.map((step, at): WhyStep => ({ ...step, because: because(at) })) };

  /** Forward a step names the lot that went in, backward the next one did. */
  function because(at: number): WhyStep['because'] {
    const { lot: from = '', operation = null } = path[at] ?? {};
    if (operation === null) return [];
    const wentIn = trace.direction === 'backward' ? (path[at + 1]?.lot ?? '') : from;
    const [index, input] = [graph.operationIds.find(operation), graph.lotIds.find(wentIn)];
    return index === undefined || input === undefined ? [] : becauseOf(graph, operationAt(graph, index), input);
  }
}
