import type { Envelope } from '@lotwarden/platform/consumer';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import type { CapturedEvent } from './captured-event.ts';
import { eventHashId } from './event-hash.ts';
import { factToEpcis, type VisibleFact } from './fact-to-epcis.mapper.ts';
import { indexEvent } from './index-event.ts';
import { written } from './json.ts';
import { namespacesOf } from './namespaces.ts';

export const FACTS = 'epcis_facts';

/** One of our own facts as an EPCIS event. */
interface FactEvent {
  readonly _id: string;
  readonly state: Omit<CapturedEvent, 'capture' | 'capturer' | 'party'>;
}

export const openFacts = ({ collection }: Pick<Deps, 'collection'>) =>
  collection<FactEvent>(FACTS, [
    { key: { 'state.words': 1 } },
    { key: { 'state.recordTime': 1, _id: 1 } },
    { key: { 'state.eventTime': 1, _id: 1 } },
  ]);

/** Adds what a fact says of goods, once: a fact read twice finds its event there. */
export function addToEpcis({ topic, id, event: fact, occurredAt, recordedAt }: Envelope, work: Work): void {
  for (const event of factToEpcis(fact as VisibleFact, { topic, id, occurredAt })) {
    const eventId = written(event['eventID']);
    const { words, figures } = indexEvent(event);
    const state: FactEvent['state'] = {
      eventId,
      hash: eventHashId(event, namespacesOf(event['@context'])),
      eventTime: new Date(written(event['eventTime'])).toISOString(),
      recordTime: recordedAt,
      event: JSON.stringify(event),
      words: [...words, `eventID=${eventId}`],
      figures,
    };
    work.reference(FACTS, { _id: eventId, state });
  }
}
