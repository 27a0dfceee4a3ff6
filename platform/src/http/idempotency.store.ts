import { randomUUID } from 'node:crypto';
import { MongoServerError, type Db } from 'mongodb';
import type { Begun, IdempotencyStore, KeptAnswer } from './idempotency.ts';

interface Attempt {
  readonly _id: string;
  readonly fingerprint: string;
  readonly ticket: string;
  readonly leaseUntil: Date;
  readonly answer?: KeptAnswer;
  readonly expiresAt: Date;
}

export interface IdempotencyOptions {
  readonly db: Db;
  readonly now: () => Date;
  /** How long an attempt may take before another may try; longer than any request's time-out. */
  readonly leaseMs?: number;
  readonly keepDays?: number;
}

const DAY_MS = 86_400_000;
const DUPLICATE_KEY = 11_000;

/** Answers in MongoDB, so that a repeat finds them after a restart and on every replica. */
export async function createIdempotencyStore(options: IdempotencyOptions): Promise<IdempotencyStore> {
  const { db, now, leaseMs = 120_000, keepDays = 30 } = options;
  const attempts = db.collection<Attempt>('idempotency');
  await attempts.createIndexes([{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }]);

  const lease = () => ({
    ticket: randomUUID(),
    leaseUntil: new Date(now().getTime() + leaseMs),
    expiresAt: new Date(now().getTime() + keepDays * DAY_MS),
  });

  return {
    async begin(id, fingerprint) {
      const fresh = lease();
      try {
        await attempts.insertOne({ _id: id, fingerprint, ...fresh });
        return { outcome: 'begun', ticket: fresh.ticket };
      } catch (error) {
        if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
      }
      return again(id, fingerprint);
    },

    async complete(id, ticket, answer) {
      await attempts.updateOne({ _id: id, ticket }, { $set: { answer } });
    },

    async release(id, ticket) {
      await attempts.deleteOne({ _id: id, ticket, answer: { $exists: false } });
    },
  };

  async function again(id: string, fingerprint: string): Promise<Begun> {
    const before = await attempts.findOne({ _id: id });
    // Released between the two looks; the caller repeats anyway.
    if (!before) return { outcome: 'in-progress' };
    if (before.fingerprint !== fingerprint) return { outcome: 'reused' };
    if (before.answer) return { outcome: 'answered', answer: before.answer };
    if (before.leaseUntil > now()) return { outcome: 'in-progress' };
    const fresh = lease();
    const taken = await attempts.updateOne(
      { _id: id, ticket: before.ticket, answer: { $exists: false } },
      { $set: fresh },
    );
    return taken.modifiedCount === 1 ? { outcome: 'begun', ticket: fresh.ticket } : { outcome: 'in-progress' };
  }
}
