import type { Binary } from 'mongodb';

/** Why the messages of a key wait. */
export type ParkReason = 'gap' | 'behind' | 'failed' | 'undecodable' | 'schema-unknown';

/**
 * The header of a parked key. While it counts anything, every later message of the key is parked behind it; parking
 * and redriving both write it, so that neither acts on what the other has just changed (correctness rule 7).
 */
export interface ParkedKey {
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly count: number;
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
  | { readonly type: 'MessageRedriven' };

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
  if (event.type === 'MessageRedriven') {
    const count = known.count - 1;
    return count > 0 ? { ...known, count } : { ...known, count: 0, reason: null, detail: '', since: null };
  }
  const { group, topic, key, reason, detail, at } = event;
  const named = { group, topic, key, count: known.count + 1 };
  return known.count > 0 ? { ...known, ...named } : { ...named, reason, detail, since: at };
}

/** A parked message, whole: it is handled later as it came. */
export interface ParkedMessage {
  readonly _id: string;
  readonly parkedKey: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Binary | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: number;
  readonly parkedAt: Date;
}

/** Original bytes of what nobody can read, with the reason. */
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

export const messageId = (group: string, topic: string, partition: number, offset: number): string =>
  `${group}|${topic}|${String(partition)}|${String(offset)}`;

export const parkedKeyId = (group: string, topic: string, key: string): string => `${group}|${topic}|${key}`;
