import { MongoClient } from 'mongodb';
import { percentile, row, write, type Result } from '../result.ts';
import type { Addresses } from '../addresses.ts';
import { startBareGates } from './bare-gates.ts';
import { startGates, type House } from './house.ts';
import { prepareStock, type StockDocument } from './prepare.ts';
import { shippedAgainstHold, startShippers, throughput } from './shippers.ts';
import { connectWire } from './wire.ts';

type Size = 200 | 1000;

/** Milliseconds of each round. */
interface Times {
  /** Ours: all five gates, and the warehouse among them. */
  readonly all: number[];
  readonly warehouse: number[];
  /** One unordered bulk write; and five bare gates over Kafka. */
  readonly bareWrite: number[];
  readonly bareGates: number[];
}

/**
 * A recall under shipping load: from the hold message to the acknowledgements of all five gates over Kafka, in turn with
 * the bare work while the same shippers ship; and how many lots moved after their gate had said that it holds them. The
 * answer to the last must be none.
 */
export async function freeze(addresses: Addresses, full: boolean): Promise<Result> {
  const rounds = full ? { 200: 30, 1000: 10 } : { 200: 7, 1000: 2 };
  const house = await startGates(addresses);
  const wire = await connectWire(addresses.kafka, house.topicPrefix);
  const mongo = await MongoClient.connect(addresses.mongo, { writeConcern: { w: 'majority', journal: true } });
  const bare = await startBareGates(addresses, mongo, house, 1000);
  try {
    const stock = mongo.db(`${house.databasePrefix}warehouse`).collection<StockDocument>('stock');
    const lots = { 200: names('S', 200 * rounds[200]), 1000: names('L', 1000 * rounds[1000]) };
    const free = names('X', 100);
    await prepareStock(wire, house, stock, [...lots[200], ...lots[1000], ...free]);

    await throughput(house, free, WARM_UP);
    const before = await throughputs(house, free, full);
    const shippers = startShippers(house, [...lots[200], ...lots[1000], ...free]);
    const held = new Map<string, number>();

    async function freezeOnce(size: Size, round: number, { all, warehouse, bareWrite, bareGates }: Times) {
      bareWrite.push(await bare.write(size));
      bareGates.push(await bare.hold(size));
      const part = lots[size].slice(round * size, round * size + size);
      // As the lots stand when the warehouse says that it holds them: whatever moves one after that has escaped.
      const remember = async (): Promise<void> => {
        for (const { _id, version } of await stock.find({ _id: { $in: part } }).toArray()) held.set(_id, version);
      };
      const acknowledged = await wire.hold(`H-${String(size)}-${String(round)}`, part, remember);
      all.push(Math.max(...acknowledged.values()));
      warehouse.push(acknowledged.get('warehouse') ?? Number.NaN);
    }
    async function freezeAll(size: Size): Promise<Times> {
      const times: Times = { all: [], warehouse: [], bareWrite: [], bareGates: [] };
      for (let round = 0; round < rounds[size]; round++) await freezeOnce(size, round, times);
      return times;
    }
    const [few, many] = [await freezeAll(200), await freezeAll(1000)];
    const shipped = await shippers.stop();
    const moved = await stock.find({ _id: { $in: [...held.keys()] } }).toArray();
    const escapes = moved.filter(({ _id, version }) => version !== held.get(_id)).length;

    await wire.hold('H-MANY', names('M', 10_000));
    // Placing holds costs shippers something while it lasts; here it is asked what holds cost that are there.
    await wire.drained('H-MANY');
    await throughput(house, free, WARM_UP);
    const after = await throughputs(house, free, full);

    const size = { lots: held.size, shippers: 8, shipmentsDuringFreeze: shipped };
    return write(
      'freeze',
      { ...size, rounds200: rounds[200], rounds1000: rounds[1000] },
      [
        ...warehouseRows('200 lots', few),
        ...warehouseRows('1,000 lots', many),
        allRow('200 lots', few, 300),
        allRow('1,000 lots', many, 1000),
        row({
          metric: 'shipments with 10,000 more lots on hold, floor = before any hold, p50',
          unit: '1/s',
          ours: percentile(after, 0.5),
          floor: percentile(before, 0.5),
          goal: { text: '>= 0.95 x', holds: ({ ours, floor }) => ours >= 0.95 * floor },
        }),
      ],
      escapes + (await shippedAgainstHold(house)),
    );
  } finally {
    await Promise.all([wire.close(), bare.close()]);
    await mongo.close();
    await house.stop();
  }
}

const warehouseRows = (lots: string, { warehouse, all, bareWrite, bareGates }: Times) => [
  row({
    metric: `warehouse holds ${lots}, over Kafka, p50; floor = one bare bulk write`,
    unit: 'ms',
    ours: percentile(warehouse, 0.5),
    floor: percentile(bareWrite, 0.5),
    goal: { text: '<= 1.5 x', holds: ({ ours, floor }) => ours <= 1.5 * floor },
  }),
  row({
    metric: `all five gates hold ${lots}, p50; floor = five bare gates over Kafka`,
    unit: 'ms',
    ours: percentile(all, 0.5),
    floor: percentile(bareGates, 0.5),
    goal: { text: '<= 1.5 x', holds: ({ ours, floor }) => ours <= 1.5 * floor },
  }),
];

const allRow = (lots: string, { all, bareGates }: Times, goal: number) =>
  row({
    metric: `all five gates hold ${lots}, p99; floor = five bare gates over Kafka`,
    unit: 'ms',
    ours: percentile(all, 0.99),
    floor: percentile(bareGates, 0.99),
    goal: { text: `<= ${String(goal)} ms`, holds: ({ ours }) => ours <= goal },
  });

/** Milliseconds without which the first figure is that of code nobody had compiled yet. */
const WARM_UP = 5_000;

/** Shipments a second in several short stretches: one stretch says more of the machine's other work than of ours. */
async function throughputs(house: House, lots: readonly string[], full: boolean): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < (full ? 9 : 5); round++) samples.push(await throughput(house, lots, 3_000));
  return samples;
}

const names = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `F-${kind}-260101-${String(i + 1).padStart(5, '0')}`);
