import type { EventOf } from '@lotwarden/contracts/events';
import { indexEvent, type Indexed } from './index-event.ts';
import { isObject, written, type JsonObject } from './json.ts';

export type EpcisCaptured = EventOf<'traceability.epcis.v1'>;

/** An event as it was captured, and what it is found by. It is never changed: a correction is another event. */
export interface CapturedEvent extends Indexed {
  readonly eventId: string;
  readonly hash: string;
  /** UTC, to the millisecond. */
  readonly eventTime: string;
  readonly recordTime: string;
  /** JSON. */
  readonly event: string;
  readonly capture: string | null;
  readonly capturer: string;
  readonly party: string | null;
}

export const NOT_CAPTURED: CapturedEvent = {
  eventId: '',
  hash: '',
  eventTime: '',
  recordTime: '',
  event: '{}',
  capture: null,
  capturer: '',
  party: null,
  words: [],
  figures: [],
};

export function evolve(_known: CapturedEvent, told: EpcisCaptured): CapturedEvent {
  const { eventId, hash, recordTime, capture, capturer, party } = told;
  const event = eventIn(told.event);
  const eventTime = new Date(written(event['eventTime'])).toISOString();
  const { words, figures } = indexEvent(event);
  const facts = { eventId, hash, recordTime, event: told.event, capture, capturer, party };
  return { ...facts, eventTime, words: [...words, `eventID=${eventId}`], figures };
}

export function eventIn(text: string): JsonObject {
  const event: unknown = JSON.parse(text);
  return isObject(event) ? event : {};
}

/**
 * An error declaration carries the id of the event that it declares wrong (EPCIS 2.0, 7.4.1.2): the two are kept side by
 * side, and a second declaration for the same event beside both. Each party has names of its own: nobody takes another's
 * by using it first.
 */
export const keyOf = (eventId: string, event: JsonObject, party: string | null): string => {
  const declaration = event['errorDeclaration'];
  const time = isObject(declaration) ? declaration['declarationTime'] : undefined;
  const key = typeof time === 'string' ? `${eventId}#error-${time}` : eventId;
  return party === null ? key : `${key}#of-${party}`;
};
