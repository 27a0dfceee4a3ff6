import type { AnyBulkWriteOperation, ClientSession, Db, Document, MongoClient, TransactionOptions } from 'mongodb';
import { Conflict, Rejected } from '../errors.ts';
import { AlreadyHandled, isCommitUnknown, isDuplicateKey, OffsetFenced } from './failures.ts';
import type { Context } from './context.ts';
import type { CollectionWrites, Unit } from './unit.ts';
import { commandMark, offsetId, seenId, type WorkOptions } from './work.ts';

export const DURABLE = { w: 'majority', journal: true } as const;

const TRANSACTION: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: DURABLE,
  readPreference: 'primary',
  maxCommitTimeMS: 10_000,
};
const COMMIT_TRIES = 5;

interface Step {
  readonly db: Db;
  readonly session: ClientSession;
  readonly now: Date;
}

/** Writes a unit and the consumer's place in one transaction. Returns whether there was anything to write. */
export async function commit(
  client: MongoClient,
  db: Db,
  unit: Unit,
  context: Context,
  options: WorkOptions,
  now: Date,
): Promise<void> {
  const { aggregates, guarded, plain, outbox } = unit.writes();
  const { offsets = [], seen = [], marks = [] } = options;
  const session = client.startSession();
  const step: Step = { db, session, now };
  try {
    session.startTransaction(TRANSACTION);
    if (context.idempotencyKey !== undefined) await markCommand(step, context, context.idempotencyKey);
    if (marks.length > 0) await markMessages(step, marks);
    if (offsets.length > 0) await advance(step, offsets);
    for (const writes of [...aggregates, ...guarded]) await compareAndSet(step, writes);
    for (const { collection, operations } of plain)
      await db.collection(collection).bulkWrite(operations, { session, ordered: true });
    if (seen.length > 0) await remember(step, seen);
    if (outbox.length > 0) await db.collection('outbox').insertMany(outbox as unknown as Document[], { session });
    await commitSurely(session);
  } finally {
    // Aborts what was not committed; a commit of unknown outcome is left alone.
    await session.endSession();
  }
}

/** Asking again is safe: MongoDB knows the transaction by its number and commits it once. */
async function commitSurely(session: ClientSession): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!isCommitUnknown(error) || attempt >= COMMIT_TRIES) throw error;
    }
  }
}

/**
 * A second request under the same key finds the mark. One request may work several times (then it has the same cause).
 */
async function markCommand({ db, session, now }: Step, context: Context, key: string): Promise<void> {
  const _id = commandMark(context.actor, key);
  const causationId = context.causationId ?? null;
  const fields = { actor: context.actor, key, at: now };
  try {
    const filter = { _id, causationId } as Document;
    await db.collection('inbox').updateOne(filter, { $setOnInsert: fields }, { session, upsert: true });
  } catch (cause) {
    if (!isDuplicateKey(cause)) throw cause;
    throw new Rejected('idempotency-already-applied', { key }, 409, { cause });
  }
}

async function markMessages({ db, session, now }: Step, ids: readonly string[]): Promise<void> {
  const documents = ids.map((_id) => ({ _id, at: now }));
  try {
    await db.collection('inbox').insertMany(documents as unknown as Document[], { session });
  } catch (cause) {
    if (!isDuplicateKey(cause)) throw cause;
    throw new AlreadyHandled('message-already-handled', { messages: ids.slice(0, 10) }, { cause });
  }
}

/** The fence: a consumer that lost its partition finds another offset than the one it began at. */
async function advance({ db, session, now }: Step, offsets: NonNullable<WorkOptions['offsets']>): Promise<void> {
  const operations = offsets.map((o): AnyBulkWriteOperation<Document> => {
    const { group, topic, partition, from, next, topicId } = o;
    const fields = { group, topic, partition, next, topicId: topicId ?? null, updatedAt: now };
    const _id = offsetId(o);
    if (from === null) return { insertOne: { document: { _id, ...fields } as unknown as Document } };
    return { updateOne: { filter: { _id, next: from } as Document, update: { $set: fields } } };
  });
  const fenced = { offsets: offsets.map((o) => ({ id: offsetId(o), from: o.from })) };
  try {
    const result = await db.collection('consumer_offsets').bulkWrite(operations, { session });
    if (result.matchedCount + result.insertedCount !== operations.length)
      throw new OffsetFenced('offset-fenced', fenced);
  } catch (cause) {
    if (!isDuplicateKey(cause)) throw cause;
    throw new OffsetFenced('offset-fenced', fenced, { cause });
  }
}

async function compareAndSet({ db, session }: Step, { collection, operations }: CollectionWrites): Promise<void> {
  const result = await db.collection(collection).bulkWrite(operations, { session, ordered: false });
  if (result.matchedCount + result.insertedCount + result.deletedCount !== operations.length)
    throw new Conflict('version-conflict', { collection });
}

async function remember({ db, session }: Step, seen: NonNullable<WorkOptions['seen']>): Promise<void> {
  const operations = seen.map((s): AnyBulkWriteOperation<Document> => {
    const { group, topic, key, version } = s;
    const update = { $max: { version }, $setOnInsert: { group, topic, key } };
    return { updateOne: { filter: { _id: seenId(s) } as Document, update, upsert: true } };
  });
  await db.collection('seen_versions').bulkWrite(operations, { session, ordered: false });
}
