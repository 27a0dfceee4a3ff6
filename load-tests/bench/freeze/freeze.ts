import { MongoClient, type Collection } from 'mongodb';
import { percentile, row, write, type Result } from '../result.ts';
import type { Addresses } from '../addresses.ts';
import { startGates, type House } from './house.ts';
import { prepareStock } from './prepare.ts';
import { startShippers, throughput } from './shippers.ts';
import { connectWire } from './wire.ts';

interface StockDocument {
  readonly _id: string;
  readonly version: number;
}

/**
 * A recall under shipping load: from the hold message to the acknowledgements of all five gates over Kafka, beside a
 * bare unordered bulk write of as many documents while the same shippers ship; and how many lots moved after their gate
 * had said that it holds them. The answer to the last must be none.
 */
export async function freeze(addresses: Addresses, full: boolean): Promise<Result> {
  const rounds = full ? { 200: 30, 1000: 10 } : { 200: 5, 1000: 1 };
  const house = await startGates(addresses);
  const wire = await connectWire(addresses.kafka, house.topicPrefix);
  const mongo = await MongoClient.connect(addresses.mongo, { writeConcern: { w: 'majority', journal: true } });
  try {
    const stock = mongo.db(`${house.databasePrefix}warehouse`).collection<StockDocument>('stock');
    const small = names('S', 200 * rounds[200]);
    const large = names('L', 1000 * rounds[1000]);
    const free = names('X', 100);
    await prepareStock(wire, house, stock, [...small, ...large, ...free]);

    const before = await throughput(house, free, full ? 20_000 : 6_000);
    const shippers = startShippers(house, [...small, ...large, ...free]);
    const floors = await bareWrites(mongo, house, rounds);
    const held = new Map<string, number>();
    const times: Record<'200' | '1000', { all: number[]; warehouse: number[] }> = {
      200: { all: [], warehouse: [] },
      1000: { all: [], warehouse: [] },
    };
    for (const [size, lots] of [
      ['200', small],
      ['1000', large],
    ] as const) {
      const count = Number(size);
      for (let round = 0; round < rounds[count as 200 | 1000]; round++) {
        const part = lots.slice(round * count, round * count + count);
        // As the lots stand when the warehouse says that it holds them: whatever moves one after that has escaped.
        const remember = async (): Promise<void> => {
          for (const { _id, version } of await stock.find({ _id: { $in: part } }).toArray()) held.set(_id, version);
        };
        const acknowledged = await wire.hold(`H-${size}-${String(round)}`, part, remember);
        times[size].all.push(Math.max(...acknowledged.values()));
        times[size].warehouse.push(acknowledged.get('warehouse') ?? Number.NaN);
      }
    }
    const shipped = await shippers.stop();
    const moved = await stock.find({ _id: { $in: [...held.keys()] } }).toArray();
    const escapes = moved.filter(({ _id, version }) => version !== held.get(_id)).length;
    await wire.hold('H-MANY', names('M', 10_000));
    const after = await throughput(house, free, full ? 20_000 : 6_000);

    const worst = (samples: readonly number[]) => percentile(samples, 0.99);
    const gate = (size: '200' | '1000') =>
      row({
        metric: `warehouse holds ${size} lots, over Kafka, p50`,
        unit: 'ms',
        ours: percentile(times[size].warehouse, 0.5),
        floor: percentile(floors[size], 0.5),
        goal: { text: '<= 1.5 x bare bulk write', holds: ({ ours, floor }) => ours <= 1.5 * floor },
      });
    return write(
      'freeze',
      {
        lots: held.size,
        shippers: 8,
        shipmentsDuringFreeze: shipped,
        rounds200: rounds[200],
        rounds1000: rounds[1000],
      },
      [
        gate('200'),
        gate('1000'),
        row({
          metric: 'all five gates hold 200 lots, p99',
          unit: 'ms',
          ours: worst(times['200'].all),
          floor: worst(floors['200']),
          goal: { text: '<= 300 ms', holds: ({ ours }) => ours <= 300 },
        }),
        row({
          metric: 'all five gates hold 1,000 lots, p99',
          unit: 'ms',
          ours: worst(times['1000'].all),
          floor: worst(floors['1000']),
          goal: { text: '<= 1000 ms', holds: ({ ours }) => ours <= 1000 },
        }),
        row({
          metric: 'shipments with 10,000 more holds, floor = before any hold',
          unit: '1/s',
          ours: after,
          floor: before,
          goal: { text: '>= 0.95 x', holds: ({ ours, floor }) => ours >= 0.95 * floor },
        }),
      ],
      escapes,
    );
  } finally {
    await wire.close();
    await mongo.close();
    await house.stop();
  }
}

const names = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `F-${kind}-260101-${String(i + 1).padStart(5, '0')}`);

/** What the database alone needs: as many single-document updates, unordered, majority and journal, under the same load. */
async function bareWrites(mongo: MongoClient, { databasePrefix }: House, rounds: Record<200 | 1000, number>) {
  const bare: Collection<{ _id: string }> = mongo.db(`${databasePrefix}floor`).collection('bare');
  await bare.insertMany(names('B', 1000).map((_id) => ({ _id })));
  const samples: Record<'200' | '1000', number[]> = { 200: [], 1000: [] };
  for (const size of ['200', '1000'] as const)
    for (let round = 0; round < rounds[Number(size) as 200 | 1000]; round++) {
      const began = performance.now();
      await bare.bulkWrite(
        names('B', Number(size)).map((_id) => ({ updateOne: { filter: { _id }, update: { $set: { round } } } })),
        { ordered: false },
      );
      samples[size].push(performance.now() - began);
    }
  return samples;
}
