import type { AnyBulkWriteOperation } from 'mongodb';
import type { AggregateDocument } from '../store/aggregate.ts';
import type { HoldWrite } from './hold-message.ts';

/** A gate's document: an aggregate with an index over the holds that hold messages placed and did not end. */
export interface GateDocument extends AggregateDocument {
  readonly heldBy?: readonly string[];
}

/**
 * One idempotent update of one document, outside any transaction (correctness rule 13). The filter is `_id` alone and
 * epochs are compared inside: a filter that misses would upsert into a duplicate key. A write that is not newer leaves
 * the document, and so its `rev`, as they are.
 */
export function holdUpdate(write: HoldWrite, now: Date): AnyBulkWriteOperation<GateDocument> {
  const { lot, hold, epoch, state, provisional, serials } = write;
  const path = `holds.${hold}`;
  const old = `$${path}`;
  const held = { $ifNull: ['$heldBy', []] };
  const later = { $lt: [{ $ifNull: [`${old}.epoch`, -1] }, epoch] };
  const againstRelease = { $and: [{ $eq: [`${old}.epoch`, epoch] }, { $not: [{ $in: [hold, held] }] }] };
  const newer = state === 'held' ? { $or: [later, againstRelease] } : later;
  const entry =
    state === 'held'
      ? { epoch, state, provisional, placed: { $literal: serials }, inherited: { $ifNull: [`${old}.inherited`, null] } }
      : {
          epoch,
          state,
          provisional: { $ifNull: [`${old}.provisional`, false] },
          placed: { $ifNull: [`${old}.placed`, null] },
          inherited: null,
        };
  const update = {
    $set: {
      rev: { $add: [{ $ifNull: ['$rev', 0] }, { $cond: [newer, 1, 0] }] },
      version: { $ifNull: ['$version', 0] },
      updatedAt: { $cond: [newer, now, { $ifNull: ['$updatedAt', now] }] },
      heldBy: { $cond: [newer, { [state === 'held' ? '$setUnion' : '$setDifference']: [held, [hold]] }, held] },
      [path]: { $cond: [newer, entry, old] },
    },
  };
  return { updateOne: { filter: { _id: lot }, update: [update], upsert: true } };
}
