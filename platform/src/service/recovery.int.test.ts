import { afterEach, expect, test } from '@jest/globals';
import { createCodec } from '@lotwarden/contracts/codec';
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { gate } from '../gate/gate.ts';
import { holdDigest } from '../gate/hold-digest.ts';
import { connectKafka } from '../kafka/kafka-kafkajs.client.ts';
import type { KafkaPort } from '../kafka/kafka.ts';
import { createLog } from '../log/log.ts';
import { stack } from '../testing/stack.ts';
import { startService, testEnvironment, type TestEnvironment } from '../testing/service.ts';
import { until } from '../testing/until.ts';
import { service } from './service.ts';

const GATE = 'warehouse.gate.v1';
const HOLDS = 'recall.hold.v1';
const log = createLog({ service: 'test', level: 'silent' });
const codec = createCodec();

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A service that publishes nothing but what its gate says. */
const warehouse = service('warehouse', z.object({}), (deps) => {
  const stock = deps.aggregate<{ readonly shipped: number }, { readonly type: 'Shipped' }>({
    collection: 'stock',
    initial: { shipped: 0 },
    evolve: ({ shipped }) => ({ shipped: shipped + 1 }),
  });
  return { gates: [gate({ name: 'warehouse', aggregate: stock, drains: [] })] };
});

interface Said {
  readonly type: string;
  readonly incarnation: string;
  readonly version: number;
}

/** What the gate has said on its topic, as somebody who follows it from the beginning. */
async function follow(kafka: KafkaPort): Promise<Said[]> {
  const said: Said[] = [];
  const subscription = await kafka.consume({
    group: `follow-${randomUUID()}`,
    topics: [GATE],
    onBatch: async ({ messages, next }, control) => {
      for (const { value, headers } of messages) {
        const { type, incarnation } = codec.decode(GATE, value!);
        said.push({ type, incarnation, version: Number(headers['ce_aggregateversion']) });
      }
      await control.done(next);
    },
  });
  closing.push(subscription.stop);
  return said;
}

async function placeHold(kafka: KafkaPort): Promise<void> {
  const common = { hold: 'H-1', case: 'RC-1', epoch: 1 };
  const lots = [{ lot: 'L-1', serials: { mode: 'all', ranges: [] } }];
  const placed = { type: 'HoldPlaced', ...common, chunk: 1, chunks: 1, provisional: false, lots } as const;
  const manifest = { type: 'HoldManifest', ...common, ...holdDigest(lots) } as const;
  await kafka.send(
    [placed, manifest].map((event) => ({ topic: HOLDS, key: 'H-1', value: codec.encode(HOLDS, event) })),
  );
}

const startAgain = (world: TestEnvironment) => startService(warehouse, { world, log });

test('a gate whose database was restored says again what it holds, as news and in a new life', async () => {
  const world = testEnvironment();
  closing.push(world.drop);
  const client = await MongoClient.connect(stack().mongo);
  closing.push(() => client.close());
  const db = client.db(`${world.databasePrefix}warehouse`);

  const first = await startService(warehouse, { world, log });
  closing.push(first.stop);
  const kafka = await connectKafka({
    brokers: stack().kafka.split(','),
    clientId: 'test',
    prefix: world.topicPrefix,
    log,
  });
  closing.push(kafka.close);
  const said = await follow(kafka);
  await placeHold(kafka);
  await until(() => said.length === 2);
  expect(said).toMatchObject([
    { type: 'HoldAcknowledged', version: 1 },
    { type: 'GateDrained', version: 2 },
  ]);
  await until(async () => (await db.collection('outbox').countDocuments({ published: false })) === 0);
  await first.stop();

  // A backup from before the hold.
  for (const { name } of await db.listCollections().toArray())
    if (name !== 'meta') await db.collection(name).deleteMany({});
  const second = await startAgain(world);
  closing.push(second.stop);
  await until(() => said.length >= 4);
  // Who has seen version 2 drops everything up to it: only higher ones are heard.
  expect(said.slice(2)).toMatchObject([
    { type: 'HoldAcknowledged', version: 3 },
    { type: 'GateDrained', version: 4 },
  ]);
  expect(new Set(said.map(({ incarnation }) => incarnation)).size).toBe(2);
  expect(await db.collection<{ _id: string }>('stock').findOne({ _id: 'L-1' })).toMatchObject({
    holds: { 'H-1': { state: 'held' } },
  });
});
