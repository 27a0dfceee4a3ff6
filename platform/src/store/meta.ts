import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';

interface MetaDocument {
  readonly _id: string;
  readonly value: string;
  readonly at: Date;
}

/** What the database knows of itself. */
export interface Meta {
  /**
   * Changes when the database was restored: what was acknowledged or published under an older one may be unknown to
   * this database (correctness rule 9).
   */
  incarnation(): string;
  /** Durable before it returns. */
  renewIncarnation(): Promise<string>;
}

export async function openMeta(collection: Collection<MetaDocument>, clock: () => Date): Promise<Meta> {
  const fresh = { value: randomUUID(), at: clock() };
  const document = await collection.findOneAndUpdate(
    { _id: 'incarnation' },
    { $setOnInsert: fresh },
    { upsert: true, returnDocument: 'after' },
  );
  let incarnation = document?.value ?? fresh.value;
  return {
    incarnation: () => incarnation,
    renewIncarnation: async () => {
      const value = randomUUID();
      await collection.updateOne({ _id: 'incarnation' }, { $set: { value, at: clock() } }, { upsert: true });
      incarnation = value;
      return value;
    },
  };
}
