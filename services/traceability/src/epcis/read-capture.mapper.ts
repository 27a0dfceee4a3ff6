import { Rejected } from '@lotwarden/platform/errors';
import { keyOf } from './captured-event.ts';
import { eventHashId } from './event-hash.ts';
import { statementOf } from './goods-in-event.ts';
import { DEPTH_LIMIT, isDeeper, isObject, written, type Json, type JsonObject } from './json.ts';
import { unkeepable } from './keepable.ts';
import { namespacesOf } from './namespaces.ts';
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

/** What stands around the events of a document; throws what is wrong with it. */
export function checkEnvelope({ envelope, isList }: Envelope, schema: EpcisSchema): Json | undefined {
  const found = schema.envelopeFaults(envelope);
  if (found.length > 0 || !isList) throw rejected(found);
  return envelope['@context'];
}

interface Envelope {
  /** Without events. */
  readonly envelope: JsonObject;
  readonly isList: boolean;
}

export const rejected = (faults: readonly Fault[]): Rejected =>
  new Rejected('epcis-document-invalid', {
    errors: faults.map(({ path, message }) => ({ path, code: 'schema', message })),
  });

/** Whose event it is, what stands in the document around it, and what it has to be. */
export interface Reading {
  readonly party: string | null;
  readonly context: Json | undefined;
  readonly schema: EpcisSchema;
}

/** Checks one event against the standard, and gives it its name. */
export function readEvent(candidate: unknown, { party, context, schema }: Reading): EventReading {
  if (isDeeper(candidate, DEPTH_LIMIT))
    return { faults: [{ path: '', message: `it is nested more than ${DEPTH_LIMIT} levels deep` }] };
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
  return { event: { key: keyOf(eventId, event, party), eventId, hash, event: named, json } };
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
