import type { Collection, Db } from 'mongodb';

interface SequenceDocument {
  readonly _id: string;
  readonly last: number;
}

/** Gives 1, 2, 3 … for a name; never the same twice. A number taken for a command that then failed is a gap, which is fine. */
export const sequences = (db: Db) => {
  const collection: Collection<SequenceDocument> = db.collection('sequences');
  return async (name: string): Promise<number> => {
    const options = { upsert: true, returnDocument: 'after' } as const;
    const document = await collection.findOneAndUpdate({ _id: name }, { $inc: { last: 1 } }, options);
    if (!document) throw new Error(`sequence ${name} gave nothing`);
    return document.last;
  };
};
