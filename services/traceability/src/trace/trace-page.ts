import { Rejected } from '@lotwarden/platform/errors';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { OperationLine } from '../genealogy/model.ts';
import { meant, operationAt } from '../genealogy/nodes.ts';
import { createParts } from '../genealogy/read-parts.ts';
import { createWriter, type Writer } from '../packed/bytes.ts';
import { placeOf as lineKey } from './answer.ts';
import { becauseOf } from './because.ts';
import { custodyOf } from './custody.ts';
import { writeAscii, writeJson } from './json-bytes.ts';
import type { KeptTrace } from './kept-traces.ts';
import { lotLines } from './lot-line.ts';
import { placeOf } from './numbers.ts';
import type { Cycle, StoppedLot, TracedCustodian, TracedLine, TracedLot, TracedOperation, TracePageAsk } from './trace-question.ts'; // prettier-ignore
import { atOnce } from './trace.ts';
import { unitsAt, type Pausing } from './walk.ts';

/**
 * A page of a kept trace as JSON. Which lots there are, and how surely, was found when the trace was asked for; how much
 * of them there is, and who has it, is what is known now. Of a trace with limits each page names them. Throws `cursor-invalid` for one that no page ever gave.
 */
export function* paging(
  graph: Genealogy,
  trace: KeptTrace,
  { part, limit, cursor = '0' }: Omit<TracePageAsk, 'trace'>,
): Pausing<Uint8Array> {
  const from = Number(cursor);
  if (!Number.isSafeInteger(from) || from < 0) throw new Rejected('cursor-invalid');
  const out = createWriter(Math.min(limit, MOST_ROOM) * ROOM + ROOM);
  const [size, write] = listOf(graph, trace, part, out);
  const to = Math.min(size, from + limit);
  writeAscii(out, '{"items":[');
  for (let at = from; at < to; at++) {
    if (at > from) writeAscii(out, ',');
    write(at);
    if ((at - from) % LINES === LINES - 1) yield;
  }
  writeAscii(out, to < size ? `],"next":"${String(to)}"` : '],"next":null');
  if (trace.limits) writeJson(out, `,${JSON.stringify(trace.limits).slice(1, -1)}`);
  writeAscii(out, '}');
  return written(out);
}

/** Bytes that a line has, about. */
const ROOM = 512;
const MOST_ROOM = 2_000;

/** In a buffer of its own, so that it can go over to another thread as it is. */
const written = ({ bytes, size }: Writer): Uint8Array =>
  bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer.transfer(size)) : bytes.slice(0, size);

/** Lines between two pauses. */
const LINES = 10;

/** The same in one go. */
export const pageOf = (...asked: Parameters<typeof paging>): Uint8Array => atOnce(paging(...asked));

function listOf(
  graph: Genealogy,
  trace: KeptTrace,
  part: TracePageAsk['part'],
  out: Writer,
): [size: number, write: (at: number) => void] {
  const { order, unknownRoots, custodians, reached, cycles } = trace;
  const asJson =
    (item: (at: number) => unknown) =>
    (at: number): void =>
      writeJson(out, JSON.stringify(item(at)));
  switch (part) {
    case 'lots': {
      const line = lotLines(graph, trace, createParts(graph), out);
      const unknown = asJson((at) => unknownLot(unknownRoots[at - order.length] ?? ''));
      return [order.length + unknownRoots.length, (at) => (at < order.length ? line(order[at] ?? 0) : unknown(at))];
    }
    case 'custodians':
      return [custodians.length, asJson((at) => custodianLine(graph, trace, at))];
    case 'operations': {
      const [plain, others] = reached.through;
      const roots = trace.operations;
      const operation = (at: number): number => (at < plain.size ? plain.keys[at] : others.keys[at - plain.size]) ?? 0;
      const operationAfterRoots = (at: number): number => roots[at] ?? operation(at - roots.length);
      return [
        roots.length + plain.size + others.size,
        asJson((at) => operationLine(graph, trace, operationAfterRoots(at))),
      ];
    }
    case 'stopped':
      return [reached.stopped.length, asJson((at) => stoppedLine(graph, trace, reached.stopped[at] ?? 0))];
    case 'cycles':
      return [
        cycles.length,
        asJson((at): Cycle => ({ lots: (cycles[at] ?? []).map((place) => idAt(graph, trace, place)).sort() })),
      ];
  }
}

const idAt = (graph: Genealogy, { reached }: KeptTrace, place: number): string =>
  graph.lotIds.text(reached.places.keys[place] ?? 0);

const unknownLot = (lot: string): TracedLot => ({
  lot,
  item: null,
  quantity: null,
  serials: { mode: 'all', ranges: [] },
  units: null,
  certainty: 'scanned',
  hops: 0,
  unitWays: [],
  via: null,
});

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
    inputs: inputs.map(({ edge, certainty, told, ...line }) => ({
      ...lineOf(line),
      quantity: told ? line.quantity : null,
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
