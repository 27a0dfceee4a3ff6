import { itemsOf } from './derive-inputs.ts';
import type { Genealogy } from './genealogy.ts';
import type { Operation } from './model.ts';
import { meant } from './nodes.ts';

/**
 * An operation that nobody recorded, or that came out of nothing, may hide a path. What was mounted is something that it
 * came out of; a load that it was only exposed to is not.
 */
export function reviewInputs(graph: Genealogy, operation: Operation): void {
  const { head, voided, inputs, moves } = operation;
  const fromNothing = moves.length === 0 && !inputs.some(({ told, edge }) => told || edge !== 'exposure');
  const wanting = head === null || fromNothing || stillMissing(graph, operation).length > 0;
  if (wanting && !voided) graph.wanting.add(operation.index);
  else graph.wanting.delete(operation.index);
}

/** What its source said was missing of its inputs, without the items that were mounted on its machine: these are in the graph. */
export function stillMissing(graph: Genealogy, { missingInputs, inputs }: Operation): readonly string[] {
  if (missingInputs.length === 0) return missingInputs;
  const mounted = inputs.filter(({ told, edge }) => !told && edge === 'material').flatMap(({ lot }) => meant(graph, lot)); // prettier-ignore
  const items = itemsOf(graph, mounted);
  // The detail begins with the item (mes-bridge, balance-operation.ts).
  return missingInputs.filter((detail) => !items.has(detail.split(':')[0] ?? ''));
}
