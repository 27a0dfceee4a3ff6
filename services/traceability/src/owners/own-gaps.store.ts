import type { Deps } from '@lotwarden/platform/service';
import { FACT_TOPICS } from '../genealogy/facts.ts';
import { gapsAt } from './owners.ts';

interface OutboxEntry {
  readonly _id: string;
  readonly topic: string;
  readonly published: boolean;
}

interface CaptureJob {
  readonly _id: string;
  readonly running: boolean;
}

/**
 * What this service was told itself and nobody can see yet: EPCIS captures that are under way, and captured events that are
 * not published (correctness rule 25). Captures first: what they bring goes on into the outbox.
 */
export const ownGaps =
  ({ db }: Pick<Deps, 'db'>): (() => Promise<string[]>) =>
  async () => {
    const captures = await db.collection<CaptureJob>('epcis_captures').countDocuments({ running: true });
    const unpublished = await db
      .collection<OutboxEntry>('outbox')
      .aggregate<{ _id: string; count: number }>([
        { $match: { published: false, topic: { $in: [...FACT_TOPICS] } } },
        { $group: { _id: '$topic', count: { $sum: 1 } } },
      ])
      .toArray();
    return gapsAt('traceability', {
      unread: captures === 0 ? [] : [{ topic: 'epcis-captures', count: captures }],
      parked: [],
      unpublished: unpublished.map(({ _id: topic, count }) => ({ topic, count })),
    });
  };
