import { createHash } from 'node:crypto';
import type { ScopeWay } from '@lotwarden/contracts/events';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotIdAt, type Traced } from './trace.ts';

/** One event carries at most so many of one lot, each of about 60 bytes. */
const MOST_WAYS = 1_000;

/**
 * The last steps of all paths to a lot, in one order only. A new path from a root to any lot gives at least one lot on
 * it a new last step, so that whoever compares these misses none. Of very many the rest stands as one step with their
 * digest: it is another one as soon as any of them is.
 */
export function waysTo(graph: Genealogy, { reached, steps }: Traced, place: number, most = MOST_WAYS): ScopeWay[] {
  const found = new Map<string, ScopeWay>();
  steps.into(
    place,
    () => true,
    (lot, operation) => {
      const way = { from: lotIdAt(graph, reached, lot), operation: graph.operationIds.text(operation) };
      found.set(keyOf(way), way);
    },
  );
  const all = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, way]) => way);
  if (all.length <= most) return all;
  const rest = all.slice(most - 1);
  const digest = createHash('sha256').update(rest.map(keyOf).join('\n')).digest('hex').slice(0, 16);
  return [...all.slice(0, most - 1), { from: digest, operation: `and-${String(rest.length)}-more` }];
}

const keyOf = ({ from, operation }: ScopeWay): string => `${operation} ${from}`;
