import { Binary } from 'mongodb';
import type { Incoming } from '../kafka/kafka.ts';
import type { Reading } from './reading.ts';

/** Why the messages of a key wait. */
export const parkReasons = ['gap', 'behind', 'refused', 'failed', 'undecodable', 'schema-unknown'] as const;
export type ParkReason = (typeof parkReasons)[number];

/** What may pass by itself: the missing version comes, or what a refusal was about changes. These are tried again. */
export const passing: readonly ParkReason[] = ['gap', 'refused'];

/**
 * The header of a parked key. While it counts anything, every later message of the key is parked behind it; whoever
 * parks, redrives or handles a message of the key writes it, so that none acts on what another has just changed
 * (correctness rule 7).
 */
export interface ParkedKey {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly count: number;
  /** 'gap' and 'refused' are tried again by themselves; everything else waits for a person. */
  readonly reason: ParkReason | null;
  readonly detail: string;
  readonly since: string | null;
}

export type ParkedKeyEvent =
  | {
      readonly type: 'MessageParked';
      readonly group: string;
      readonly topic: string;
      readonly key: string;
      readonly reason: ParkReason;
      readonly detail: string;
      readonly at: string;
    }
  /** What was missing has been handled: the parked ones can follow. */
  | { readonly type: 'GapClosed' }
  | { readonly type: 'MessageRedriven' }
  /** A person decided to go on without it. */
  | { readonly type: 'MessagePassedOver' };

export const NOT_PARKED: ParkedKey = {
  group: '',
  topic: '',
  key: '',
  count: 0,
  reason: null,
  detail: '',
  since: null,
};

export function evolve(known: ParkedKey, event: ParkedKeyEvent): ParkedKey {
  switch (event.type) {
    case 'MessageParked': {
      const { group, topic, key, reason, detail, at } = event;
      const named = { ...known, group, topic, key, count: known.count + 1 };
      if (known.count === 0) return { ...named, reason, detail, since: at };
      // One that broke tells more than the ones that wait because of it.
      return reason === 'behind' || reason === 'gap' ? named : { ...named, reason, detail };
    }
    case 'GapClosed':
      return { ...known, reason: 'gap', detail: 'what was missing has come' };
    case 'MessageRedriven':
    case 'MessagePassedOver': {
      const count = known.count - 1;
      return count > 0 ? { ...known, count } : { ...known, count: 0, reason: null, detail: '', since: null };
    }
  }
}

/** A parked message, whole: it is handled later as it came. */
export interface ParkedMessage {
  readonly _id: string;
  readonly parkedKey: string;
  /** They leave in this order, then in that of the stream: 4 may have come before 3. */
  readonly version: number;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Binary | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: number;
  readonly parkedAt: Date;
}

export function parkedMessage(
  group: string,
  topic: string,
  { message, key: place, version }: Reading,
  parkedAt: Date,
): ParkedMessage {
  const { partition, offset, key, value, headers, timestamp } = message;
  return {
    _id: messageId(group, topic, partition, offset),
    parkedKey: parkedKeyId(group, topic, place),
    version,
    partition,
    offset,
    key,
    value: value === null ? null : new Binary(value),
    headers,
    timestamp,
    parkedAt,
  };
}

export const unparked = ({ partition, offset, key, value, headers, timestamp }: ParkedMessage): Incoming => ({
  partition,
  offset,
  key,
  rawKey: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value.buffer.subarray(0, value.position)),
  headers,
  timestamp,
});

export const messageId = (group: string, topic: string, partition: number, offset: number): string =>
  `${group}|${topic}|${String(partition)}|${String(offset)}`;

export const parkedKeyId = (group: string, topic: string, key: string): string => `${group}|${topic}|${key}`;
