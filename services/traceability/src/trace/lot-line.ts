import type { Quantity } from '@lotwarden/contracts/events';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Interner } from '../genealogy/interner.ts';
import { certaintyAt, edgeOf, sureness } from '../genealogy/marks.ts';
import { operationAt } from '../genealogy/nodes.ts';
import { PLAIN, type OperationPart } from '../genealogy/operation-form.ts';
import type { Parts } from '../genealogy/read-parts.ts';
import type { Reader, Writer } from '../packed/bytes.ts';
import { quantityOf } from './answer.ts';
import { becauseOf } from './because.ts';
import { readOperation, type OperationRow } from './edges.ts';
import { writeAscii, writeJson, writeKept, writeText, writeWhole } from './json-bytes.ts';
import type { KeptTrace } from './kept-traces.ts';
import { everIn } from './links.ts';
import { createNumbers } from './numbers.ts';
import { isSame, standsIn, sumOf } from './step-amounts.ts';
import { unitsAt } from './walk.ts';

/** Writes the lines of `lots` (`TracedLot`), most of what there is to write when anybody asks what is affected. */
export function lotLines(graph: Genealogy, trace: KeptTrace, parts: Parts, out: Writer): (place: number) => void {
  const { reached, paths, unitWays, direction } = trace;
  const { shortest } = paths;
  const { lotIds, operationIds } = graph;
  const kept: Reader = { bytes: out.bytes, at: 0, self: '' };
  const row: OperationRow = { inputs: createNumbers(), marks: createNumbers(), outputs: createNumbers() };
  const stands = standsIn(graph);
  const writeId = (ids: Interner, index: number): void => {
    const length = ids.locate(index, kept);
    if (!writeKept(out, kept, length)) writeJson(out, JSON.stringify(ids.text(index)));
  };

  const writeStep = (place: number, via: number): void => {
    const index = shortest.operation[place] ?? 0;
    const mark = shortest.mark[place] ?? 0;
    const operation = parts.operation(index);
    const [own, before] = [reached.places.keys[place] ?? 0, reached.places.keys[via] ?? 0];
    const [wentIn, cameOut] = direction === 'backward' ? [own, before] : [before, own];
    writeAscii(out, '{"lot":');
    writeId(lotIds, before);
    writeAscii(out, ',"operation":');
    writeId(operationIds, index);
    writeAscii(out, ',"edge":"');
    writeAscii(out, edgeOf(mark));
    writeAscii(out, '","certainty":"');
    writeAscii(out, certaintyAt(sureness(mark)));
    writeAscii(out, '","taken":');
    // Of a plain one no line means another lot than it names.
    const isPlain = readOperation(graph, index, row) === PLAIN;
    writeQuantity(out, sumOf(operation.inputs, wentIn, isPlain ? isSame : stands));
    writeAscii(out, ',"given":');
    writeQuantity(out, sumOf(operation.outputs, cameOut, isPlain ? isSame : stands));
    if (operation.inputs.every(isNamed)) writeAscii(out, ',"because":[]}');
    else {
      writeAscii(out, ',"because":');
      writeJson(out, JSON.stringify(becauseOf(graph, operationAt(graph, index), wentIn)));
      writeAscii(out, '}');
    }
  };

  return (place) => {
    const lot = reached.places.keys[place] ?? 0;
    const some = unitsAt(reached, place);
    const part = parts.lot(lot);
    const { declaration, serials } = part;
    const ever = part.placeholders.length > 0 ? everIn(graph, lot) : serials.ever;
    const ranges = some === 'all' ? ever : some;
    let units = 0;
    for (const { first, last } of ranges) units += last - first + 1;
    writeAscii(out, '{"lot":');
    writeId(lotIds, lot);
    writeAscii(out, ',"item":');
    if (declaration?.item == null) writeAscii(out, 'null');
    else writeText(out, declaration.item);
    writeAscii(out, ',"quantity":');
    writeQuantity(out, quantityOf(graph, lot, some, parts, part));
    writeAscii(out, some === 'all' ? ',"serials":{"mode":"all","ranges":[' : ',"serials":{"mode":"only","ranges":[');
    writeRanges(out, ranges);
    writeAscii(out, ']},"units":');
    if (some === 'all' && ranges.length === 0) writeAscii(out, 'null');
    else writeWhole(out, units);
    writeAscii(out, ',"certainty":"');
    writeAscii(out, certaintyAt(shortest.sure[place] ?? 0));
    writeAscii(out, '","hops":');
    writeWhole(out, Math.max(0, shortest.hops[place] ?? 0));
    writeAscii(out, ',"unitWays":[');
    unitWays.get(place)?.shortest.forEach((way, at) => {
      writeAscii(out, at > 0 ? ',{"certainty":"' : '{"certainty":"');
      writeAscii(out, certaintyAt(way.sure));
      writeAscii(out, '","hops":');
      writeWhole(out, way.hops);
      writeAscii(out, ',"ranges":[');
      writeRanges(out, way.units);
      writeAscii(out, ']}');
    });
    writeAscii(out, '],"via":');
    const via = shortest.via[place] ?? -1;
    if (via < 0) writeAscii(out, 'null');
    else writeStep(place, via);
    writeAscii(out, '}');
  };
}

/** The operation names it itself: it follows from no mount and no load. */
const isNamed = ({ told, edge }: OperationPart['inputs'][number]): boolean => told && edge !== 'exposure';

function writeQuantity(out: Writer, quantity: Quantity | null): void {
  if (quantity === null) {
    writeAscii(out, 'null');
    return;
  }
  writeAscii(out, '{"value":');
  writeText(out, quantity.value);
  writeAscii(out, ',"unit":');
  writeText(out, quantity.unit);
  writeAscii(out, '}');
}

function writeRanges(out: Writer, ranges: readonly SerialRange[]): void {
  let isFirst = true;
  for (const { gtin, prefix, width, first, last } of ranges) {
    writeAscii(out, isFirst ? '{"gtin":' : ',{"gtin":');
    isFirst = false;
    writeText(out, gtin);
    writeAscii(out, ',"prefix":');
    writeText(out, prefix);
    writeAscii(out, ',"width":');
    writeWhole(out, width);
    writeAscii(out, ',"first":');
    writeWhole(out, first);
    writeAscii(out, ',"last":');
    writeWhole(out, last);
    writeAscii(out, '}');
  }
}
