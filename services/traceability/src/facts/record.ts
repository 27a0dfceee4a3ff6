import type { EventOf } from '@lotwarden/contracts/events';
import { containerOf, lotOf, lotOfLabel, unitLotId, unitOf } from '../genealogy/epcis-ids.ts';
import { operationNamed } from '../genealogy/fold-epcis.ts';
import { eventIn, type EpcisCaptured } from '../epcis/captured-event.ts';
import { lotNumberIn } from '../epcis/goods-in-event.ts';
import { STATUS_TYPES } from '../timeline/status.ts';
import { idsOf, subject, subjectsOf, type Subject } from './subjects.ts';

/**
 * One event as it was told, for whoever asks what was known when: one document an event, whoever it is about. Its bytes are
 * those of the topic's schema, so that a later version of it reads them too.
 */
export interface FactRecord {
  /** topic|aggregate|version */
  readonly _id: string;
  readonly topic: string;
  readonly aggregate: string;
  readonly version: number;
  readonly type: string;
  readonly partition: number;
  readonly offset: number;
  /** Of the event. */
  readonly id: string;
  readonly occurredAt: string;
  /** When its owner wrote it down. */
  readonly recordedAt: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly device: string | null;
  readonly site: string | null;
  /** Who reported it: an outside system where the event names one, else the service that owns it. */
  readonly system: string;
  readonly subjects: readonly Subject[];
  /** Of what lasts: an operation, a load. */
  readonly span: { readonly from: string; readonly to: string | null } | null;
  /** Avro, with the id of its schema. */
  readonly value: Uint8Array;
}

export const recordId = (topic: string, aggregate: string, version: number): string =>
  `${topic}|${aggregate}|${String(version)}`;

/** What the event is about; of an EPCIS event what the genealogy makes of it. */
export function aboutOf(topic: string, event: { readonly type: string }): Subject[] {
  if (topic === SCOPE) return scopeSubjects(event);
  const named = subjectsOf(event);
  if (STATUS_TYPES.includes(event.type)) return [...named, ...idsOf('lot', named).map((lot) => subject('status', lot))];
  if (topic !== 'traceability.epcis.v1') return named;
  const told = event as EpcisCaptured;
  const number = lotNumberIn(eventIn(told.event));
  const lots = told.goods.flatMap(({ id, role }) => nodesOf(id, role === 'input' ? null : number)).map((lot) => subject('lot', lot)); // prettier-ignore
  const containers = [...told.goods.filter(({ role }) => role === 'child').map(({ id }) => id), told.parent]
    .filter((id) => id !== null)
    .map((id) => subject('container', containerOf(id)));
  const operation = told.eventType === 'TransformationEvent' ? [subject('operation', operationNamed(told))] : [];
  return [...new Set([...named, ...lots, ...containers, ...operation])];
}

/** A unit stands in the genealogy by itself until somebody says which lot it is of, as by the lot number it came with. */
function nodesOf(id: string, number: string | null): string[] {
  const lot = lotOf(id);
  const unit = unitOf(id);
  const ofLot = unit && number !== null ? [lotOfLabel(unit.gtin, number)] : [];
  return [...(lot === undefined ? [] : [lot]), ...(unit ? [unitLotId(unit)] : []), ...ofLot];
}

const SCOPE = 'traceability.scope.v1';

/** Lots and parties that came into a scope or changed; not those on the way to them. */
function scopeSubjects(event: object): Subject[] {
  const { lots = [], custodians = [] } = event as Partial<EventOf<typeof SCOPE> & { type: 'ScopeChanged' }>;
  return [
    ...lots.map(({ lot }) => subject('lot', lot)),
    ...custodians.map(({ custodian }) => subject('party', custodian)),
  ];
}

/** How long it lasted, where the event says so; the earlier first. */
export function spanOf(event: object): FactRecord['span'] {
  const { startedAt, endedAt } = event as { startedAt?: unknown; endedAt?: unknown };
  if (typeof startedAt !== 'string') return null;
  if (typeof endedAt !== 'string') return { from: startedAt, to: null };
  return startedAt <= endedAt ? { from: startedAt, to: endedAt } : { from: endedAt, to: startedAt };
}

/** Whoever reported it. */
export const systemOf = (topic: string, event: object): string =>
  'sourceSystem' in event && typeof event.sourceSystem === 'string'
    ? event.sourceSystem
    : topic.slice(0, topic.indexOf('.'));

/**
 * Topics whose aggregates are no lots: some of their events name none (a void, an opening), so that the lots of an
 * aggregate are remembered for those.
 */
const REMEMBERS: readonly string[] = [
  'mes-bridge.operation.v1',
  'mes-bridge.mount.v1',
  'mes-bridge.process-load.v1',
  'serialization.container.v1',
  'recall.case.v1',
];

export const remembers = (topic: string): boolean => REMEMBERS.includes(topic);

export const lotsIn = (subjects: readonly Subject[]): string[] => idsOf('lot', subjects);
