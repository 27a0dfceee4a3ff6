import { sourceOf, type FactAbout } from './facts.ts';
import type { Genealogy } from './genealogy.ts';
import {
  CERTAINTIES,
  type Certainty,
  type EdgeKind,
  type InputLine,
  type Operation,
  type OperationHead,
  type OperationLine,
} from './model.ts';
import { noteOperation } from './attributes.ts';
import { joinLoad } from './join-load.ts';
import { CONSUMED, link, PRODUCED, SCRAPPED, unlink, type Side } from './links.ts';
import { lotNode, operationNode } from './nodes.ts';
import { noteTakenOut } from './note-taken-out.ts';
import { dropDerived, enterRun, reviewOperation } from './review-floor.ts';
import { reviewInputs } from './review-inputs.ts';

type OperationFact = FactAbout<'mes-bridge.operation.v1'>;
type Recorded = Extract<OperationFact['event'], { type: 'OperationRecorded' }>;

/** The violation with which mes-bridge says that a component the BOM asks for was not reported. */
const INPUT_MISSING = 'operation-input-missing';

export function foldOperation(graph: Genealogy, fact: OperationFact): void {
  const { event } = fact;
  const operation = operationNode(graph, event.operation);
  switch (event.type) {
    case 'OperationRecorded':
      dropDerived(graph, operation);
      operation.head = headOf(event);
      noteOperation(graph.attributes, operation.index, operation.head);
      operation.source = sourceOf(fact);
      // It repeats what was reported of it before.
      replaceLines(graph, operation, event);
      operation.missingInputs = missing(event);
      enterRun(graph, operation);
      if (event.load !== null) joinLoad(graph, event.load, operation.index);
      break;
    case 'OperationInputAdded':
      addInput(graph, operation, event.input);
      operation.missingInputs = missing(event);
      break;
    case 'OperationOutputAdded':
      addOutput(graph, operation, event.output);
      operation.missingInputs = missing(event);
      break;
    // A claim against the record is a finding; lots that only it names come as inputs of their own.
    case 'OperationFlagged':
      break;
    // What was missing may only have been unknown when the operation was told.
    case 'OperationReassessed':
      operation.missingInputs = missing(event);
      break;
    case 'OperationVoided':
      operation.voided = true;
      graph.edges.rewrites += 1;
      break;
  }
  noteTakenOut(graph, operation);
  reviewInputs(graph, operation);
  reviewOperation(graph, operation);
}

function replaceLines(graph: Genealogy, operation: Operation, event: Recorded): void {
  const { inputs, outputs, scrap, moves } = operation;
  const isFirst = inputs.length + outputs.length + scrap.length === 0;
  const before = { inputs: [...inputs], outputs: [...outputs], scrap: [...scrap] };
  inputs.length = 0;
  outputs.length = 0;
  scrap.length = 0;
  for (const input of event.inputs) addInput(graph, operation, input);
  for (const output of event.outputs) addOutput(graph, operation, output);
  for (const each of event.scrap) addScrap(graph, operation, each);
  if (isFirst) return;
  const drop = (was: readonly OperationLine[], still: readonly number[], side: Side): void => {
    for (const { lot } of was) if (!still.includes(lot)) unlink(graph, lot, operation.index, side);
  };
  drop(before.inputs, [...lotsOf(inputs), ...moves.map(({ from }) => from)], CONSUMED);
  drop(before.outputs, [...lotsOf(outputs), ...moves.map(({ to }) => to)], PRODUCED);
  drop(before.scrap, lotsOf(scrap), SCRAPPED);
}

const lotsOf = (lines: readonly OperationLine[]): number[] => lines.map(({ lot }) => lot);

/** What it says of itself; its lines stand apart. */
const headOf = (event: Recorded): OperationHead => ({
  kind: event.kind,
  sourceSystem: event.sourceSystem,
  sourceOperation: event.sourceOperation,
  site: event.site,
  workOrder: event.workOrder,
  equipment: event.equipment,
  operator: event.operator,
  startedAt: event.startedAt,
  endedAt: event.endedAt,
  tools: event.tools,
  gauges: event.gauges,
  softwareVersion: event.softwareVersion,
  labelVersion: event.labelVersion,
  load: event.load,
  parameters: event.parameters,
});

const missing = ({ violations }: Pick<Recorded, 'violations'>): string[] =>
  violations.filter(({ code }) => code === INPUT_MISSING).map(({ detail }) => detail);

function addInput(graph: Genealogy, operation: Operation, input: Recorded['inputs'][number]): void {
  const common = line(graph, input);
  const added: InputLine = { ...common, edge: edgeKind(input.edge), certainty: certainty(input.certainty), told: true }; // prettier-ignore
  operation.inputs.push(added);
  link(graph, added.lot, operation.index, CONSUMED);
}

function addOutput(graph: Genealogy, operation: Operation, output: Recorded['outputs'][number]): void {
  const added = line(graph, output);
  operation.outputs.push(added);
  link(graph, added.lot, operation.index, PRODUCED);
}

function addScrap(graph: Genealogy, operation: Operation, scrap: Recorded['scrap'][number]): void {
  const added = line(graph, scrap);
  operation.scrap.push(added);
  link(graph, added.lot, operation.index, SCRAPPED);
}

function line(graph: Genealogy, { lot, quantity, serials }: Recorded['outputs'][number]): OperationLine {
  return { lot: lotNode(graph, lot).index, quantity, serials };
}

/** An edge kind nobody knows yet flows like material: rather too much in scope than too little. */
const edgeKind = (kind: string): EdgeKind =>
  kind === 'exposure' || kind === 'containment' || kind === 'installed' ? kind : 'material';

const certainty = (text: string): Certainty => CERTAINTIES.find((known) => known === text) ?? 'gap-assumed';
