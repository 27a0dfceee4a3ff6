import type { Envelope } from '@lotwarden/platform/consumer';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import { eventIn, type CapturedEvent } from './captured-event.ts';
import { eventHashId } from './event-hash.ts';
import { factToEpcis, type VisibleFact } from './fact-to-epcis.mapper.ts';
import { indexEvent } from './index-event.ts';
import { written, type JsonObject } from './json.ts';
import { namespacesOf } from './namespaces.ts';

export const FACTS = 'epcis_facts';

/** One of our own facts as an EPCIS event. */
interface FactEvent {
  readonly _id: string;
  readonly state: Omit<CapturedEvent, 'capture' | 'capturer' | 'party'>;
}

export function openFacts({ collection }: Pick<Deps, 'collection'>): void {
  collection<Origin>(ORIGINS, []);
  collection<FactEvent>(FACTS, [
    { key: { 'state.words': 1 } },
    { key: { 'state.recordTime': 1, _id: 1 } },
    { key: { 'state.eventTime': 1, _id: 1 } },
  ]);
}

/** Which events the first facts of something told, by its topic, name and version: they are taken back with it. */
const ORIGINS = 'epcis_origins';

interface Origin {
  readonly _id: string;
  readonly events: readonly string[];
}

/** What may turn out not to have happened. */
const VOIDED: ReadonlySet<string> = new Set(['OperationVoided', 'MaterialMountVoided', 'ProcessLoadVoided']);
const VOIDABLE: ReadonlySet<string> = new Set(['mes-bridge.operation.v1', 'mes-bridge.mount.v1', 'mes-bridge.process-load.v1']); // prettier-ignore

/** Adds what a fact says of goods, once: a fact read twice finds its event there. */
export async function addToEpcis(envelope: Envelope, work: Work): Promise<void> {
  const { topic, subject: aggregate, version, id, event: fact, occurredAt, recordedAt } = envelope;
  if (VOIDED.has(fact.type)) {
    await takeBack(envelope, work);
    return;
  }
  const events = factToEpcis(fact as VisibleFact, { topic, id, occurredAt });
  for (const event of events) {
    const eventId = written(event['eventID']);
    work.reference(FACTS, { _id: eventId, state: stateOf(eventId, event, recordedAt) });
  }
  if (VOIDABLE.has(topic) && events.length > 0)
    work.reference(ORIGINS, { _id: originId({ topic, aggregate, version }), events: events.map(({ eventID }) => written(eventID)) }); // prettier-ignore
}

const stateOf = (eventId: string, event: JsonObject, recordTime: string): FactEvent['state'] => {
  const { words, figures } = indexEvent(event);
  return {
    eventId,
    hash: eventHashId(event, namespacesOf(event['@context'])),
    eventTime: new Date(written(event['eventTime'])).toISOString(),
    recordTime,
    event: JSON.stringify(event),
    words: [...words, `eventID=${eventId}`],
    figures,
  };
};

const originId = ({ topic, aggregate, version }: { topic: string; aggregate: string; version: number }): string =>
  `${topic}|${aggregate}|${String(version)}`;

/**
 * It did not happen: each event that told of it is told again with an error declaration and keeps its id (EPCIS 2.0,
 * 7.4.1.2). Nothing is edited: both stand side by side.
 */
async function takeBack(
  { topic, subject: aggregate, version, event: fact, recordedAt }: Envelope,
  work: Work,
): Promise<void> {
  const { reason, replacedBy } = fact as unknown as { readonly reason: string; readonly replacedBy: string | null };
  const before = Array.from({ length: version - 1 }, (_, at) => originId({ topic, aggregate, version: at + 1 }));
  const instead = replacedBy === null ? [] : [originId({ topic, aggregate: replacedBy, version: 1 })];
  const origins = await work.read<Origin>(ORIGINS, [...before, ...instead]);
  const corrective = instead.flatMap((one) => origins.get(one)?.events ?? []);
  const told = await work.read<FactEvent>(FACTS, before.flatMap((one) => origins.get(one)?.events ?? [])); // prettier-ignore
  const errorDeclaration = {
    declarationTime: recordedAt,
    reason: 'did_not_occur',
    ...(corrective.length > 0 && { correctiveEventIDs: corrective }),
    'lotwarden:reason': reason,
  };
  for (const { _id: eventId, state } of told.values()) {
    const declared = stateOf(eventId, { ...eventIn(state.event), errorDeclaration }, recordedAt);
    work.reference(FACTS, { _id: `${eventId}#error-${recordedAt}`, state: declared });
  }
}
