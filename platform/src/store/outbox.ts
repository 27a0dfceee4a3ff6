import type { Binary } from 'mongodb';
import type { TopicName } from '@lotwarden/contracts/topics';
import type { Context } from './context.ts';

/**
 * An event waiting for the relay, written in the transaction that made it. The relay picks `published: false` in
 * (aggregate, version) order and stores where it went. `topic` is the name without any prefix.
 */
export interface OutboxEntry {
  /** `<topic>|<event id>`: the same version of an aggregate cannot be appended twice. */
  readonly _id: string;
  readonly topic: TopicName;
  readonly key: string;
  readonly aggregate: string;
  readonly version: number;
  readonly type: string;
  readonly value: Binary;
  readonly headers: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly published: boolean;
  readonly publishedAt?: Date;
  readonly partition?: number;
  readonly offset?: number;
  /** Why Kafka would not take it, for whoever looks; it is tried again. */
  readonly refused?: string;
}

interface EventFacts {
  readonly service: string;
  readonly type: string;
  readonly aggregate: string;
  readonly version: number;
  readonly incarnation: string;
  /** ISO 8601 with milliseconds. */
  readonly recordedAt: string;
}

export const eventId = (facts: Pick<EventFacts, 'aggregate' | 'version' | 'incarnation'>): string =>
  `${facts.aggregate}:${String(facts.version)}@${facts.incarnation}`;

/** Kafka headers travel as text that not every client reads as UTF-8: what is not plain ASCII is percent-encoded. */
export const headerText = (text: string): string =>
  text.replaceAll(/[^\x21-\x24\x26-\x7e]+/gu, (run) => encodeURIComponent(run.toWellFormed()));

/** CloudEvents 1.0, Kafka binding, binary mode; our extensions are named as the specification wants: lower case. */
export function eventHeaders(facts: EventFacts, context: Context): Record<string, string> {
  const headers: Record<string, string | undefined> = {
    ce_specversion: '1.0',
    ce_id: eventId(facts),
    ce_source: `/${facts.service}`,
    ce_type: facts.type,
    ce_subject: facts.aggregate,
    ce_time: facts.recordedAt,
    ce_aggregateversion: String(facts.version),
    ce_incarnation: facts.incarnation,
    ce_occurredat: context.occurredAt ?? facts.recordedAt,
    ce_actor: context.actor,
    ce_reason: context.reason,
    ce_device: context.device,
    ce_site: context.site,
    ce_causationid: context.causationId,
    'content-type': 'application/avro',
    traceparent: context.trace,
  };
  const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, headerText(value)]));
}
