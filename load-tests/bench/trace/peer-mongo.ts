import { MongoClient } from 'mongodb';
import type { Answers, Edges, Units } from './rows.ts';

/** The same edges in MongoDB, one document each with an index, and what a user would write: `$graphLookup`. */
export async function askMongo(url: string, edges: Edges, roots: readonly number[], units?: Units): Promise<Answers> {
  const mongo = await MongoClient.connect(url);
  const name = `bench_trace_${String(process.pid)}`;
  const collection = mongo.db(name).collection('edges');
  try {
    for (let at = 0; at < edges.length; at += 20_000)
      await collection.insertMany(edges.slice(at, at + 20_000).map(([from, to]) => ({ from, to })), { ordered: false }); // prettier-ignore
    await collection.createIndex({ from: 1, to: 1 }, {}, {});
    const single = mongo.db(name).collection('units');
    for (const lot of units?.lots ?? [])
      await single.insertMany(Array.from({ length: units?.each ?? 0 }, (_, n) => ({ lot, serial: n })), { ordered: false }); // prettier-ignore
    if (units) await single.createIndex({ lot: 1, serial: 1 }, {}, {});
    const answers: { ms: number; reach: number }[] = [];
    for (const root of roots) {
      const began = performance.now();
      const [found] = await collection.aggregate(units ? lookupUnits(root) : lookup(root)).toArray();
      answers.push({ ms: performance.now() - began, reach: Number(found?.['reach'] ?? 0) + (units ? 0 : 1) });
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

/** The same, and each unit of each of these lots and of the root. */
const lookupUnits = (root: number) => [
  ...lookup(root).slice(0, 3),
  { $project: { lots: { $setUnion: ['$found.to', ['$from']] } } },
  { $unwind: '$lots' },
  { $lookup: { from: 'units', localField: 'lots', foreignField: 'lot', as: 'unit', pipeline: [{ $project: { _id: 0, serial: 1 } }] } }, // prettier-ignore
  { $group: { _id: null, reach: { $sum: { $size: '$unit' } } } },
];
