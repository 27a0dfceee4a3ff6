import { union, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Quantity } from '@lotwarden/platform/quantity';
import { lotOf, unitOf } from './epcis-ids.ts';
import type { Genealogy } from './genealogy.ts';
import { CONSUMED, link, PRODUCED, unlink } from './links.ts';
import { NO_DETAILS, type Certainty, type Operation, type OperationLine } from './model.ts';
import { editOperation } from './nodes.ts';
import { reviewInputs } from './review-inputs.ts';
import { OWN_HOUSE, standing, TOLD_IN_EPCIS, type Said } from './told.ts';
import { reviewToldLot, toldLot } from './told-lots.ts';
import { lotsOfUnit, toldAbout } from './told-units.ts';

/** The operation as it is told now: made anew of every event about it that counts, so that the order of arrival does not. */
export function reviewToldOperation(graph: Genealogy, index: number): void {
  const operation = editOperation(graph, index);
  const lotsBefore = { inputs: lotsIn(operation.inputs), outputs: lotsIn(operation.outputs) };
  const said = saidOf(graph, index);
  const [first] = said;
  operation.voided = first === undefined;
  operation.head = first ? headOf(first) : operation.head;
  operation.source = first?.source ?? operation.source;
  operation.inputs.length = 0;
  operation.outputs.length = 0;
  for (const one of said) {
    // A partner's word is possible, our own middleware's as good as a lot's name.
    const certainty: Certainty = one.party === null ? 'lot-inferred' : 'possible';
    for (const line of linesOf(graph, one, 'input')) operation.inputs.push({ ...line, edge: 'material', certainty, told: true }); // prettier-ignore
    operation.outputs.push(...linesOf(graph, one, 'output'));
  }
  relink(graph, operation, lotsBefore);
  reviewInputs(graph, operation);
}

/** Events of one operation share its id; what two told word for word counts once, by the one who is believed more. */
function saidOf(graph: Genealogy, operation: number): Said[] {
  const said = [...toldAbout(graph, 'toldOfOperations', operation)]
    .flatMap(standing)
    .filter(({ kind }) => kind === 'made')
    .sort((a, b) => compare(rank(a), rank(b)));
  const distinct = new Map<string, Said>();
  for (const one of said) {
    const words = JSON.stringify([one.eventId, one.goods]);
    if (!distinct.has(words)) distinct.set(words, one);
  }
  return [...distinct.values()];
}

const rank = ({ party, at, eventId }: Said): string => [party ?? OWN_HOUSE, at, eventId].join('|');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const headOf = ({ readPoint, party, capturer, at, eventId }: Said): Operation['head'] => ({
  kind: TOLD_IN_EPCIS,
  sourceSystem: 'epcis',
  sourceOperation: eventId,
  site: readPoint,
  workOrder: null,
  equipment: null,
  operator: party ?? capturer,
  startedAt: at,
  endedAt: at,
  ...NO_DETAILS,
});

const UNSAID: Quantity = { value: '0', unit: 'EA' };

/** Lots as they are named; units as the lots they are of, one line for each. */
function linesOf(graph: Genealogy, { goods }: Said, role: string): OperationLine[] {
  const lines: OperationLine[] = [];
  const units = new Map<number, { ranges: SerialRange[]; things: number }>();
  for (const { role: as, id, quantity } of goods) {
    if (as !== role) continue;
    const lot = lotOf(id);
    if (lot !== undefined) lines.push({ lot: toldLot(graph, lot), quantity: quantity ?? UNSAID, serials: [] });
    const unit = unitOf(id);
    if (!unit) continue;
    for (const index of lotsOfUnit(graph, unit)) {
      const known = units.get(index) ?? { ranges: [], things: 0 };
      units.set(index, known);
      if (unit.range) known.ranges.push(unit.range);
      known.things += 1;
    }
  }
  for (const [lot, { ranges, things }] of units)
    lines.push({ lot, quantity: { value: String(things), unit: 'EA' }, serials: union(ranges, []) });
  return lines;
}

const lotsIn = (lines: readonly OperationLine[]): Set<number> => new Set(lines.map(({ lot }) => lot));

interface Lots {
  readonly inputs: ReadonlySet<number>;
  readonly outputs: ReadonlySet<number>;
}

function relink(graph: Genealogy, { index, inputs, outputs }: Operation, before: Lots): void {
  const now: Lots = { inputs: lotsIn(inputs), outputs: lotsIn(outputs) };
  for (const lot of before.inputs) if (!now.inputs.has(lot)) unlink(graph, lot, index, CONSUMED);
  for (const lot of before.outputs) if (!now.outputs.has(lot)) unlink(graph, lot, index, PRODUCED);
  for (const lot of now.inputs) link(graph, lot, index, CONSUMED);
  for (const lot of now.outputs) link(graph, lot, index, PRODUCED);
  for (const lot of new Set([...before.inputs, ...before.outputs, ...now.inputs, ...now.outputs]))
    reviewToldLot(graph, lot);
}
