import type { Quantity } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { union, type SerialRange } from '@lotwarden/platform/serial-range';
import { fromExact, toExact } from '../balance/exact.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { OperationLine } from '../genealogy/model.ts';
import { lotAt, meant, members, operationAt } from '../genealogy/nodes.ts';
import { placeOf as lineKey, quantityOf } from './answer.ts';
import { becauseOf } from './because.ts';
import { custodyOf } from './custody.ts';
import { certaintyAt, edgeOf, sureness } from '../genealogy/marks.ts';
import type { KeptTrace } from './kept-traces.ts';
import { placeOf } from './numbers.ts';
import type { Cycle, StoppedLot, TracedCustodian, TracedLine, TracedLot, TracedOperation, TracePageAsk, TraceStep } from './trace-question.ts'; // prettier-ignore
import { atOnce } from './trace.ts';
import { unitsAt, type Pausing } from './walk.ts';

const utf8 = new TextEncoder();

/**
 * A page of a kept trace as JSON. Which lots there are, and how surely, was found when the trace was asked for; how much
 * of them there is, and who has it, is what is known now. Throws `cursor-invalid` for one that no page ever gave.
 */
export function* paging(
  graph: Genealogy,
  trace: KeptTrace,
  { part, limit, cursor = '0' }: Omit<TracePageAsk, 'trace'>,
): Pausing<Uint8Array> {
  const from = Number(cursor);
  if (!Number.isSafeInteger(from) || from < 0) throw new Rejected('cursor-invalid');
  const [size, item] = listOf(graph, trace, part);
  const to = Math.min(size, from + limit);
  const items: string[] = [];
  for (let at = from; at < to; at++) {
    items.push(JSON.stringify(item(at)));
    if (items.length % LINES === 0) yield;
  }
  return utf8.encode(`{"items":[${items.join(',')}],"next":${to < size ? `"${to}"` : 'null'}}`);
}

/** Lines between two pauses. */
const LINES = 10;

/** The same in one go. */
export const pageOf = (...asked: Parameters<typeof paging>): Uint8Array => atOnce(paging(...asked));

function listOf(
  graph: Genealogy,
  trace: KeptTrace,
  part: TracePageAsk['part'],
): [size: number, item: (at: number) => unknown] {
  const { order, unknownRoots, custodians, reached, cycles } = trace;
  switch (part) {
    case 'lots':
      return [
        order.length + unknownRoots.length,
        (at) =>
          at < order.length ? lotLine(graph, trace, order[at] ?? 0) : unknownLot(unknownRoots[at - order.length] ?? ''),
      ];
    case 'custodians':
      return [custodians.length, (at) => custodianLine(graph, trace, at)];
    case 'operations': {
      const [plain, others] = reached.through;
      const operation = (at: number): number => (at < plain.size ? plain.keys[at] : others.keys[at - plain.size]) ?? 0;
      return [plain.size + others.size, (at) => operationLine(graph, trace, operation(at))];
    }
    case 'stopped':
      return [reached.stopped.length, (at) => stoppedLine(graph, trace, reached.stopped[at] ?? 0)];
    case 'cycles':
      return [
        cycles.length,
        (at): Cycle => ({ lots: (cycles[at] ?? []).map((place) => idAt(graph, trace, place)).sort() }),
      ];
  }
}

const idAt = (graph: Genealogy, { reached }: KeptTrace, place: number): string =>
  graph.lotIds.text(reached.places.keys[place] ?? 0);

function lotLine(graph: Genealogy, trace: KeptTrace, place: number): TracedLot {
  const { reached, paths } = trace;
  const lot = reached.places.keys[place] ?? 0;
  const units = unitsAt(reached, place);
  const ranges = units === 'all' ? everIn(graph, lot) : units;
  return {
    lot: graph.lotIds.text(lot),
    item: lotAt(graph, lot).declaration?.item ?? null,
    quantity: quantityOf(graph, lot, units),
    serials: { mode: units === 'all' ? 'all' : 'only', ranges },
    units:
      units === 'all' && ranges.length === 0
        ? null
        : ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0),
    certainty: certaintyAt(paths.shortest.sure[place] ?? 0),
    hops: Math.max(0, paths.shortest.hops[place] ?? 0),
    via: stepTo(graph, trace, place),
  };
}

const unknownLot = (lot: string): TracedLot => ({
  lot,
  item: null,
  quantity: null,
  serials: { mode: 'all', ranges: [] },
  units: null,
  certainty: 'scanned',
  hops: 0,
  via: null,
});

/** Every unit that was ever in the lot. */
function everIn(graph: Genealogy, lot: number): readonly SerialRange[] {
  const node = lotAt(graph, lot);
  if (node.placeholders.length === 0) return node.serials.ever;
  return union(
    members(graph, lot).flatMap(({ serials }) => [...serials.ever]),
    [],
  );
}

function stepTo(graph: Genealogy, trace: KeptTrace, place: number): TraceStep | null {
  const { shortest } = trace.paths;
  const via = shortest.via[place] ?? -1;
  if (via < 0) return null;
  const mark = shortest.mark[place] ?? 0;
  const operation = operationAt(graph, shortest.operation[place] ?? 0);
  const [own, before] = [trace.reached.places.keys[place] ?? 0, trace.reached.places.keys[via] ?? 0];
  const [wentIn, cameOut] = trace.direction === 'backward' ? [own, before] : [before, own];
  return {
    lot: graph.lotIds.text(before),
    operation: operation.id,
    edge: edgeOf(mark),
    certainty: certaintyAt(sureness(mark)),
    taken: amountOf(graph, operation.inputs, wentIn),
    given: amountOf(graph, operation.outputs, cameOut),
    because: becauseOf(graph, operation, wentIn),
  };
}

/** What the lines say of a lot, in the unit of the first of them. */
function amountOf(graph: Genealogy, lines: readonly OperationLine[], lot: number): Quantity | null {
  const own = lines.filter((line) => line.lot === lot || meant(graph, line.lot).includes(lot));
  const [first, ...more] = own;
  if (first === undefined || more.length === 0) return first?.quantity ?? null;
  const { unit } = first.quantity;
  const same = own.filter(({ quantity }) => quantity.unit === unit);
  return { value: fromExact(same.reduce((sum, { quantity }) => sum + toExact(quantity.value), 0n)), unit };
}

function custodianLine(graph: Genealogy, { custodians, reached }: KeptTrace, at: number): TracedCustodian {
  const [custodian, places] = custodians[at] ?? ['', []];
  const lines = places.flatMap((place) =>
    custodyOf(graph, reached.places.keys[place] ?? 0, unitsAt(reached, place), custodian).map(([, line]) => line),
  );
  return { custodian, lines: lines.sort((a, b) => (lineKey(a) < lineKey(b) ? -1 : 1)) };
}

function operationLine(graph: Genealogy, { reached }: KeptTrace, index: number): TracedOperation {
  const operation = operationAt(graph, index);
  const { id, head, inputs, outputs, scrap } = operation;
  const isInScope = (lot: number): boolean => meant(graph, lot).some((one) => placeOf(reached.places, one) >= 0);
  const lineOf = ({ lot, quantity }: Pick<OperationLine, 'lot' | 'quantity'>): TracedLine => ({
    lot: graph.lotIds.text(lot),
    quantity,
    inScope: isInScope(lot),
  });
  return {
    operation: id,
    kind: head?.kind ?? null,
    site: head?.site ?? null,
    equipment: head?.equipment ?? null,
    operator: head?.operator ?? null,
    startedAt: head?.startedAt ?? null,
    endedAt: head?.endedAt ?? null,
    inputs: inputs.map(({ edge, certainty, ...line }) => ({
      ...lineOf(line),
      edge,
      certainty,
      because: becauseOf(graph, operation, line.lot),
    })),
    outputs: outputs.map(lineOf),
    scrap: scrap.map(lineOf),
  };
}

const stoppedLine = (graph: Genealogy, trace: KeptTrace, place: number): StoppedLot => ({
  lot: idAt(graph, trace, place),
  hops: Math.max(0, trace.paths.shortest.hops[place] ?? 0),
});
