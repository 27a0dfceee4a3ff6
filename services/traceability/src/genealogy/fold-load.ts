import { milliseconds } from '@lotwarden/platform/instant';
import type { LotLine } from '@lotwarden/contracts/events';
import { sourceOf, type FactAbout } from './facts.ts';
import { machineOf, type ServingLoad } from './floor.ts';
import type { Genealogy } from './genealogy.ts';
import { NO_DETAILS, type OperationHead } from './model.ts';
import { joinLoad, loadNamed } from './join-load.ts';
import { CONSUMED, link, PRODUCED } from './links.ts';
import { lotNode, operationNode, pushOnce } from './nodes.ts';
import { reviewIndex, reviewTime } from './review-floor.ts';

type LoadFact = FactAbout<'mes-bridge.process-load.v1'>;

/** Kind of the operations by which lots went through a load: they came out as they went in, but exposed. */
export const PROCESS_LOAD = 'process-load';

/**
 * A load stands in the graph under its own id, like a lot that everything in it was exposed to: its members go through
 * it, each by itself, so that none of them reaches another; operations have it among what went into them.
 */
export function foldLoad(graph: Genealogy, fact: LoadFact): void {
  const { event } = fact;
  const load = loadNamed(graph, event.load);
  const before = { ...load, serves: [...load.serves] };
  if (event.type === 'ProcessLoadVoided') {
    load.voided = true;
    graph.edges.rewrites += 1;
    graph.undeclared.delete(load.lot);
  } else {
    load.startedAt = event.startedAt;
    load.endedAt = event.endedAt;
    for (const machine of event.serves) {
      pushOnce(load.serves, machine);
      pushOnce(machineOf(graph.floor, machine).loads, event.load);
    }
    if (event.type === 'ProcessLoadRecorded') {
      declare(graph, fact, event);
      load.document = { system: event.sourceSystem, code: event.sourceLoad };
    }
    for (const member of event.members) addMember(graph, load, fact, member);
    for (const id of event.operations) joinLoad(graph, event.load, operationNode(graph, id).index);
  }
  for (const index of load.members) operationNode(graph, graph.operationIds.text(index)).voided = load.voided;
  for (const { startedAt, endedAt, serves } of [before, load])
    for (const machine of startedAt === '' ? [] : serves)
      reviewTime(graph, machine, milliseconds(startedAt), endedAt === null ? Infinity : milliseconds(endedAt));
  for (const operation of load.operations) reviewIndex(graph, operation);
}

function declare(graph: Genealogy, fact: LoadFact, { load, kind, site }: { load: string; kind: string; site: string }) {
  const node = lotNode(graph, load);
  node.declaration = {
    kind: 'unknown',
    item: kind,
    revision: null,
    site,
    supplier: null,
    supplierLot: null,
    purchaseOrder: null,
    workOrder: null,
    source: sourceOf(fact),
  };
  graph.undeclared.delete(node.index);
}

function addMember(graph: Genealogy, load: ServingLoad, fact: LoadFact, { lot, quantity, serials }: LotLine): void {
  const operation = operationNode(graph, `${fact.event.load}/${lot}`);
  operation.source ??= sourceOf(fact);
  operation.head ??= headOf(fact, load);
  const exposed = lotNode(graph, graph.lotIds.text(load.lot));
  const member = lotNode(graph, lot);
  if (operation.inputs.length === 0) {
    const none = { value: '0', unit: 'C62' };
    operation.inputs.push({ lot: load.lot, quantity: none, serials: [], edge: 'exposure', certainty: 'scanned', told: true }); // prettier-ignore
  }
  operation.inputs.push({ lot: member.index, quantity, serials, edge: 'material', certainty: 'scanned', told: true });
  operation.outputs.push({ lot: member.index, quantity, serials });
  pushOnce(load.members, operation.index);
  for (const { index } of [exposed, member]) link(graph, index, operation.index, CONSUMED);
  link(graph, member.index, operation.index, PRODUCED);
  graph.wanting.delete(operation.index);
}

function headOf({ event }: LoadFact, { startedAt, endedAt }: ServingLoad): OperationHead {
  const told = event.type === 'ProcessLoadRecorded' ? event : null;
  return {
    kind: PROCESS_LOAD,
    sourceSystem: told?.sourceSystem ?? '',
    sourceOperation: told?.sourceLoad ?? event.load,
    site: told?.site ?? '',
    workOrder: null,
    equipment: told?.equipment ?? null,
    operator: told?.operator ?? null,
    startedAt,
    endedAt: endedAt ?? startedAt,
    ...NO_DETAILS,
  };
}
