import { aggregate, type AggregateRow, type Dimension } from './aggregate.ts';
import type { Pausing } from '../trace/walk.ts';
import { sliceOf, type LotSet } from './lot-set.ts';

export interface AggregateAsk {
  readonly set: LotSet;
  readonly by: readonly Dimension[];
  /** Of its months; an IANA name. */
  readonly timeZone?: string | undefined;
  /** Where to begin, and how many lots to look at. */
  readonly from: number;
  readonly most: number;
}

export interface AggregateAnswer {
  readonly rows: readonly AggregateRow[];
  readonly lots: number;
  /** Lots whose balance leaves a remainder. */
  readonly unbalanced: number;
  /** Lots of which only some units are in the set: only these count. */
  readonly partly: number;
  /** Of these, lots whose books do not say where these units are: each number counts at most as many. */
  readonly atMost: number;
  readonly next: number | null;
}

/** Null: the trace is not kept any more. */
export function* aggregating(known: Parameters<typeof sliceOf>[0], ask: AggregateAsk): Pausing<AggregateAnswer | null> {
  const slice = sliceOf(known, ask.set, ask.from, ask.most);
  if (!slice) return null;
  const sums = aggregate(ask.by, ask.timeZone);
  for (const { lot, units } of slice.lots) {
    sums.add(known.graph, lot, units);
    yield;
  }
  return { rows: sums.rows(), lots: slice.lots.length, ...sums.told(), next: slice.next };
}
