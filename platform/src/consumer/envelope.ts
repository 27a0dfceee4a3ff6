import type { Codec } from '@lotwarden/contracts/codec';
import type { EventOf } from '@lotwarden/contracts/events';
import type { TopicName } from '@lotwarden/contracts/topics';
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
export function envelopeOf<T extends TopicName>(codec: Codec, topic: T, kind: string, message: Incoming): Envelope<T> {
  const event = codec.decode(topic, message.value ?? Buffer.alloc(0));
  return kind === 'inbound' ? inbound(topic, message, event) : internal(topic, message, event);
}

function internal<T extends TopicName>(topic: T, message: Incoming, event: EventOf<T>): Envelope<T> {
  const { headers, partition, offset } = message;
  const header = (name: string) => plain(headers[name]);
  const stamped = new Date(message.timestamp).toISOString();
  const key = message.key ?? '';
  return {
    event,
    topic,
    partition,
    offset,
    key,
    subject: header('ce_subject') ?? key,
    version: Number(headers['ce_aggregateversion'] ?? 0),
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
    id: `${facts.sourceSystem}|${facts.messageId}`,
    source: facts.sourceSystem,
    recordedAt: new Date(message.timestamp).toISOString(),
    occurredAt: facts.occurredAt,
    actor: facts.operator === null ? facts.sourceSystem : `${facts.sourceSystem}:${facts.operator}`,
    reason: undefined,
    device: undefined,
    site: facts.site,
    trace: message.headers['traceparent'],
  };
}

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
