import { MongoClient, type Document } from 'mongodb';
import { stack } from './stack.ts';
import type { TestEnvironment } from './service.ts';
import { until } from './until.ts';

interface Place extends Document {
  readonly _id: string;
  readonly topic: string;
  readonly next: number;
}

/** Waits until what had been read of a topic before the restore has been read again. */
export type CaughtUp = (topic: string) => Promise<void>;

export interface Backup {
  /** Waits until everything is published, so that it can come back. */
  readonly published: () => Promise<void>;
  /** The database as it was, while its service is stopped. */
  readonly restore: () => Promise<CaughtUp>;
  readonly close: () => Promise<void>;
}

/** Every document of a service's database as it is now, as a person would back it up. */
export async function backUp({ databasePrefix }: TestEnvironment, service: string): Promise<Backup> {
  const client = await MongoClient.connect(stack().mongo, { readConcern: { level: 'majority' } });
  const db = client.db(`${databasePrefix}${service}`);
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const documents = new Map<string, Document[]>();
  for (const name of names) documents.set(name, await db.collection(name).find().toArray());
  const places = db.collection<Place>('consumer_offsets');
  return {
    published: () => until(async () => (await db.collection('outbox').countDocuments({ published: false })) === 0),
    restore: async () => {
      const read = await places.find().toArray();
      for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
        await db.collection(name).deleteMany({});
        const before = documents.get(name) ?? [];
        if (before.length > 0) await db.collection(name).insertMany(before);
      }
      return (topic) =>
        until(async () => {
          const now = new Map((await places.find({ topic }).toArray()).map(({ _id, next }) => [_id, next]));
          return read.filter((place) => place.topic === topic).every(({ _id, next }) => (now.get(_id) ?? 0) >= next);
        });
    },
    close: () => client.close(),
  };
}
