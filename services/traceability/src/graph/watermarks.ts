import type { SourceOffset } from '@lotwarden/contracts/events';

/** How far each stream was read: topic → partition → next offset. */
export type Watermarks = Map<string, Map<number, number>>;

/** What an answer has to have seen to be complete, and what nobody can see yet, by name. */
export interface Expected {
  readonly targets: readonly SourceOffset[];
  readonly missing: readonly string[];
}

/** Never goes back: a stream read again says nothing new. */
export function advance(marks: Watermarks, topic: string, partition: number, next: number): void {
  const partitions = marks.get(topic) ?? new Map<number, number>();
  marks.set(topic, partitions.set(partition, Math.max(next, partitions.get(partition) ?? 0)));
}

export const nextOf = (marks: Watermarks, topic: string, partition: number): number =>
  marks.get(topic)?.get(partition) ?? 0;

export const vectorOf = (marks: Watermarks): SourceOffset[] =>
  [...marks]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([topic, partitions]) =>
      [...partitions].sort(([a], [b]) => a - b).map(([partition, next]) => ({ topic, partition, next })),
    );

/** Which of the wanted offsets are not reached; streams that are not read here are nobody's to wait for. */
export const lacking = (
  marks: Watermarks,
  wanted: readonly SourceOffset[],
  reads: (topic: string) => boolean,
): SourceOffset[] =>
  wanted.filter(({ topic, partition, next }) => reads(topic) && nextOf(marks, topic, partition) < next);
