import { Binary } from 'mongodb';
import type { TopicName } from '@lotwarden/contracts/topics';
import type { Incoming } from '../kafka/kafka.ts';
import { headerText, type OutboxEntry } from '../store/outbox.ts';

/** Original bytes of what nobody can read, or nobody should have sent, with the reason. */
export interface DeadLetter {
  readonly _id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Binary | null;
  readonly value: Binary | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly at: Date;
}

const placeOf = (topic: TopicName, { partition, offset }: Incoming): string =>
  `${topic}|${String(partition)}|${String(offset)}`;

export function deadLetter(topic: TopicName, message: Incoming, reason: string, at: Date): DeadLetter {
  const { partition, offset, rawKey, value, headers } = message;
  return {
    _id: placeOf(topic, message),
    topic,
    partition,
    offset,
    key: rawKey === null ? null : new Binary(rawKey),
    value: value === null ? null : new Binary(value),
    headers,
    reason,
    at,
  };
}

/** With our own headers the largest message a broker takes would be larger than that. */
const ROOM = 900_000;

/** The letter on the service's dead-letter topic: as it came, or only where it came from if it is too large to go on. */
export function letterEntry(
  service: string,
  topic: TopicName,
  message: Incoming,
  reason: string,
  at: Date,
): OutboxEntry {
  const { value, headers, rawKey } = message;
  const size = Object.entries(headers).reduce(
    (sum, [name, text]) => sum + name.length + Buffer.byteLength(text),
    (value?.length ?? 0) + (rawKey?.length ?? 0),
  );
  const fits = size <= ROOM;
  const _id = `dead-letter|${placeOf(topic, message)}`;
  return {
    _id,
    topic: `${service}.dead-letter.v1` as TopicName,
    key: fits ? (message.key ?? '') : '',
    aggregate: _id,
    version: 1,
    type: 'DeadLetter',
    value: new Binary(fits ? (value ?? Buffer.alloc(0)) : Buffer.alloc(0)),
    headers: {
      ...(fits ? headers : { 'lotwarden-left-out': `${String(size)} bytes` }),
      'lotwarden-topic': topic,
      'lotwarden-partition': String(message.partition),
      'lotwarden-offset': String(message.offset),
      'lotwarden-reason': headerText(reason.slice(0, 500)),
    },
    createdAt: at,
    published: false,
  };
}
