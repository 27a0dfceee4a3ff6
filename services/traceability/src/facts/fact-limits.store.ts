import type { SourceOffset } from '@lotwarden/contracts/events';
import type { Deps } from '@lotwarden/platform/service';
import type { Replica } from '../graph/replica.client.ts';
import { lackingIn } from '../search/lacking.ts';
import { PROJECTIONS, type Written } from './caught-up.store.ts';

/** How far an answer goes that is made from the facts in the database. */
export interface FactLimits {
  readonly offsets: readonly SourceOffset[];
  /** All that is missing now, by name. */
  readonly gaps: readonly string[];
  /** Of it what may hide facts of any time: what nobody was told yet, or could not be read. */
  readonly untold: readonly string[];
}

export type ReadFactLimits = () => Promise<FactLimits>;

interface Parked {
  readonly _id: string;
  readonly state: { readonly group: string; readonly topic: string; readonly count: number };
}

const UNTOLD = /^(owner-|unread|skipped|ends-unknown|undecodable|schema-unknown|projection-parked)/;

/**
 * What is missing to the graph is missing here too, as both are fed by the same streams; besides, what the graph has read
 * and the database has not, and what waits on its way there (correctness rule 25). To be asked before the facts are read:
 * what it says is lacking may be there by then, never the other way round.
 */
export const readFactLimits = (
  { db }: Pick<Deps, 'db'>,
  { ask }: Pick<Replica, 'ask'>,
  { offsets: writtenUpTo }: Pick<Written, 'offsets'>,
  topics: readonly string[],
): ReadFactLimits => {
  const parkedKeys = db.collection<Parked>('parked_keys');
  return async () => {
    const graph = await ask('limits', null);
    const parked = await parkedKeys
      .aggregate<{ _id: string; count: number }>([
        { $match: { 'state.group': PROJECTIONS, 'state.count': { $gt: 0 } } },
        { $group: { _id: '$state.topic', count: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ])
      .toArray();
    const offsets = await writtenUpTo();
    const wanted = graph.offsets.filter(({ topic }) => topics.includes(topic));
    const gaps = [
      ...graph.gaps,
      ...lackingIn(offsets, wanted).map((where) => `unread-by-database ${where}`),
      ...parked.map(({ _id: topic, count }) => `projection-parked ${topic} (${String(count)})`),
    ];
    return { offsets, gaps, untold: gaps.filter((gap) => UNTOLD.test(gap)) };
  };
};
