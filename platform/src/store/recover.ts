import type { Collection, Filter, UpdateFilter } from 'mongodb';
import { Conflict } from '../errors.ts';
import {
  stored,
  type AggregateDefinition,
  type AggregateDocument,
  type AnyEvent,
  type PublishedEvent,
} from './aggregate.ts';

/**
 * Brings aggregates up to what their own topic says (correctness rule 9): a restored database is older than what this
 * service had told the world. Older and repeated versions are skipped; a gap throws `recovery-gap`. Runs while the
 * service is closed; running it again changes nothing. The messages that had led to these events will be read again,
 * since the place in the stream is as old as the database: they are remembered, so that nothing is counted twice.
 */
export async function recoverAggregates<S, E extends AnyEvent>(
  definition: AggregateDefinition<S, E>,
  collection: Collection<AggregateDocument<S>>,
  events: readonly PublishedEvent<E>[],
  clock: () => Date,
): Promise<{ applied: number }> {
  const byId = Map.groupBy(events, ({ id }) => id);
  let applied = 0;
  for (const [id, published] of byId) {
    const document = await collection.findOne({ _id: id } as Filter<AggregateDocument<S>>);
    const nothing = { _id: id, rev: 0, version: 0, holds: {}, updatedAt: clock() };
    const before = stored(definition, document ?? nothing);
    let { state, version } = before;
    const causes = new Set<string>();
    for (const next of published.toSorted((a, b) => a.version - b.version)) {
      if (next.version <= version) continue;
      if (next.version !== version + 1)
        throw new Conflict('recovery-gap', { id, has: version, next: next.version, collection: definition.collection });
      state = definition.evolve(state, next.event);
      version = next.version;
      if (next.cause !== undefined) causes.add(next.cause);
    }
    if (version === before.version) continue;
    const filter = { _id: id, rev: before.rev } as Filter<AggregateDocument<S>>;
    const isNew = before.rev === 0 ? { holds: {} } : {};
    const update = {
      $set: { state, version, updatedAt: clock(), ...isNew },
      $inc: { rev: 1 },
      $addToSet: { recovered: { $each: [...causes] } },
    } as UpdateFilter<AggregateDocument<S>>;
    const result = await collection.updateOne(filter, update, { upsert: before.rev === 0 });
    if (result.matchedCount + result.upsertedCount !== 1) throw new Conflict('version-conflict', { id });
    applied += version - before.version;
  }
  return { applied };
}
