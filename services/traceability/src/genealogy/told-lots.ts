import { isPlaceholder } from '@lotwarden/platform/ids';
import { unitOfRef } from './epcis-ids.ts';
import type { Genealogy } from './genealogy.ts';
import { lotAt, lotNode, operationAt } from './nodes.ts';
import { TOLD_IN_EPCIS } from './told.ts';
import { isBorn } from './told-units.ts';

/** The lot that an event names. As long as nobody else does, it is missing only while the event counts. */
export function toldLot(graph: Genealogy, id: string): number {
  const known = graph.lotIds.find(id);
  if (known !== undefined) return known;
  const { index } = lotNode(graph, id);
  graph.undeclared.delete(index);
  graph.onlyTold.add(index);
  return index;
}

/** Who makes a lot declares it; our own lots we declare ourselves. */
export function reviewToldLot(graph: Genealogy, lot: number): void {
  const { id, aliases, standsFor, consumedBy, producedBy, containers } = lotAt(graph, lot);
  const isUnit = aliases.some((alias) => unitOfRef(alias));
  if (isUnit || standsFor.length > 0) return;
  const wasBorn = isBorn(graph, lot);
  const isMade = wasBorn || producedBy.some((operation) => standsAsTold(graph, operation));
  if (isMade && isPlaceholder(id)) graph.madeElsewhere.add(lot);
  else graph.madeElsewhere.delete(lot);
  if (graph.madeElsewhere.has(lot)) graph.undeclared.delete(lot);
  else if (graph.onlyTold.has(lot)) {
    if (consumedBy.length + producedBy.length + containers.size > 0 || wasBorn) graph.undeclared.add(lot);
    else graph.undeclared.delete(lot);
  } else if (isPlaceholder(id)) graph.undeclared.add(lot);
}

function standsAsTold(graph: Genealogy, operation: number): boolean {
  const { head, voided } = operationAt(graph, operation);
  return head?.kind === TOLD_IN_EPCIS && !voided;
}
