import type { SerialRange } from '@lotwarden/platform/serial-range';
import { eventIn } from '../epcis/captured-event.ts';
import { lotNumberIn } from '../epcis/goods-in-event.ts';
import { isObject, textsOf } from '../epcis/json.ts';
import { containerOf, lotOf, lotOfLabel, unitOf } from './epcis-ids.ts';
import { sourceOf, type FactAbout } from './facts.ts';
import type { Genealogy } from './genealogy.ts';
import { containerNode, operationNode } from './nodes.ts';
import { OWN_HOUSE, type Said, type Told } from './told.ts';
import { reviewToldContainer } from './told-containers.ts';
import { reviewToldLot, toldLot } from './told-lots.ts';
import { reviewToldOperation } from './told-operations.ts';
import { reviewUnit, toldAbout, toldUnitsIn, unitNode } from './told-units.ts';

type Captured = FactAbout<'traceability.epcis.v1'>;

/**
 * What others told in EPCIS: a transformation is an operation of theirs, a packing fills a container, a unit that comes
 * into being is of the lot that its master data names. Nothing is booked as it comes: what a unit, an operation, a
 * container is told to be is made anew of all events about it that count, so that neither the order in which they come
 * matters, nor what was declared wrong in between.
 */
export function foldEpcis(graph: Genealogy, fact: Captured): void {
  const { event } = fact;
  const index = toldNode(graph, event.eventId);
  const told = changeTold(graph, index);
  if (event.declaredWrong) {
    told.wrong.add(event.party ?? OWN_HOUSE);
    for (const id of replacementsIn(event)) announce(graph, id);
  } else if (told.said.every(({ party }) => party !== event.party)) told.said.push(readSaid(graph, fact));
  if (told.said.length > 0) graph.awaited.delete(index);
  const lots = lotsBornIn(graph, told);
  const units = unitsIn(graph, told);
  note(graph, index, [...lots, ...units], told);
  for (const lot of lots) reviewToldLot(graph, lot);
  for (const unit of units) reviewUnit(graph, unit);
  // What a unit is of may be said by this event, and decide what others lead to.
  const changesUnits = told.said.some(({ kind, lot }) => kind === 'born' || (kind === 'made' && lot !== null));
  reviewAll(graph, [told, ...(changesUnits ? toldAboutUnits(graph, units) : [])]);
}

/** Units came into one of our lots: whatever was told of them before leads there now. */
export function knownInOurBooks(graph: Genealogy, ranges: readonly SerialRange[]): void {
  for (const range of ranges) {
    if (!graph.ownGtins.has(range.gtin)) {
      graph.ownGtins.add(range.gtin);
      for (const unit of graph.toldUnits.get(range.gtin)) reviewUnit(graph, unit);
    }
    if (graph.told.size === 0) continue;
    const units = toldUnitsIn(graph, range);
    for (const unit of units) reviewUnit(graph, unit);
    reviewAll(graph, toldAboutUnits(graph, units));
  }
}

function toldNode(graph: Genealogy, eventId: string): number {
  const index = graph.toldIds.intern(eventId);
  if (index === graph.told.size) graph.told.add({ said: [], wrong: new Set() });
  return index;
}

function changeTold(graph: Genealogy, index: number): Told {
  const told = graph.told.change(index);
  if (!told) throw new RangeError(`nothing was told under the number ${index}`);
  return told;
}

/** An event that shall stand in the place of one that was wrong: until it comes, something is missing. */
function announce(graph: Genealogy, eventId: string): void {
  const index = toldNode(graph, eventId);
  if (graph.told.at(index)?.said.length === 0) graph.awaited.add(index);
}

function replacementsIn({ event }: Captured['event']): string[] {
  const declaration = eventIn(event)['errorDeclaration'];
  return isObject(declaration) ? textsOf(declaration['correctiveEventIDs']) : [];
}

/** From now on the event is found by what it is about. */
function note(graph: Genealogy, index: number, lots: readonly number[], told: Told): void {
  for (const lot of lots) graph.toldOfLots.add(lot, index);
  for (const { operation, container } of told.said) {
    if (operation !== null) graph.toldOfOperations.add(operationNode(graph, operation).index, index);
    if (container === null) continue;
    containerNode(graph, container);
    graph.toldOfContainers.add(graph.containerIds.intern(container), index);
  }
}

const unitsIn = (graph: Genealogy, { said }: Told): Set<number> =>
  new Set(
    said.flatMap(({ goods }) =>
      goods.flatMap(({ id }) => {
        const unit = unitOf(id);
        return unit ? [unitNode(graph, unit)] : [];
      }),
    ),
  );

/** Lots that came into being, by their own name or as the lot number of units. */
const lotsBornIn = (graph: Genealogy, { said }: Told): Set<number> =>
  new Set(
    said.flatMap(({ kind, lot, goods }) =>
      kind !== 'born' && lot === null
        ? []
        : goods.flatMap(({ role, id }) => {
            const named = role === 'input' ? undefined : (lotOf(id) ?? labelled(id, lot));
            return named === undefined ? [] : [toldLot(graph, named)];
          }),
    ),
  );

function labelled(id: string, lot: string | null): string | undefined {
  const unit = unitOf(id);
  return unit && lot !== null ? lotOfLabel(unit.gtin, lot) : undefined;
}

const toldAboutUnits = (graph: Genealogy, units: Iterable<number>): Told[] =>
  [...units].flatMap((unit) => [...toldAbout(graph, 'toldOfLots', unit)]);

function reviewAll(graph: Genealogy, all: readonly Told[]): void {
  const said = all.flatMap((told) => told.said);
  for (const operation of new Set(said.map((one) => one.operation)))
    if (operation !== null) reviewToldOperation(graph, operationNode(graph, operation).index);
  for (const container of new Set(said.map((one) => one.container)))
    if (container !== null) reviewToldContainer(graph, container);
}

function readSaid(graph: Genealogy, fact: Captured): Said {
  const { event } = fact;
  const kind = kindOf(event);
  return {
    eventId: event.eventId,
    party: event.party,
    capturer: event.capturer,
    kind,
    at: event.occurredAt ?? event.recordTime,
    readPoint: event.readPoint ?? '',
    container: (kind === 'packed' || kind === 'unpacked') && event.parent !== null ? containerOf(event.parent) : null,
    operation: kind === 'made' ? operationNamed(event) : null,
    lot: kind === 'born' || kind === 'made' ? lotNumberIn(eventIn(event.event)) : null,
    // Whoever saw a unit that we know says nothing new of it.
    goods: kind === 'seen' ? event.goods.filter(({ id }) => isStrange(graph, id)) : event.goods,
    source: sourceOf(fact),
  };
}

function kindOf({ eventType, action }: Captured['event']): Said['kind'] {
  if (eventType === 'TransformationEvent') return 'made';
  if (eventType === 'ObjectEvent' && action === 'ADD') return 'born';
  if (eventType !== 'AggregationEvent') return 'seen';
  return action === 'ADD' ? 'packed' : action === 'DELETE' ? 'unpacked' : 'seen';
}

/** Of units only: what is known of a unit of ours never becomes less. */
function isStrange(graph: Genealogy, id: string): boolean {
  const unit = unitOf(id);
  return unit !== undefined && (!unit.range || graph.serials.lotsWith(unit.range).length === 0);
}

/** The operation that a transformation is part of. */
export function operationNamed(event: Captured['event']): string {
  const named = eventIn(event.event)['transformationID'];
  return `epcis:${typeof named === 'string' ? named : event.eventId}`;
}
