import { UndecodableError, type Codec } from '@lotwarden/contracts/codec';
import type { EventOf } from '@lotwarden/contracts/events';
import { topics, type TopicName } from '@lotwarden/contracts/topics';
import type { Incoming } from '../kafka/kafka.ts';
import type { Context } from '../store/context.ts';

/** One message as a handler sees it. */
export interface Envelope<T extends TopicName = TopicName> {
  readonly event: EventOf<T>;
  readonly topic: T;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** The aggregate's id; on inbound topics the key. */
  readonly subject: string;
  /** The aggregate's version; 0 on inbound topics, which have none. */
  readonly version: number;
  readonly id: string;
  readonly source: string;
  readonly recordedAt: string;
  readonly occurredAt: string;
  readonly actor: string;
  readonly reason: string | undefined;
  readonly device: string | undefined;
  readonly site: string | undefined;
  readonly trace: string | undefined;
}

/** What every record on an inbound topic says of itself. */
export interface InboundFacts {
  readonly sourceSystem: string;
  readonly messageId: string;
  readonly occurredAt: string;
  readonly site: string;
  readonly operator: string | null;
}

/** Undoes the percent-encoding of header texts; a text that was never encoded comes back as it is. */
function plain(text: string | undefined): string | undefined {
  if (text === undefined || !text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Throws the codec's UndecodableError or UnknownSchemaIdError. */
export function envelopeOf<T extends TopicName>(codec: Codec, topic: T, message: Incoming): Envelope<T> {
  const event = codec.decode(topic, message.value ?? Buffer.alloc(0));
  return isInbound(topic) ? inbound(topic, message, event) : internal(topic, message, event);
}

export const isInbound = (topic: TopicName): boolean => topics[topic].kind === 'inbound';

/** Ticks are about the moment; everything else of ours is a version of an aggregate. */
const hasVersions = (topic: TopicName): boolean => topics[topic].kind !== 'tick';

/** Of a message that may be anything. What order is kept by: our aggregate's id, or the key an outside system chose. */
export const subjectOf = (topic: TopicName, { headers, key }: Incoming): string =>
  (isInbound(topic) ? undefined : plain(headers['ce_subject'])) ?? key ?? '';

/** Of a message that may be anything; 0 where there is none. */
export function versionOf(topic: TopicName, { headers }: Incoming): number {
  const text = headers['ce_aggregateversion'] ?? '';
  return !isInbound(topic) && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
}

function internal<T extends TopicName>(topic: T, message: Incoming, event: EventOf<T>): Envelope<T> {
  const { headers, partition, offset } = message;
  const header = (name: string) => plain(headers[name]);
  const version = versionOf(topic, message);
  // Without it, nobody can tell whether this was handled before or what is missing before it.
  if (version === 0 && hasVersions(topic)) throw new UndecodableError('no version of an aggregate in its headers');
  const stamped = instantOf(message.timestamp);
  return {
    event,
    topic,
    partition,
    offset,
    key: message.key ?? '',
    subject: subjectOf(topic, message),
    version,
    id: header('ce_id') ?? `${topic}|${String(partition)}|${String(offset)}`,
    source: header('ce_source') ?? '',
    recordedAt: header('ce_time') ?? stamped,
    occurredAt: header('ce_occurredat') ?? header('ce_time') ?? stamped,
    actor: header('ce_actor') ?? 'unknown',
    reason: header('ce_reason'),
    device: header('ce_device'),
    site: header('ce_site'),
    trace: headers['traceparent'],
  };
}

function inbound<T extends TopicName>(topic: T, message: Incoming, event: EventOf<T>): Envelope<T> {
  const facts = event as unknown as InboundFacts;
  const { partition, offset } = message;
  const key = message.key ?? facts.messageId;
  return {
    event,
    topic,
    partition,
    offset,
    key,
    subject: key,
    version: 0,
    // A bar in a system's name must not make two of its messages look like one.
    id: `${facts.sourceSystem.replaceAll('|', '%7C')}|${facts.messageId}`,
    source: facts.sourceSystem,
    recordedAt: instantOf(message.timestamp),
    occurredAt: facts.occurredAt,
    actor: facts.operator === null ? facts.sourceSystem : `${facts.sourceSystem}:${facts.operator}`,
    reason: undefined,
    device: undefined,
    site: facts.site,
    trace: message.headers['traceparent'],
  };
}

/** A producer may stamp what it likes. */
const LATEST = 8_640_000_000_000_000;
const instantOf = (timestamp: number): string => new Date(Math.min(Math.max(timestamp, 0), LATEST)).toISOString();

/** Who acts in what a message leads to: whoever acted in the message. */
export const contextOf = ({ actor, reason, device, site, occurredAt, trace, id }: Envelope): Context => ({
  actor,
  reason,
  device,
  site,
  occurredAt,
  trace,
  causationId: id,
});
