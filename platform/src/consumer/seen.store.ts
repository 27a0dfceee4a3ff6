import { createHash } from 'node:crypto';
import type { TopicName } from '@lotwarden/contracts/topics';
import type { Work } from '../store/store.ts';
import { seenId } from '../store/work.ts';
import { isInbound } from './envelope.ts';
import type { Reading } from './reading.ts';

type EventReading = Extract<Reading, { readonly kind: 'event' }>;

/**
 * Where a message stands: the next one to handle, handled before, ahead of one that is missing, or under the id of
 * another message.
 */
export type Standing = 'next' | 'handled' | 'early' | 'id-reused';

/** What a consumer has handled of the keys it looks at, as of this unit of work. */
export interface Seen {
  standing(reading: EventReading): Standing;
  /** The last version handled of its aggregate. */
  last(reading: EventReading): number;
  handled(reading: EventReading): void;
  /** Puts what was noted into the unit; once, at its end. */
  write(): void;
}

interface Place {
  readonly group: string;
  readonly topic: TopicName;
}

export async function seenBefore(work: Work, place: Place, readings: readonly Reading[], at: Date): Promise<Seen> {
  const events = readings.filter((reading) => reading.kind === 'event');
  return isInbound(place.topic) ? byMessageId(work, place, events, at) : byVersion(work, place, events);
}

async function byVersion(work: Work, { group, topic }: Place, events: readonly EventReading[]): Promise<Seen> {
  const idOf = ({ key }: EventReading): string => seenId({ group, topic, key });
  const ids = [...new Set(events.map(idOf))];
  const found = await work.read<{ _id: string; version: number }>('seen_versions', ids);
  const known = new Map([...found].map(([id, { version }]) => [id, version]));
  const changed = new Set<string>();
  const last = (reading: EventReading): number => known.get(idOf(reading)) ?? 0;
  return {
    last,
    standing: (reading) => {
      // Ticks have no versions: each is news.
      if (reading.version === 0) return 'next';
      const ahead = reading.version - last(reading);
      if (ahead <= 0) return 'handled';
      return ahead === 1 ? 'next' : 'early';
    },
    handled: (reading) => {
      if (reading.version === 0) return;
      known.set(idOf(reading), reading.version);
      changed.add(idOf(reading));
    },
    write: () => {
      for (const _id of changed) work.put('seen_versions', { _id }, { $set: { version: known.get(_id) } });
    },
  };
}

interface Mark {
  readonly _id: string;
  readonly at: Date;
  /** SHA-256 of the message's bytes, in hex. */
  readonly digest?: string;
}

async function byMessageId(
  work: Work,
  { group, topic }: Place,
  events: readonly EventReading[],
  at: Date,
): Promise<Seen> {
  const idOf = ({ envelope }: EventReading): string => `${group}|${topic}|${envelope.id}`;
  const marks = new Map(await work.read<Mark>('inbox', [...new Set(events.map(idOf))]));
  const fresh: Mark[] = [];
  return {
    last: () => 0,
    standing: (reading) => {
      const mark = marks.get(idOf(reading));
      if (mark === undefined) return 'next';
      return mark.digest === undefined || mark.digest === digestOf(reading) ? 'handled' : 'id-reused';
    },
    handled: (reading) => {
      const mark = { _id: idOf(reading), at, digest: digestOf(reading) };
      marks.set(mark._id, mark);
      fresh.push(mark);
    },
    write: () => {
      for (const mark of fresh) work.insert('inbox', { ...mark });
    },
  };
}

const digestOf = ({ message: { value } }: EventReading): string =>
  createHash('sha256')
    .update(value ?? '')
    .digest('hex');
