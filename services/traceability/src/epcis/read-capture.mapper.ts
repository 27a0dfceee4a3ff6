import { Rejected } from '@lotwarden/platform/errors';
import { keyOf } from './captured-event.ts';
import { eventHashId } from './event-hash.ts';
import { statementOf } from './goods-in-event.ts';
import { isObject, written, type Json, type JsonObject } from './json.ts';
import { unkeepable } from './keepable.ts';
import { namespacesOf } from './namespaces.ts';
import { CAPTURE_LIMIT } from './negotiate.ts';
import type { Fault } from './fault.ts';
import type { EpcisSchema } from './schema.mapper.ts';

/** An event that is fit to be kept. */
export interface ReadEvent {
  readonly key: string;
  readonly eventId: string;
  readonly hash: string;
  readonly event: JsonObject;
  readonly json: string;
}

export type EventReading = { readonly event: ReadEvent } | { readonly faults: readonly Fault[] };

/** One event goes to one message, and a broker takes a megabyte. */
const EVENT_LIMIT = 512 * 1024;
const ID_LIMIT = 500;
const TYPES = ['ObjectEvent', 'AggregationEvent', 'TransactionEvent', 'TransformationEvent', 'AssociationEvent'];

export function parseJson(text: string | Buffer): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (cause) {
    throw new Rejected('epcis-body-not-json', {}, undefined, { cause });
  }
}

/** A document of at most 10,000 events, its envelope checked; throws what is wrong with it. */
export function readDocument(
  body: unknown,
  schema: EpcisSchema,
): { context: Json | undefined; events: readonly unknown[] } {
  if (!isObject(body)) throw rejected([{ path: '', message: 'it must be an EPCISDocument' }]);
  const inner = isObject(body['epcisBody']) ? body['epcisBody'] : {};
  const events: unknown = inner['eventList'];
  const listed = Array.isArray(events) ? (events as unknown[]) : undefined;
  const found = schema.envelopeFaults({ ...body, epcisBody: { ...inner, ...(listed && { eventList: [] }) } });
  if (found.length > 0 || !listed) throw rejected(found);
  if (listed.length > CAPTURE_LIMIT)
    throw new Rejected('epcis-capture-too-large', { found: listed.length, limit: CAPTURE_LIMIT });
  return { context: body['@context'], events: listed };
}

export const rejected = (faults: readonly Fault[]): Rejected =>
  new Rejected('epcis-document-invalid', {
    errors: faults.map(({ path, message }) => ({ path, code: 'schema', message })),
  });

/** Checks one event against the standard, and gives it its name. `context` is that of the document around it. */
export function readEvent(candidate: unknown, context: Json | undefined, schema: EpcisSchema): EventReading {
  const found = schema.eventFaults(candidate);
  if (found.length > 0 || !isObject(candidate)) return { faults: found };
  if (!TYPES.includes(written(candidate['type'])))
    return { faults: [{ path: '/type', message: `/type must be one of ${TYPES.join(', ')}` }] };
  const notKept = unkeepable(candidate, statementOf(candidate));
  if (notKept.length > 0) return { faults: notKept };
  const event = withContext(candidate, context);
  const namespaces = namespacesOf(event['@context']);
  const hash = eventHashId(event, namespaces);
  const eventId = typeof event['eventID'] === 'string' ? event['eventID'] : hash;
  if (eventId.length > ID_LIMIT)
    return { faults: [{ path: '/eventID', message: `/eventID is longer than ${ID_LIMIT} characters` }] };
  const named = { ...event, eventID: eventId };
  const json = JSON.stringify(named);
  if (Buffer.byteLength(json) > EVENT_LIMIT)
    return { faults: [{ path: '', message: `it is larger than ${EVENT_LIMIT} bytes; split it into several events` }] };
  return { event: { key: keyOf(eventId, event), eventId, hash, event: named, json } };
}

/** An event that stands alone brings the prefixes along that its names need; context documents are named, never fetched. */
function withContext(event: JsonObject, context: Json | undefined): JsonObject {
  const outer = Array.isArray(context) ? (context as Json[]) : context === undefined ? [] : [context];
  const own = event['@context'];
  const inner = Array.isArray(own) ? (own as Json[]) : own === undefined ? [] : [own];
  const all = [...outer, ...inner].filter((part) => isObject(part) || !isStandard(part));
  const { '@context': _, ...rest } = event;
  return all.length === 0 ? rest : { '@context': distinct(all), ...rest };
}

const STANDARD_CONTEXT =
  /^https:\/\/(ref\.gs1\.org\/standards\/epcis|gs1\.github\.io\/EPCIS)\/.*epcis-context\.jsonld$/;
const isStandard = (part: Json): boolean => typeof part === 'string' && STANDARD_CONTEXT.test(part);

const distinct = (parts: readonly Json[]): Json[] => [
  ...new Map(parts.map((part) => [JSON.stringify(part), part])).values(),
];
