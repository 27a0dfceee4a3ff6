import { formatSerial } from '@lotwarden/platform/serial-range';
import type { PathStep } from '@lotwarden/contracts/events';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { certaintyAt } from '../genealogy/marks.ts';
import { operationAt } from '../genealogy/nodes.ts';
import { pathTo } from './answer.ts';
import { becauseOf } from './because.ts';
import type { KeptTrace } from './kept-traces.ts';
import { everIn } from './links.ts';
import { placeOf } from './numbers.ts';
import type { TraceWhy, WhyStep } from './trace-question.ts';
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
  const because = (at: number): WhyStep['because'] => {
    const { lot: from = '', operation = null } = path[at] ?? {};
    if (operation === null) return [];
    const wentIn = direction === 'backward' ? (path[at + 1]?.lot ?? '') : from;
    const [index, input] = [graph.operationIds.find(operation), graph.lotIds.find(wentIn)];
    return index === undefined || input === undefined ? [] : becauseOf(graph, operationAt(graph, index), input);
  };
  return path.map((step, at) => ({ ...step, because: because(at) }));
}
