import type { Genealogy, Operation } from './genealogy.ts';

/**
 * An operation that nobody recorded, or that came out of nothing, may hide a path. What was mounted is something that it
 * came out of; a load that it was only exposed to is not.
 */
export function reviewInputs(graph: Genealogy, operation: Operation): void {
  const { head, voided, missingInputs, inputs, moves } = operation;
  const fromNothing = moves.length === 0 && !inputs.some(({ told, edge }) => told || edge !== 'exposure');
  const wanting = head === null || missingInputs.length > 0 || fromNothing;
  if (wanting && !voided) graph.wanting.add(operation.index);
  else graph.wanting.delete(operation.index);
}
