import type { SourceOffset } from '@lotwarden/contracts/events';

/** What of `wanted` is beyond `read`, by name. */
export function lackingIn(read: readonly SourceOffset[], wanted: readonly SourceOffset[]): string[] {
  const known = new Map(read.map(({ topic, partition, next }) => [`${topic}/${partition}`, next]));
  return wanted
    .filter(({ topic, partition, next }) => next > (known.get(`${topic}/${partition}`) ?? 0))
    .map(({ topic, partition, next }) => `${topic}/${partition} up to ${next}`);
}
