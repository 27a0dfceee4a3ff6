import type { Deps } from '@lotwarden/platform/service';
import type { CapturedEvent } from './captured-event.ts';

export const FACTS = 'epcis_facts';

/** One of our own facts as an EPCIS event. */
interface FactEvent {
  readonly _id: string;
  readonly state: Pick<CapturedEvent, 'eventId' | 'eventTime' | 'recordTime' | 'event' | 'words' | 'figures'>;
}

export const openFacts = ({ collection }: Pick<Deps, 'collection'>) =>
  collection<FactEvent>(FACTS, [
    { key: { 'state.words': 1 } },
    { key: { 'state.recordTime': 1, _id: 1 } },
    { key: { 'state.eventTime': 1, _id: 1 } },
  ]);
