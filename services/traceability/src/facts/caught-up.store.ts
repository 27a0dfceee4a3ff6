import { setTimeout as pause } from 'node:timers/promises';
import type { SourceOffset } from '@lotwarden/contracts/events';
import { Transient } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';

/** Reads every topic that is told of lots into this service's database. */
export const PROJECTIONS = 'traceability.projections';

interface Place extends SourceOffset {
  readonly _id: string;
  readonly group: string;
}

/** Milliseconds that a question waits for what it must have seen. */
const PATIENCE = 5_000;
const LOOK_EVERY = 25;

export interface Written {
  /** How far the streams were written to the database. */
  offsets(): Promise<SourceOffset[]>;
  /** Waits until that far everything is there. Throws `not-caught-up`. */
  until(wanted: readonly SourceOffset[], signal: AbortSignal): Promise<void>;
}

/** How far this service's database has read, for answers that are made from it and not from the graph. */
export function written({ db }: Pick<Deps, 'db'>, topics: readonly string[]): Written {
  const places = db.collection<Place>('consumer_offsets');
  const offsets = async (): Promise<SourceOffset[]> => {
    const found = await places.find({ group: PROJECTIONS }).toArray();
    return found
      .map(({ topic, partition, next }) => ({ topic, partition, next }))
      .sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));
  };
  return {
    offsets,
    until: async (wanted, signal) => {
      const read = wanted.filter(({ topic }) => topics.includes(topic));
      if (read.length === 0) return;
      for (let waited = 0; ; waited += LOOK_EVERY) {
        const at = await offsets();
        const reached = (one: SourceOffset): number =>
          at.find(({ topic, partition }) => topic === one.topic && partition === one.partition)?.next ?? 0;
        const lacking = read.filter((one) => reached(one) < one.next);
        if (lacking.length === 0) return;
        if (waited >= PATIENCE) {
          const behind = lacking.map(
            (o) => `${o.topic}/${String(o.partition)}: ${String(reached(o))} of ${String(o.next)}`,
          );
          throw new Transient('not-caught-up', { behind: behind.join(', '), offsets: at });
        }
        await pause(LOOK_EVERY, undefined, { signal });
      }
    },
  };
}
