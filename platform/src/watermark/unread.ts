import type { PartitionEnd } from '../kafka/kafka.ts';

/** Whose place in a stream, and how far it is. */
export interface Place {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

export interface Reader {
  readonly group: string;
  readonly topic: string;
}

export interface Unread extends Reader {
  /** Offsets between what was handled and the end; some of them may be no messages. */
  readonly count: number;
}

/** What these readers have not handled of what was there; nothing is named where nothing is. */
export function unreadBy(
  readers: readonly Reader[],
  places: readonly Place[],
  endsOf: (topic: string) => readonly PartitionEnd[],
): Unread[] {
  const known = new Map(places.map(({ group, topic, partition, next }) => [nameOf({ group, topic }, partition), next]));
  return readers.flatMap((reader) => {
    const count = endsOf(reader.topic).reduce((sum, { partition, low, next }) => {
      const from = Math.max(low, known.get(nameOf(reader, partition)) ?? low);
      return sum + Math.max(0, next - from);
    }, 0);
    return count === 0 ? [] : [{ ...reader, count }];
  });
}

const nameOf = ({ group, topic }: Reader, partition: number): string => `${group}|${topic}|${String(partition)}`;
