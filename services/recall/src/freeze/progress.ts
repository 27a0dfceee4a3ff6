import type { SourceOffset } from '@lotwarden/contracts/events';
import type { Epoch, GateWord } from './epoch.ts';
import { GATES, type GateLife, type GateName } from './gate-life.ts';

export interface FreezeFacts {
  readonly current: Epoch;
  /** What the gates said about this hold. */
  readonly words: readonly GateWord[];
  readonly lives: readonly GateLife[];
}

export type Progress =
  /** Some gates have not acknowledged the current epoch. */
  | { readonly step: 'freezing'; readonly missing: readonly GateName[] }
  /** All hold it; some have not handled what they had heard before. */
  | { readonly step: 'draining'; readonly missing: readonly GateName[] }
  /** All have; now traceability has to have seen these offsets. */
  | { readonly step: 'settling'; readonly offsets: readonly SourceOffset[] };

/**
 * Where a freeze stands, from what is on record and from nothing else: a restart at any point, a repeated or a late
 * message cannot change it. Words of a former life of a gate's database do not count.
 */
export function progressOf({ current, words, lives }: FreezeFacts): Progress {
  const counted = new Map(words.filter((word) => isCurrent(word, lives)).map((word) => [word.gate, word]));
  const frozen = GATES.filter((gate) => (counted.get(gate)?.epoch ?? 0) >= current.epoch);
  if (frozen.length < GATES.length)
    return { step: 'freezing', missing: GATES.filter((gate) => !frozen.includes(gate)) };
  const undrained = GATES.filter((gate) => (counted.get(gate)?.drained ?? 0) < current.epoch);
  if (undrained.length > 0) return { step: 'draining', missing: undrained };
  return { step: 'settling', offsets: furthest([...counted.values()].flatMap(({ offsets }) => [...offsets])) };
}

const isCurrent = (word: GateWord, lives: readonly GateLife[]): boolean =>
  lives.some(({ gate, incarnation }) => gate === word.gate && incarnation === word.incarnation);

/** Of each stream the furthest place, sorted. */
export function furthest(offsets: readonly SourceOffset[]): SourceOffset[] {
  const places = new Map<string, SourceOffset>();
  for (const place of offsets) {
    const key = `${place.topic}|${String(place.partition)}`;
    if ((places.get(key)?.next ?? -1) < place.next) places.set(key, place);
  }
  return [...places.values()].sort((a, b) =>
    a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition,
  );
}
