import type { Genealogy } from '../genealogy/genealogy.ts';
import {
  countIn,
  HAS_MEMBERS,
  inputsIn,
  lotIn,
  lotRow,
  markIn,
  operationRow,
  outputsIn,
} from '../genealogy/read-rows.ts';
import { PLAIN, VOIDED } from '../genealogy/operation-form.ts'; // prettier-ignore
import { members } from '../genealogy/nodes.ts';
import { offsetOf, pieceOf } from '../packed/arena.ts';
import { push, type Numbers } from './numbers.ts';

/** What a walk reads of the graph, by number; nothing is decoded for it that it does not need. */
export interface OperationRow {
  /** Lots, one for each line. */
  readonly inputs: Numbers;
  /** Edge kind and certainty of each input. */
  readonly marks: Numbers;
  readonly outputs: Numbers;
}

/** Fills in the operations that took from the lot, voided ones too, each once. */
export const readConsumers = (graph: Genealogy, lot: number, into: Numbers): void =>
  readOperations(graph, 'consumers', lot, into);

/** Fills in the operations that gave to the lot, voided ones too, each once. */
export const readProducers = (graph: Genealogy, lot: number, into: Numbers): void =>
  readOperations(graph, 'producers', lot, into);

function readOperations(graph: Genealogy, side: 'consumers' | 'producers', lot: number, into: Numbers): void {
  into.size = 0;
  const place = lotRow(graph, side, lot);
  const [piece, offset] = [pieceOf(graph.edges[side], place), offsetOf(place)];
  const header = piece[offset] ?? 0;
  if ((header & HAS_MEMBERS) !== 0) {
    const of = side === 'consumers' ? 'consumedBy' : 'producedBy';
    for (const operation of new Set(members(graph, lot).flatMap((one) => one[of]))) push(into, operation);
    return;
  }
  const end = offset + countIn(header);
  for (let at = offset + 1; at <= end; at++) push(into, piece[at] ?? 0);
}

/** Fills in the lines of an operation if it is plain; tells what it is. */
export function readOperation(graph: Genealogy, index: number, { inputs, marks, outputs }: OperationRow): number {
  const place = operationRow(graph, index);
  const [piece, offset] = [pieceOf(graph.edges.operations, place), offsetOf(place)];
  const header = piece[offset] ?? 0;
  const kind = header & (VOIDED | PLAIN);
  if (kind !== PLAIN) return kind;
  inputs.size = 0;
  marks.size = 0;
  outputs.size = 0;
  let at = offset + 1;
  for (const end = at + inputsIn(header); at < end; at++) {
    const line = piece[at] ?? 0;
    push(inputs, lotIn(line));
    push(marks, markIn(line));
  }
  for (const end = at + outputsIn(header); at < end; at++) push(outputs, piece[at] ?? 0);
  return PLAIN;
}
