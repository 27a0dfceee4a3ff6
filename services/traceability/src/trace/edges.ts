import { CERTAINTIES, type Certainty, type EdgeKind, type Genealogy, type OperationLine } from '../genealogy/genealogy.ts'; // prettier-ignore
import { lotAt, members, operationAt } from '../genealogy/nodes.ts';
import { push, type Numbers } from './numbers.ts';

/** What a walk reads of the graph, by number; nothing is decoded for it that it does not need. */

export const VOIDED = 1;
/**
 * All that flows is whole lots: no serials are named or moved, everything is used up by becoming part of what is made, no
 * placeholder is meant, and nothing is given back to the lot it was taken from. Then any affected input affects all
 * outputs, whole.
 */
export const PLAIN = 2;

export interface OperationRow {
  /** Lots, one for each line. */
  readonly inputs: Numbers;
  /** Edge kind and certainty of each input: `markOf`. */
  readonly marks: Numbers;
  readonly outputs: Numbers;
}

export const EDGES: readonly EdgeKind[] = ['material', 'exposure', 'containment', 'installed'];
export const markOf = (edge: EdgeKind, certainty: Certainty): number =>
  8 * EDGES.indexOf(edge) + CERTAINTIES.indexOf(certainty);
/** As a place in CERTAINTIES; the higher the less sure. */
export const sureness = (mark: number): number => mark & 7;
export const edgeOf = (mark: number): EdgeKind => EDGES[mark >> 3] ?? 'material';
export const certaintyAt = (sure: number): Certainty => CERTAINTIES[sure] ?? 'gap-assumed';

/** Fills in the operations that took from the lot, voided ones too, each once. */
export const readConsumers = (graph: Genealogy, lot: number, into: Numbers): void =>
  readOperations(graph, lot, 'consumedBy', into);

/** Fills in the operations that gave to the lot, voided ones too, each once. */
export const readProducers = (graph: Genealogy, lot: number, into: Numbers): void =>
  readOperations(graph, lot, 'producedBy', into);

function readOperations(graph: Genealogy, lot: number, side: 'consumedBy' | 'producedBy', into: Numbers): void {
  into.size = 0;
  const node = lotAt(graph, lot);
  if (node.placeholders.length === 0) for (const operation of node[side]) push(into, operation);
  else for (const operation of new Set(members(graph, lot).flatMap((one) => one[side]))) push(into, operation);
}

/** Fills in the lines of an operation if it is plain; tells what it is. */
export function readOperation(graph: Genealogy, index: number, into: OperationRow): number {
  const operation = operationAt(graph, index);
  if (operation.voided) return VOIDED;
  if (operation.moves.length > 0) return 0;
  const { inputs, marks, outputs } = into;
  inputs.size = 0;
  marks.size = 0;
  outputs.size = 0;
  for (const line of operation.inputs) {
    if (line.edge !== 'material' && line.edge !== 'installed') return 0;
    if (!isPlainLine(graph, line)) return 0;
    push(inputs, line.lot);
    push(marks, markOf(line.edge, line.certainty));
  }
  for (const line of operation.outputs) {
    if (!isPlainLine(graph, line)) return 0;
    for (let at = 0; at < inputs.size; at++) if (inputs.values[at] === line.lot) return 0;
    push(outputs, line.lot);
  }
  return PLAIN;
}

const isPlainLine = (graph: Genealogy, { lot, serials }: OperationLine): boolean =>
  serials.length === 0 && lotAt(graph, lot).standsFor.length === 0;
