import type { EpcisGoods } from '@lotwarden/contracts/events';
import { placeholderLotId } from '@lotwarden/platform/ids';
import type { Quantity } from '@lotwarden/platform/quantity';
import { eventIn } from '../epcis/captured-event.ts';
import { decoded } from '../epcis/epc-forms.ts';
import { sourceOf, type FactAbout } from './facts.ts';
import { foldContainer } from './fold-container.ts';
import type { Genealogy } from './genealogy.ts';
import { NO_DETAILS, type Certainty, type Operation } from './model.ts';
import { CONSUMED, link, PRODUCED } from './links.ts';
import { lotNode, operationNode } from './nodes.ts';
import { reviewInputs } from './review-inputs.ts';

type Captured = FactAbout<'traceability.epcis.v1'>;

/**
 * What others told in EPCIS enters the genealogy by lots: a transformation is an operation of theirs, a packing a container.
 * What a partner says is possible, what our own middleware says is as good as a lot's name. Single units lead nowhere here,
 * and what is taken out of a container stays with it: rather too much in scope than too little.
 */
export function foldEpcis(graph: Genealogy, fact: Captured): void {
  const { event } = fact;
  if (event.eventType === 'TransformationEvent') transformation(graph, fact);
  else if (event.eventType === 'AggregationEvent' && event.action === 'ADD' && !event.declaredWrong)
    aggregation(graph, event);
}

/** Kind of the operations that others told of: theirs, so none of our books. */
export const TOLD_IN_EPCIS = 'epcis';

function transformation(graph: Genealogy, fact: Captured): void {
  const { event } = fact;
  const operation = operationNode(graph, operationNamed(event));
  // Events of one transformation share its id; whoever takes back one of them takes back none of the others.
  const shared = operation.id !== `epcis:${event.eventId}`;
  if (event.declaredWrong) {
    if (!shared) operation.voided = true;
  } else record(graph, operation, fact);
  reviewInputs(graph, operation);
}

/** The operation that a transformation is part of. */
export function operationNamed(event: Captured['event']): string {
  const named = eventIn(event.event)['transformationID'];
  return `epcis:${typeof named === 'string' ? named : event.eventId}`;
}

function record(graph: Genealogy, operation: Operation, fact: Captured): void {
  const { event } = fact;
  const at = event.occurredAt ?? event.recordTime;
  operation.head ??= {
    kind: TOLD_IN_EPCIS,
    sourceSystem: 'epcis',
    sourceOperation: event.eventId,
    site: event.readPoint ?? '',
    workOrder: null,
    equipment: null,
    operator: event.party ?? event.capturer,
    startedAt: at,
    endedAt: at,
    ...NO_DETAILS,
  };
  operation.source ??= sourceOf(fact);
  const certainty: Certainty = event.party === null ? 'lot-inferred' : 'possible';
  for (const { role, id, quantity } of event.goods) {
    const lot = lotOf(id);
    if (lot === undefined) continue;
    const node = lotNode(graph, lot);
    const common = { lot: node.index, quantity: quantity ?? UNSAID, serials: [] };
    if (role === 'input') {
      operation.inputs.push({ ...common, edge: 'material', certainty, told: true });
      link(graph, node.index, operation.index, CONSUMED);
    } else if (role === 'output') {
      operation.outputs.push(common);
      link(graph, node.index, operation.index, PRODUCED);
      // Who makes a lot declares it.
      graph.undeclared.delete(node.index);
    }
  }
}

const UNSAID: Quantity = { value: '0', unit: 'EA' };

function aggregation(graph: Genealogy, { parent, goods }: Captured['event']): void {
  if (parent === null) return;
  const children = goods.filter(({ role }) => role === 'child');
  foldContainer(graph, {
    type: 'ContainerPacked',
    container: containerOf(parent),
    level: 'epcis',
    children: children.map(({ id }) => id).filter((id) => SSCC.test(id)).map(containerOf), // prettier-ignore
    contents: children.flatMap(({ id, quantity }: EpcisGoods) => {
      const lot = lotOf(id);
      return lot === undefined ? [] : [{ lot, quantity: quantity ?? UNSAID, serials: [], containers: [] }];
    }),
    site: '',
  });
}

const SSCC = /^https:\/\/id\.gs1\.org\/00\/(\d{18})$/;
const LOT = /^https:\/\/id\.gs1\.org\/01\/(\d{14})\/10\/([^/]+)$/;
const OWN_LOT = 'urn:lotwarden:lot:';
const OWN_ID = /^[MPF]-[A-Z0-9]+-\d{6}-\d{5}$/;

/** A pallet label's number, as our own containers are called by it; another name as it is. */
export const containerOf = (id: string): string => SSCC.exec(id)?.[1] ?? id;

/** Our own lot, or the placeholder of a lot that a GTIN's label names; undefined for single units and other things. */
export function lotOf(id: string): string | undefined {
  // What was captured before such names were refused leads nowhere.
  if (id.startsWith(OWN_LOT)) return decoded(id.slice(OWN_LOT.length));
  const [, gtin = '', label = ''] = LOT.exec(id) ?? [];
  if (gtin === '') return undefined;
  const code = decoded(label);
  if (code === undefined) return undefined;
  return OWN_ID.test(code) ? code : placeholderLotId({ system: `gs1:${gtin}`, code });
}
