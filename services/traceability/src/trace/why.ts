import { formatSerial } from '@lotwarden/platform/serial-range';
import type { PathStep } from '@lotwarden/contracts/events';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Quantity } from '@lotwarden/platform/quantity';
import { fromExact, toExact } from '../balance/exact.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { certaintyAt } from '../genealogy/marks.ts';
import { operationAt } from '../genealogy/nodes.ts';
import { usesIn, type Use } from '../shrink/uses.ts';
import { pathTo } from './answer.ts';
import { becauseOf } from './because.ts';
import type { KeptTrace } from './kept-traces.ts';
import { everIn } from './links.ts';
import { placeOf } from './numbers.ts';
import type { TraceWhy, WhyStep } from './trace-question.ts';
import { standsIn, sumOf } from './step-amounts.ts';
import { pathToUnit } from './unit-path.ts';
import { unitsAt } from './walk.ts';

/** A unit of a lot by what is printed on it; its GTIN where the lot has units of several. */
export interface NamedUnit {
  readonly serial: string;
  readonly gtin: string | null;
}

/** Why a lot, or one of its units, is in a kept trace; null where it is not. */
export function whyIn(graph: Genealogy, trace: KeptTrace, id: string, unit: NamedUnit | null = null): TraceWhy | null {
  const lot = graph.lotIds.find(id);
  const place = lot === undefined ? -1 : placeOf(trace.reached.places, lot);
  if (place < 0) return null;
  if (unit === null) {
    const certainty = certaintyAt(trace.paths.shortest.sure[place] ?? 0);
    return { lot: id, serial: null, certainty, path: withReasons(graph, trace, pathTo(graph, trace, place)) };
  }
  const units = unitsAt(trace.reached, place);
  const found = unitAmong(units === 'all' ? everIn(graph, trace.reached.places.keys[place] ?? 0) : units, unit);
  if (!found) return null;
  const { certainty, path } = pathToUnit(graph, trace, place, found);
  return { lot: id, serial: unit.serial, certainty, path: withReasons(graph, trace, path) };
}

/** The unit as a range of one. */
function unitAmong(ranges: readonly SerialRange[], { serial, gtin }: NamedUnit): SerialRange | undefined {
  for (const range of ranges) {
    if (gtin !== null && range.gtin !== gtin) continue;
    const number = Number(serial.slice(range.prefix.length));
    if (!(number >= range.first && number <= range.last) || formatSerial(range, number) !== serial) continue;
    return { ...range, first: number, last: number };
  }
  return undefined;
}

/** Forward a step names the lot that went in, backward the next one did. */
function withReasons(graph: Genealogy, { direction }: KeptTrace, path: readonly PathStep[]): WhyStep[] {
  const means = standsIn(graph);
  return path.map((step, at) => {
    const { lot, operation } = step;
    const [index, own, next] = [
      operation === null ? undefined : graph.operationIds.find(operation),
      graph.lotIds.find(lot),
      graph.lotIds.find(path[at + 1]?.lot ?? ''),
    ];
    if (index === undefined || own === undefined || next === undefined) return { ...step, ...NO_REASON };
    const [wentIn, cameOut] = direction === 'backward' ? [next, own] : [own, next];
    const done = operationAt(graph, index);
    return {
      ...step,
      taken: sumOf(done.inputs, wentIn, means),
      ...boundsOf(usesIn(graph, done, wentIn)),
      given: sumOf(done.outputs, cameOut, means),
      because: becauseOf(graph, done, wentIn),
    };
  });
}

/** What of a lot must, and what can have gone into one operation, in the unit of the first line. */
function boundsOf(uses: readonly Use[]): Pick<WhyStep, 'takenAtLeast' | 'takenAtMost'> {
  const [first] = uses;
  if (!first) return { takenAtLeast: null, takenAtMost: null };
  const { unit } = first.minimum;
  const own = uses.filter(({ minimum }) => minimum.unit === unit);
  const together = (amounts: readonly (Quantity | null)[]): Quantity | null =>
    amounts.includes(null)
      ? null
      : { value: fromExact(amounts.reduce((sum, one) => sum + toExact(one?.value ?? '0'), 0n)), unit };
  return {
    takenAtLeast: together(own.map(({ minimum }) => minimum)),
    takenAtMost: together(own.map(({ maximum }) => maximum)),
  };
}

const NO_REASON = { taken: null, takenAtLeast: null, takenAtMost: null, given: null, because: [] } as const;
