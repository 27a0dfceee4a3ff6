import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Lot } from '../genealogy/model.ts';
import { lotAt } from '../genealogy/nodes.ts';
import type { Units } from '../trace/carry-serials.ts';
import type { KeptTraces } from '../trace/kept-traces.ts';
import { unitsAt } from '../trace/walk.ts';

/** Lots by their ids, those of a kept trace, or all that there are. */
export type LotSet =
  | { readonly kind: 'lots'; readonly lots: readonly string[] }
  | { readonly kind: 'trace'; readonly trace: string }
  | { readonly kind: 'all' };

/** A lot, or those of its units that are in the set. */
export interface LotInSet {
  readonly lot: Lot;
  readonly units: Units;
}

export interface LotSlice {
  readonly lots: readonly LotInSet[];
  /** Where the next slice begins; null after the last. */
  readonly next: number | null;
}

/**
 * Some of the lots of a set, so that nobody waits long for its turn. A placeholder that turned out to be a lot is counted
 * with it. Undefined: the trace is not kept any more.
 */
export function sliceOf(
  { graph, traces }: { readonly graph: Genealogy; readonly traces: KeptTraces },
  set: LotSet,
  from: number,
  most: number,
): LotSlice | undefined {
  const numbers = numbersOf(graph, traces, set);
  if (!numbers) return undefined;
  const [size, at] = numbers;
  const to = Math.min(size, from + most);
  const lots: LotInSet[] = [];
  for (let index = from; index < to; index++) {
    const found = at(index);
    if (!found) continue;
    const lot = lotAt(graph, found.number);
    if (set.kind !== 'all' || lot.standsFor.length === 0) lots.push({ lot, units: found.units });
  }
  return { lots, next: to < size ? to : null };
}

function numbersOf(
  graph: Genealogy,
  traces: KeptTraces,
  set: LotSet,
): readonly [size: number, at: (index: number) => Found | undefined] | undefined {
  if (set.kind === 'all') return [graph.lotIds.size, (number) => ({ number, units: 'all' })];
  if (set.kind === 'lots') return [set.lots.length, (index) => whole(graph.lotIds.find(set.lots[index] ?? ''))];
  const trace = traces.get(set.trace);
  if (!trace) return undefined;
  const { order, reached } = trace;
  return [
    order.length,
    (index) => {
      const number = reached.places.keys[order[index] ?? -1];
      return number === undefined ? undefined : { number, units: unitsAt(reached, order[index] ?? 0) };
    },
  ];
}

interface Found {
  readonly number: number;
  readonly units: Units;
}

const whole = (number: number | undefined): Found | undefined =>
  number === undefined ? undefined : { number, units: 'all' };
