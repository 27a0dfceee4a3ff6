import type { Genealogy } from '../genealogy/genealogy.ts';
import { askTrace, type Answered } from '../trace/ask-trace.ts';
import type { TraceAsk } from '../trace/trace-question.ts';
import type { Pausing } from '../trace/walk.ts';
import { findRoots, type Roots } from './find-roots.ts';
import type { Root, RootFound } from './roots.ts';

export interface TraceFromAsk extends Pick<TraceAsk, 'direction' | 'hops' | 'first'> {
  readonly roots: readonly Root[];
  /** Roots that nobody knows, or that mean several lots, are left out and named; otherwise nothing is traced then. */
  readonly skipUnknown: boolean;
}

export interface TracedFrom {
  readonly found: readonly RootFound[];
  /** Undefined: some root is unknown or ambiguous. */
  readonly answered?: Answered;
}

/** What the roots are, then what they lead to. */
export function* traceFrom(graph: Genealogy, { roots, skipUnknown, ...ask }: TraceFromAsk): Pausing<TracedFrom> {
  const { found, ...starts } = yield* findRoots(graph, roots);
  if (!skipUnknown && found.some(({ is }) => is === 'unknown' || is === 'ambiguous')) return { found };
  return { found, answered: yield* askTrace(graph, { ...ask, ...named(graph, starts) }) };
}

/** By their ids, as a trace is asked for. */
export const named = (
  graph: Genealogy,
  { lots, operations }: Pick<Roots, 'lots' | 'operations'>,
): Pick<TraceAsk, 'roots' | 'operations'> => ({
  roots: [...lots].map(([lot, units]) => {
    const id = graph.lotIds.text(lot);
    return units === 'all' ? { lot: id } : { lot: id, serials: units };
  }),
  operations: [...operations].map((operation) => graph.operationIds.text(operation)),
});
