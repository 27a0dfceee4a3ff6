import type { AnyBulkWriteOperation, Document } from 'mongodb';
import type { AggregateDocument } from '../store/aggregate.ts';
import { applyWrite, type HoldWrite } from './hold-message.ts';

/** A gate's document: an aggregate with an index over the holds that hold messages placed and did not end. */
export interface GateDocument extends AggregateDocument {
  readonly heldBy?: readonly string[];
}

/**
 * Idempotent updates, each document by itself, outside any transaction (correctness rule 13): the filter is `_id` alone
 * and epochs are compared inside. A write that is not newer leaves the document, and so its `rev`, as they are. Lots of
 * one scope share an update: the server then reads the pipeline once, not once a lot. Only for documents that exist.
 */
export function holdUpdates(writes: readonly HoldWrite[], now: Date): AnyBulkWriteOperation<GateDocument>[] {
  const alike = Map.groupBy(writes, ({ lot: _, ...rest }) => JSON.stringify(rest));
  return [...alike.values()].flatMap((group) => {
    const [write] = group;
    if (!write) return [];
    return { updateMany: { filter: { _id: { $in: group.map(({ lot }) => lot) } }, update: pipeline(write, now) } };
  });
}

/** A document for a lot that nobody has seen yet, so that the hold is there before the lot is. */
export const heldFromBirth = (write: HoldWrite, now: Date): GateDocument => ({
  _id: write.lot,
  rev: 1,
  version: 0,
  holds: { [write.hold]: applyWrite(undefined, write) },
  heldBy: write.state === 'held' ? [write.hold] : [],
  updatedAt: now,
});

function pipeline({ hold, epoch, state, provisional, serials }: HoldWrite, now: Date): Document[] {
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
  return [
    {
      $set: {
        rev: { $add: ['$rev', { $cond: [newer, 1, 0] }] },
        updatedAt: { $cond: [newer, now, '$updatedAt'] },
        heldBy: { $cond: [newer, { [state === 'held' ? '$setUnion' : '$setDifference']: [held, [hold]] }, held] },
        [path]: { $cond: [newer, entry, old] },
      },
    },
  ];
}
