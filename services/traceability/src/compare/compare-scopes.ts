import { itemOf } from '../aggregate/item-of.ts';
import { count } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { KeptTrace, KeptTraces } from '../trace/kept-traces.ts';
import { placeOf } from '../trace/numbers.ts';
import { totalsOf, type Totals } from '../trace/totals.ts';
import { SLICE, unitsAt, type Pausing } from '../trace/walk.ts';

export interface ScopeSize extends Totals {
  readonly lots: number;
  /** Lots of which only some units are affected. */
  readonly partly: number;
  /** Lots that no other scope has. */
  readonly onlyHere: number;
  /** Those who have, used or are about to get any of it. */
  readonly custodians: number;
  /** Lots at which a limit of hops stopped the walk. */
  readonly stoppedAt: number;
}

/** How several scopes lie over each other, in lots. */
export interface Overlap {
  /** In the order of the question. */
  readonly scopes: readonly ScopeSize[];
  readonly inAll: number;
  /** Different lots in any of them. */
  readonly inAny: number;
}

/** Which lots are listed: all, those that only one scope has, those that not all have, those that all have. */
export type Shown = 'all' | 'only-one' | 'differing' | 'in-all';

/** A lot and the scopes that have it, by their places in the question. */
export interface ComparedLot {
  readonly lot: string;
  readonly item: string | null;
  readonly in: readonly number[];
  /** How many of its units each of these scopes has; null = all of them. */
  readonly units: readonly (number | null)[];
}

export interface ComparedLots {
  readonly items: readonly ComparedLot[];
  /** Null at the end. */
  readonly next: string | null;
}

interface Met {
  readonly lot: string;
  readonly number: number | undefined;
  readonly in: readonly number[];
}

/** Null: one of the traces is not kept any more. */
export function* overlapOf(graph: Genealogy, kept: KeptTraces, handles: readonly string[]): Pausing<Overlap | null> {
  const traces = tracesOf(kept, handles);
  if (!traces) return null;
  const lots = traces.map(() => 0);
  const partly = traces.map(() => 0);
  const onlyHere = traces.map(() => 0);
  let [inAll, inAny] = [0, 0];
  const add = (counts: number[], at: number): void => void (counts[at] = (counts[at] ?? 0) + 1);
  for (const met of meeting(graph, traces, { scope: 0, at: 0 })) {
    if (met === undefined) {
      yield;
      continue;
    }
    inAny += 1;
    if (met.in.length === traces.length) inAll += 1;
    for (const scope of met.in) {
      add(lots, scope);
      if (met.number !== undefined && unitsIn(traces[scope], met.number) !== null) add(partly, scope);
    }
    const [only] = met.in;
    if (met.in.length === 1 && only !== undefined) add(onlyHere, only);
  }
  const scopes: ScopeSize[] = [];
  for (const [scope, trace] of traces.entries()) {
    const totals = yield* totalsOf(graph, trace, trace.unitWays);
    scopes.push({
      ...totals,
      lotsWithoutSerials: totals.lotsWithoutSerials + trace.unknownRoots.length,
      lots: lots[scope] ?? 0,
      partly: partly[scope] ?? 0,
      onlyHere: onlyHere[scope] ?? 0,
      custodians: trace.custodians.length,
      stoppedAt: trace.reached.stopped.length,
    });
  }
  return { scopes, inAll, inAny };
}

/** A page of the lots; throws RangeError for a cursor that no page ever gave. */
export function* comparedLots(
  graph: Genealogy,
  kept: KeptTraces,
  { traces: handles, shown, limit, cursor = '0.0' }: ComparedLotsAsk,
): Pausing<ComparedLots | null> {
  const traces = tracesOf(kept, handles);
  if (!traces) return null;
  const items: ComparedLot[] = [];
  for (const met of meeting(graph, traces, placeIn(cursor))) {
    if (met === undefined) yield;
    else if (isShown(shown, met.in.length, traces.length)) {
      if (items.length === limit) return { items, next: met.cursor };
      items.push(lineOf(graph, traces, met));
    }
  }
  return { items, next: null };
}

export interface ComparedLotsAsk {
  readonly traces: readonly string[];
  readonly shown: Shown;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Place {
  readonly scope: number;
  readonly at: number;
}

function placeIn(cursor: string): Place {
  const [scope = NaN, at = NaN] = cursor.split('.').map(Number);
  if (!Number.isSafeInteger(scope) || !Number.isSafeInteger(at) || scope < 0 || at < 0)
    throw new RangeError(`${cursor} is no cursor of a comparison`);
  return { scope, at };
}

/** Each lot once, where the first scope that has it lists it; undefined where others may have their turn. */
function* meeting(
  graph: Genealogy,
  traces: readonly KeptTrace[],
  from: Place,
): Generator<(Met & { readonly cursor: string }) | undefined, void, undefined> {
  let left = SLICE;
  for (let scope = from.scope; scope < traces.length; scope++) {
    const { order, reached, unknownRoots } = traces[scope] as KeptTrace;
    const size = order.length + unknownRoots.length;
    for (let at = scope === from.scope ? from.at : 0; at < size; at++) {
      if (left-- <= 0) {
        yield undefined;
        left = SLICE;
      }
      const number = at < order.length ? reached.places.keys[order[at] ?? 0] : undefined;
      const lot = number === undefined ? (unknownRoots[at - order.length] ?? '') : graph.lotIds.text(number);
      const has = traces.flatMap((trace, other) => (hasLot(trace, lot, number) ? [other] : []));
      if (has[0] === scope) yield { lot, number, in: has, cursor: `${String(scope)}.${String(at)}` };
    }
  }
}

const hasLot = ({ reached, unknownRoots }: KeptTrace, lot: string, number: number | undefined): boolean =>
  number === undefined ? unknownRoots.includes(lot) : placeOf(reached.places, number) >= 0;

const isShown = (shown: Shown, having: number, all: number): boolean =>
  shown === 'all' ||
  (shown === 'only-one' && having === 1) ||
  (shown === 'differing' && having < all) ||
  (shown === 'in-all' && having === all);

/** How many units of a lot a scope has; null = all of them. */
function unitsIn(trace: KeptTrace | undefined, lot: number): number | null {
  if (!trace) return null;
  const units = unitsAt(trace.reached, placeOf(trace.reached.places, lot));
  return units === 'all' ? null : count(units);
}

const lineOf = (graph: Genealogy, traces: readonly KeptTrace[], { lot, number, in: has }: Met): ComparedLot => ({
  lot,
  item: number === undefined ? null : itemOf(graph, number),
  in: has,
  units: has.map((scope) => (number === undefined ? null : unitsIn(traces[scope], number))),
});

function tracesOf(kept: KeptTraces, handles: readonly string[]): readonly KeptTrace[] | undefined {
  const traces = handles.map((handle) => kept.get(handle));
  return traces.every((trace) => trace !== undefined) ? traces : undefined;
}
