import { setTimeout as pause } from 'node:timers/promises';
import type { SourceOffset } from '@lotwarden/contracts/events';
import { Transient } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import { FACT_TOPICS } from '../genealogy/facts.ts';
import type { Limits } from '../graph/questions.ts';
import type { Replica } from '../graph/replica.client.ts';
import { lackingIn } from './lacking.ts';

interface Place extends SourceOffset {
  readonly _id: string;
  readonly group: string;
}

/** Milliseconds. */
const [PATIENCE, LOOK_EVERY] = [5_000, 50];
const GROUP = 'traceability.projections';

/**
 * How far the index of names goes: it is read from the same facts as the graph, into the database. What the graph has read
 * and the index has not is a gap, and so is everything that is missing to the graph itself.
 */
export const indexLimits = ({ db }: Pick<Deps, 'db'>, { ask }: Pick<Replica, 'ask'>) => {
  const places = db.collection<Place>('consumer_offsets');

  const readUpTo = async (minOffsets: readonly SourceOffset[]): Promise<SourceOffset[]> => {
    for (let waited = 0; ; waited += LOOK_EVERY) {
      const read = await places.find({ group: GROUP, topic: { $in: [...FACT_TOPICS] } }).toArray();
      const offsets = read.map(({ topic, partition, next }) => ({ topic, partition, next }));
      const behind = lackingIn(offsets, minOffsets);
      if (behind.length === 0) return offsets;
      if (waited >= PATIENCE) throw new Transient('not-caught-up', { behind: behind.join(', ') });
      await pause(LOOK_EVERY);
    }
  };

  return async (minOffsets: readonly SourceOffset[] = []): Promise<Limits> => {
    const graph = await ask('limits', null, { minOffsets }).catch((error: unknown) => {
      // Names are found without the graph too; only then nobody can say that nothing is missing.
      if (error instanceof Transient && error.code === 'graph-unavailable' && minOffsets.length === 0) return UNSURE;
      throw error;
    });
    const offsets = await readUpTo(minOffsets);
    const gaps = [...graph.gaps, ...lackingIn(offsets, graph.offsets).map((where) => `unread-by-index ${where}`)];
    return { offsets, complete: gaps.length === 0, gaps };
  };
};

const UNSURE: Limits = { offsets: [], complete: false, gaps: ['graph-unavailable'] };
