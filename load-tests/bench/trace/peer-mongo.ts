import { MongoClient } from 'mongodb';
import type { Answers, Edges } from './rows.ts';

/** The same edges in MongoDB, one document each with an index, and what a user would write: `$graphLookup`. */
export async function askMongo(url: string, edges: Edges, roots: readonly number[]): Promise<Answers> {
  const mongo = await MongoClient.connect(url);
  const name = `bench_trace_${String(process.pid)}`;
  const collection = mongo.db(name).collection('edges');
  try {
    for (let at = 0; at < edges.length; at += 20_000)
      await collection.insertMany(edges.slice(at, at + 20_000).map(([from, to]) => ({ from, to })), { ordered: false }); // prettier-ignore
    await collection.createIndex({ from: 1, to: 1 }, {}, {});
    const answers: { ms: number; reach: number }[] = [];
    for (const root of roots) {
      const began = performance.now();
      const [found] = await collection.aggregate(lookup(root)).toArray();
      answers.push({ ms: performance.now() - began, reach: Number(found?.['reach'] ?? 0) + 1 });
    }
    return answers;
  } finally {
    await mongo.db(name).dropDatabase();
    await mongo.close();
  }
}

/** From one edge of the root, to whatever its lot leads to; how many lots that is. */
const lookup = (root: number) => [
  { $match: { from: root } },
  { $limit: 1 },
  { $graphLookup: { from: 'edges', startWith: '$from', connectFromField: 'to', connectToField: 'from', as: 'found' } },
  { $project: { reach: { $size: { $setUnion: ['$found.to', []] } } } },
];
