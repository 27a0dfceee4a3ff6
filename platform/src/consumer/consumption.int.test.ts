import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { createCodec } from '@lotwarden/contracts/codec';
import type { Aggregate, Store } from '../store/store.ts';
import { connectStore } from '../store/store.ts';
import { connectKafka } from '../kafka/kafka-kafkajs.client.ts';
import type { KafkaPort } from '../kafka/kafka.ts';
import { createLog } from '../log/log.ts';
import { startRelay, type Relay } from '../outbox/relay.client.ts';
import { stack } from '../testing/stack.ts';
import { until } from '../testing/until.ts';
import { runConsumers, type Consumption } from './consumption.client.ts';
import { consumer, type Consumer } from './consumer.ts';
import { createInbox, declareInbox } from './inbox.store.ts';
import { createRedrive, type Redrive } from './redrive.store.ts';

const codec = createCodec();
const log = createLog({ service: 'test', level: 'silent' });
const TOPIC = 'qms.inspection.v1';
const ACTOR = { actor: 'lims.test' };

interface Heard {
  readonly lots: readonly string[];
}
interface LotHeard {
  readonly type: 'LotHeard';
  readonly lot: string;
}

interface House {
  readonly store: Store;
  readonly kafka: KafkaPort;
  readonly heard: Aggregate<Heard, LotHeard>;
  readonly relay: Relay;
  readonly redrive: Redrive;
  readonly prefix: string;
  readonly start: (consumers?: Consumer[]) => Promise<Consumption>;
  readonly fail: Set<string>;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function house(): Promise<House> {
  const { kafka: brokers, mongo } = stack();
  const prefix = `t${randomUUID().slice(0, 8)}.`;
  const store = await connectStore({
    mongoUrl: mongo,
    database: `test-${prefix.slice(0, -1)}`,
    service: 'qms',
    clock: () => new Date(),
    codec,
  });
  const kafka = await connectKafka({ brokers: [brokers], clientId: 'test', prefix, log });
  const topics = [TOPIC, 'lims.inbound.v1', 'qms.dead-letter.v1'];
  await kafka.createTopics(topics.map((topic) => ({ topic, partitions: 2, retention: 'forever' as const })));
  const heard = store.aggregate<Heard, LotHeard>({
    collection: 'heard',
    initial: { lots: [] },
    evolve: (state, { lot }) => ({ lots: [...state.lots, lot] }),
  });
  const parkedKeys = declareInbox(store);
  await store.ensureIndexes();
  const fail = new Set<string>();
  const hear = (id: string, lot: string): LotHeard[] => {
    if (fail.has(id)) throw new TypeError('a bug');
    return [{ type: 'LotHeard', lot }];
  };
  const consumers = [
    consumer({
      topic: TOPIC,
      group: 'test.heard',
      on: {
        InspectionResultRecorded: ({ event }, work) =>
          work.change(heard, event.inspection, () => hear(event.inspection, event.sample)),
      },
    }),
    consumer({
      topic: 'lims.inbound.v1',
      group: 'test.heard',
      on: {
        ResultReported: ({ event }, work) =>
          work.change(heard, event.lot.code, () => hear(event.lot.code, event.sample)),
      },
    }),
  ];
  const allowedSources = { 'lims.inbound.v1': ['LIMS-1'] };
  const inbox = createInbox({ store, codec, log, service: 'qms', allowedSources, parkedKeys });
  const redrive = createRedrive({ store, inbox, parkedKeys, consumers });
  const relay = startRelay({ store, kafka, log, holder: randomUUID(), service: 'qms' });
  closing.push(async () => {
    await relay.stop();
    await kafka.close();
    await store.db.dropDatabase();
    await store.close();
  });
  const start = async (of: Consumer[] = consumers): Promise<Consumption> => {
    const running = await runConsumers({
      service: 'qms',
      kafka,
      store,
      inbox,
      redrive,
      consumers: of,
      log,
      unknownSchemaPatience: 300,
    });
    closing.push(() => running.stop());
    await running.ready;
    return running;
  };
  return { store, kafka, heard, relay, redrive, prefix, start, fail };
}

/** A result as qms would publish it: one aggregate, many versions. */
const message = (inspection: string, version: number) => ({
  topic: TOPIC,
  key: inspection,
  value: codec.encode(TOPIC, {
    type: 'InspectionResultRecorded',
    inspection,
    lot: 'L',
    sample: `S-${String(version)}`,
    violations: [],
    result: { characteristic: 'esr', value: '0.1', unit: 'OHM', lower: null, upper: '0.5', verdict: 'pass' },
  }),
  headers: {
    ce_subject: inspection,
    ce_aggregateversion: String(version),
    ce_id: `${inspection}:${String(version)}@i`,
    ce_actor: '%E6%9D%8E',
    ce_type: 'InspectionResultRecorded',
  },
});
const reported = (lot: string, messageId: string, sourceSystem = 'LIMS-1') => ({
  topic: 'lims.inbound.v1',
  key: lot,
  value: codec.encode('lims.inbound.v1', {
    type: 'ResultReported',
    sourceSystem,
    messageId,
    occurredAt: '2026-11-01T08:00:00.000Z',
    site: 'SZ1',
    operator: null,
    sample: messageId,
    lot: { system: 'LIMS-1', code: lot },
    stage: 'incoming',
    characteristic: 'esr',
    value: '0.1',
    unit: 'OHM',
    method: null,
    instrument: null,
  }),
});
const heardBy = async ({ heard }: House, id: string) => (await heard.get(id))?.state.lots ?? [];

test('duplicates vanish, other keys go on, and what came too early waits for what was missing', async () => {
  const h = await house();
  await h.start();
  await h.kafka.send([
    message('A', 1),
    message('A', 1),
    message('B', 1),
    message('B', 3),
    message('B', 4),
    message('A', 2),
    message('C', 1),
  ]);
  await until(async () => (await heardBy(h, 'C')).length === 1 && (await heardBy(h, 'A')).length === 2);
  await until(async () => (await h.store.db.collection('parked_messages').countDocuments()) === 2);
  expect(await heardBy(h, 'B')).toEqual(['S-1']);
  await h.kafka.send([message('B', 2)]);
  await until(async () => (await heardBy(h, 'B')).length === 4);
  expect(await heardBy(h, 'B')).toEqual(['S-1', 'S-2', 'S-3', 'S-4']);
  expect(await h.store.db.collection('parked_messages').countDocuments()).toBe(0);
  expect(await heardBy(h, 'A')).toEqual(['S-1', 'S-2']);
});

test('a handler that fails parks its key; after the fix everything follows in order', async () => {
  const h = await house();
  h.fail.add('A');
  await h.start();
  await h.kafka.send([message('A', 1), message('A', 2), message('B', 1)]);
  await until(
    async () =>
      (await h.store.db.collection('parked_messages').countDocuments()) === 2 && (await heardBy(h, 'B')).length === 1,
  );
  expect(await h.redrive.all()).toMatchObject([{ key: 'A', handled: 0, remaining: 2, reason: 'a bug' }]);
  h.fail.clear();
  expect(await h.redrive.all({ key: 'A' })).toMatchObject([{ handled: 2, remaining: 0, reason: null }]);
  await h.kafka.send([message('A', 3)]);
  await until(async () => (await heardBy(h, 'A')).length === 3);
  expect(await heardBy(h, 'A')).toEqual(['S-1', 'S-2', 'S-3']);
});

test('bytes nobody can read are kept as they came and park their key; strangers are kept apart; the rest goes on', async () => {
  const h = await house();
  await h.start();
  const noise = Buffer.from('\u0007not avro');
  await h.kafka.send([
    { topic: 'lims.inbound.v1', key: 'L-1', value: noise },
    reported('L-1', 'm-1'),
    reported('L-2', 'm-2'),
    reported('L-2', 'm-2'),
    reported('L-3', 'm-3', 'FORGED'),
  ]);
  await until(
    async () =>
      (await heardBy(h, 'L-2')).length === 1 && (await h.store.db.collection('dead_letters').countDocuments()) === 2,
  );
  expect(await heardBy(h, 'L-1')).toEqual([]);
  expect(await heardBy(h, 'L-3')).toEqual([]);
  const letter = await h.store.db.collection('dead_letters').findOne({ reason: /byte/ });
  expect(Buffer.from((letter?.['value'] as { buffer: Buffer }).buffer)).toEqual(noise);
  await until(async () => (await h.kafka.ends('qms.dead-letter.v1')).reduce((sum, end) => sum + end.next, 0) === 2);
});

test('an unknown schema pauses an internal topic with an alarm, and parks an inbound key after a while', async () => {
  const h = await house();
  const running = await h.start();
  const unknown = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1]);
  await h.kafka.send([{ topic: 'lims.inbound.v1', key: 'L-1', value: unknown }, reported('L-1', 'm-1')]);
  await until(async () => (await h.store.db.collection('parked_messages').countDocuments()) === 2);
  await h.kafka.send([{ ...message('A', 1), value: unknown }]);
  await until(() => running.alarms().length === 1);
  expect(await h.store.db.collection('dead_letters').countDocuments()).toBe(0);
});

test('what a command changed is published once in effect, in order, even if it is sent twice', async () => {
  const h = await house();
  const inspections = h.store.aggregate<number, never>({
    collection: 'inspections',
    topic: TOPIC,
    initial: 0,
    evolve: (n) => n + 1,
  });
  await h.store.ensureIndexes();
  await h.start();
  const result = { characteristic: 'esr', value: '0.1', unit: 'OHM', lower: null, upper: null, verdict: 'pass' };
  for (let n = 1; n <= 5; n++)
    await inspections.change(
      'A',
      ACTOR,
      () =>
        [
          {
            type: 'InspectionResultRecorded',
            inspection: 'A',
            lot: 'L',
            sample: `S-${String(n)}`,
            result,
            violations: [],
          },
        ] as never[],
    );
  await until(async () => (await heardBy(h, 'A')).length === 5);
  // As after a crash between sending and marking.
  await h.store.db.collection('outbox').updateMany({}, { $set: { published: false } });
  await until(async () => (await h.store.db.collection('outbox').countDocuments({ published: false })) === 0);
  const sent = await h.kafka.ends(TOPIC);
  expect(sent.reduce((sum, end) => sum + end.next, 0)).toBe(10);
  await inspections.change(
    'A',
    ACTOR,
    () =>
      [
        { type: 'InspectionResultRecorded', inspection: 'A', lot: 'L', sample: 'S-6', result, violations: [] },
      ] as never[],
  );
  await until(async () => (await heardBy(h, 'A')).length === 6);
  expect(await heardBy(h, 'A')).toEqual(['S-1', 'S-2', 'S-3', 'S-4', 'S-5', 'S-6']);
});

test('a zombie whose place was taken cannot write', async () => {
  const h = await house();
  await h.start();
  await h.kafka.send([message('A', 1)]);
  await until(async () => (await heardBy(h, 'A')).length === 1);
  const place = await h.store.db
    .collection<{ _id: string; next: number }>('consumer_offsets')
    .findOne({ _id: /inspection/ } as never);
  const stale = { group: 'test.heard', topic: TOPIC, partition: Number(place?._id.split('|')[2]), from: 0, next: 1 };
  const late = h.store.work(ACTOR, (work) => work.append(h.heard, 'A', [{ type: 'LotHeard', lot: 'late' }]), {
    offsets: [stale],
  });
  await expect(late).rejects.toMatchObject({ name: 'OffsetFenced' });
  expect(await heardBy(h, 'A')).toEqual(['S-1']);
});
