import { Transient } from '@lotwarden/platform/errors';
import { job, type Job } from '@lotwarden/platform/jobs';
import type { Log } from '@lotwarden/platform/log';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Context } from '@lotwarden/platform/store';
import type { Replica } from '../graph/replica.client.ts';
import type { GapEvent, GapWork } from './gap.ts';
import type { Impact } from './impact.ts';
import { reviewGaps, type Sighting } from './review-gaps.ts';
import type { GapRule } from './rules.ts';
import { closeGap, openGap } from './work-on-gap.ts';

export type GapWorks = Aggregate<GapWork, GapEvent>;

/** A gap that is there, whether anybody's work yet or not, and what it may hide. */
export interface SightingDocument extends Sighting {
  readonly impact?: Impact & { readonly at: string };
}

export const openSightings = ({ collection }: Pick<Deps, 'collection'>) =>
  collection<SightingDocument>('gap_sightings', [{ key: { 'impact.at': 1, _id: 1 } }]);

export type Sightings = ReturnType<typeof openSightings>;

interface Needs {
  readonly works: GapWorks;
  readonly sightings: Sightings;
  readonly replica: Pick<Replica, 'ask'>;
  readonly clock: Deps['clock'];
  readonly log: Log;
  readonly rules: readonly GapRule[];
  /** Milliseconds that a gap stands before it is anybody's work. */
  readonly grace: number;
  /** Milliseconds between two looks. */
  readonly every: number;
}

const CONTEXT: Context = { actor: 'service:traceability', reason: 'worklist of gaps' };
const BATCH = 200;
/** Gaps whose impact is found out in one look, those longest ago first: each is a trace. */
const IMPACTS = 20;
/** Milliseconds for which an impact is good enough. */
const IMPACT_LASTS = 600_000;
/** What there is now is waited for so long. */
const PATIENCE = 1_000;

/**
 * Keeps the worklist what the graph says is missing: a gap that stands is opened, one that is gone closed, by nobody else.
 * A look that ends halfway is made again: what was opened or closed is so already.
 */
export function worklistJob({ works, sightings, replica, clock, log, rules, grace, every }: Needs): Job {
  const look = async (): Promise<void> => {
    const { gaps, behind } = await replica.ask('gaps', { after: '', limit: null }, { patience: PATIENCE });
    const at = clock.instant();
    const known = await sightings.find({}, { projection: { impact: 0 } }).toArray();
    const { seen, open, gone } = reviewGaps(known, { gaps, behind, at, grace });
    for (const part of inBatches(seen))
      await sightings.bulkWrite(
        part.map(({ _id, ...what }) => ({ updateOne: { filter: { _id }, update: { $set: what }, upsert: true } })),
      );
    for (const part of inBatches(open)) {
      await works.changeMany(
        part.map((gap) => ({ id: gap._id, decide: (state) => openGap(state, gap, rules, gap.since) })),
        CONTEXT,
      );
      await sightings.updateMany({ _id: { $in: part.map(({ _id }) => _id) } }, { $set: { opened: true } });
    }
    for (const part of inBatches(gone)) {
      await works.changeMany(part.map(({ _id }) => ({ id: _id, decide: closeGap })), CONTEXT); // prettier-ignore
      await sightings.deleteMany({ _id: { $in: part.map(({ _id }) => _id) } });
    }
    await weigh(at);
  };

  const weigh = async (at: string): Promise<void> => {
    const ago = new Date(Date.parse(at) - IMPACT_LASTS).toISOString();
    const due = { opened: true, $or: [{ impact: { $exists: false } }, { 'impact.at': { $lt: ago } }] };
    const oldest = await sightings.find(due).sort({ 'impact.at': 1, _id: 1 }).limit(IMPACTS).toArray();
    if (oldest.length === 0) return;
    const gaps = oldest.map(({ _id, kind, subject, detail }) => ({ id: _id, kind, subject, detail }));
    const impacts = await replica.ask('impacts', { gaps });
    await sightings.bulkWrite(
      impacts.map((impact) => ({
        updateOne: { filter: { _id: impact.gap }, update: { $set: { impact: { ...impact, at } } } },
      })),
    );
  };

  return job({
    name: 'worklist-of-gaps',
    every,
    handle: async () => {
      try {
        await look();
      } catch (error) {
        if (!(error instanceof Transient)) throw error;
        log.debug({ err: error }, 'what is missing cannot be found out now; the next look does');
      }
    },
  });
}

const inBatches = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, n) => items.slice(n * BATCH, (n + 1) * BATCH));
