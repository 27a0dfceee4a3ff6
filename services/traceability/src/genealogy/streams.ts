import { createVersions, type Versions } from '../packed/versions.ts';
import type { Fact } from './facts.ts';
import type { Interner } from './interner.ts';

/** Events of each aggregate: the last version applied, and those that wait for a missing one before them. */
export interface Streams {
  readonly versions: Versions;
  /** By topic|aggregate: only those that have any. */
  readonly waiting: Map<string, Map<number, Fact>>;
}

export const createStreams = (ids: readonly Interner[]): Streams => ({
  versions: createVersions(ids),
  waiting: new Map(),
});

/** The last version that was applied of topic|aggregate; 0 before the first. */
export function versionOf({ versions }: Streams, name: string): number {
  const at = name.indexOf('|');
  return versions.get(name.slice(0, at), name.slice(at + 1));
}

/**
 * Lets the fact wait for its turn and applies whatever has its turn now: a version that was already seen is dropped, one
 * that comes too early waits for the missing ones. Tells how many were applied, and whether any waits.
 */
export function inTurn(
  { versions, waiting }: Streams,
  fact: Fact,
  apply: (fact: Fact) => void,
): { applied: number; waits: boolean } {
  const { topic, aggregate } = fact;
  const before = versions.get(topic, aggregate);
  const name = `${topic}|${aggregate}`;
  const early = waiting.size > 0 ? waiting.get(name) : undefined;
  if (fact.version <= before) return { applied: 0, waits: early !== undefined };
  if (fact.version > before + 1) {
    waiting.set(name, (early ?? new Map<number, Fact>()).set(fact.version, fact));
    return { applied: 0, waits: true };
  }
  let version = before;
  for (let next: Fact | undefined = fact; next; next = early?.get(version + 1)) {
    early?.delete(next.version);
    version = next.version;
    apply(next);
  }
  // Once more than one was applied the id has a number, if it is one of a lot or an operation.
  versions.set(topic, aggregate, version);
  if (early?.size === 0) waiting.delete(name);
  return { applied: version - before, waits: (early?.size ?? 0) > 0 };
}
