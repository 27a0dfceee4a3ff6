import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { createCodec } from '@lotwarden/contracts/codec';
import { Rejected, Transient } from '../errors.ts';
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
  readonly start: (consumers?: Consumer[], sweepEvery?: number) => Promise<Consumption>;
  readonly fail: Set<string>;
  readonly refuse: Set<string>;
  readonly consumers: readonly Consumer[];
  /** Everything that was logged, by line. */
  readonly logged: string[];
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function house(): Promise<House> {
  const { kafka: brokers, mongo } = stack();
  const prefix = `t${randomUUID().slice(0, 8)}.`;
  const logged: string[] = [];
  const write = (line: string): void => void logged.push(line);
  const log = createLog({ service: 'test', level: 'warn', destination: { write } });
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
  const refuse = new Set<string>();
  const hear = (id: string, lot: string): LotHeard[] => {
    if (refuse.has(`${id} ${lot}`)) throw new Rejected('lot-not-known', { lot });
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
  const start = async (of: Consumer[] = consumers, sweepEvery = 10_000): Promise<Consumption> => {
    const running = await runConsumers({
      service: 'qms',
      kafka,
      store,
      inbox,
      redrive,
      consumers: of,
      log,
      unknownSchemaPatience: 300,
      sweepEvery,
    });
    closing.push(() => running.stop());
    await running.ready;
    return running;
  };
  return { store, kafka, heard, relay, redrive, prefix, start, fail, refuse, consumers, logged };
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

test('what the business refuses waits with its key, says so, and follows by itself when nothing is in its way', async () => {
  const h = await house();
  h.refuse.add('A S-2').add('L-1 m-1');
  await h.start(undefined, 100);
  await h.kafka.send([1, 2, 3].map((version) => message('A', version)));
  await h.kafka.send([message('B', 1), reported('L-1', 'm-1'), reported('L-1', 'm-2')]);
  const parked = h.store.db.collection('parked_messages');
  await until(async () => (await heardBy(h, 'B')).length === 1 && (await parked.countDocuments()) === 4);
  expect([await heardBy(h, 'A'), await heardBy(h, 'L-1')]).toEqual([['S-1'], []]);
  const headers = await h.store.db.collection('parked_keys').find().sort({ _id: 1 }).toArray();
  expect(headers.map(({ state }) => state as object)).toMatchObject([
    { key: 'L-1', reason: 'refused', detail: 'lot-not-known {"lot":"m-1"}', count: 2 },
    { key: 'A', reason: 'refused', detail: 'lot-not-known {"lot":"S-2"}', count: 2 },
  ]);
  const said = h.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(said).toContainEqual(
    expect.objectContaining({ message: 'key parked', key: 'A', reason: 'refused', topic: TOPIC, group: 'test.heard' }),
  );
  h.refuse.clear();
  await until(async () => (await heardBy(h, 'A')).length === 3 && (await heardBy(h, 'L-1')).length === 2);
  expect([await heardBy(h, 'A'), await heardBy(h, 'L-1')]).toEqual([
    ['S-1', 'S-2', 'S-3'],
    ['m-1', 'm-2'],
  ]);
  await until(async () => (await parked.countDocuments()) === 0);
});

test('a person goes on without a message: it is kept with who and why, and what waited behind it follows', async () => {
  const h = await house();
  h.refuse.add('A S-1').add('L-1 m-1');
  const running = await h.start();
  const [first] = await h.kafka.send([1, 2].map((version) => message('A', version)));
  const [report] = await h.kafka.send([reported('L-1', 'm-1'), reported('L-1', 'm-2')]);
  if (first === undefined || report === undefined) throw new Error('nothing was sent');
  const parked = h.store.db.collection('parked_messages');
  await until(async () => (await parked.countDocuments()) === 4);
  const by = { actor: 'li.na', reason: 'measured again as S-2' };
  const pass = (topic: string, key: string, place: { partition: number; offset: number }) => {
    const consumer = h.consumers.find((one) => one.topic === topic);
    if (consumer === undefined) throw new Error(`nobody hears ${topic}`);
    return h.redrive.passOver(consumer, key, place, by);
  };
  await expect(pass(TOPIC, 'A', { ...first, offset: first.offset + 1 })).rejects.toMatchObject({
    code: 'parked-message-unknown',
  });
  expect(await pass(TOPIC, 'A', first)).toMatchObject({ handled: 1, remaining: 0 });
  await expect(pass(TOPIC, 'A', first)).rejects.toMatchObject({ code: 'parked-message-unknown' });
  expect(await pass('lims.inbound.v1', 'L-1', report)).toMatchObject({ handled: 1, remaining: 0 });
  expect([await heardBy(h, 'A'), await heardBy(h, 'L-1')]).toEqual([['S-2'], ['m-2']]);
  const kept = await h.store.db.collection('passed_over').find().sort({ topic: 1 }).toArray();
  expect(kept).toMatchObject([
    { place: 'L-1', ...by, was: 'refused: lot-not-known {"lot":"m-1"}' },
    { place: 'A', ...by, was: 'refused: lot-not-known {"lot":"S-1"}', ...first },
  ]);
  // The same again: it counts as seen.
  await h.kafka.send([message('A', 1), message('A', 3)]);
  await until(async () => (await heardBy(h, 'A')).length === 2);
  expect(await heardBy(h, 'A')).toEqual(['S-2', 'S-3']);

  // With a version missing, no reason is good enough: what is missing may still come.
  const [early] = await h.kafka.send([message('A', 5)]);
  await until(async () => (await parked.countDocuments()) === 1);
  await expect(pass(TOPIC, 'A', early ?? first)).rejects.toMatchObject({ code: 'parked-message-early' });
  expect(running.alarms()).toEqual([]);
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

test('many broken keys in one batch park by themselves, and soon', async () => {
  const h = await house();
  const keys = Array.from({ length: 24 }, (_, n) => `K${String(n)}`);
  for (const key of keys.slice(0, 12)) h.fail.add(key);
  await h.kafka.send(keys.map((key) => message(key, 1)));
  await h.start();
  await until(async () => (await h.store.db.collection('parked_messages').countDocuments()) === 12, 15_000);
  await until(async () => (await heardBy(h, 'K23')).length === 1);
});

test('a partition that waits for something else does not hold up the others', async () => {
  const h = await house();
  let away = true;
  const wait = (): void => {
    if (away) throw new Transient('upstream-unavailable');
  };
  const waiting = consumer({
    topic: TOPIC,
    group: 'test.heard',
    on: {
      InspectionResultRecorded: ({ event }, work) => {
        if (event.inspection === 'A') wait();
        return work.append(h.heard, event.inspection, [{ type: 'LotHeard', lot: event.sample }]);
      },
    },
  });
  const [place] = await h.kafka.send([message('A', 1)]);
  const positions = await h.kafka.send(['B', 'C', 'D', 'E', 'F', 'G'].map((key) => message(key, 1)));
  const other = ['B', 'C', 'D', 'E', 'F', 'G'].find((_, n) => positions[n]?.partition !== place?.partition) ?? '';
  await h.start([waiting]);
  await until(async () => (await heardBy(h, other)).length === 1);
  expect(await heardBy(h, 'A')).toEqual([]);
  away = false;
  await until(async () => (await heardBy(h, 'A')).length === 1);
  expect(await h.store.db.collection('parked_messages').countDocuments()).toBe(0);
});

test('parked out of order, they leave in order: 4 before 3 before 2', async () => {
  const h = await house();
  await h.start();
  await h.kafka.send([message('A', 1), message('A', 4), message('A', 3), message('A', 3)]);
  await until(async () => (await h.store.db.collection('parked_messages').countDocuments()) === 3);
  await h.kafka.send([message('A', 2)]);
  await until(async () => (await heardBy(h, 'A')).length === 4);
  expect(await heardBy(h, 'A')).toEqual(['S-1', 'S-2', 'S-3', 'S-4']);
  await until(async () => (await h.redrive.all()).length === 0);
});

test('what anybody can write: field names, stamps, empty keys, forged versions, a used id, the largest garbage', async () => {
  const h = await house();
  await h.start();
  const report = reported('L-1', 'm-1');
  const { ce_aggregateversion: _, ...unversioned } = message('A', 1).headers;
  await h.kafka.send([
    { ...report, headers: { 'a.b': 'x', $set: 'x', 'nul\u0000': 'x', ['__proto__']: 'x', '': 'x' } },
    { ...reported('L-1', 'm-1'), value: reported('L-9', 'm-1').value },
    { topic: 'lims.inbound.v1', key: 'L-2', value: Buffer.alloc(1_000_000, 1), headers: { 'nul\u0000': 'x' } },
    { topic: 'lims.inbound.v1', key: null, value: null },
    { topic: 'lims.inbound.v1', key: 'L-3', value: Buffer.from('x'), headers: { ce_subject: 'L-1' } },
    { ...message('A', 1), headers: unversioned },
    { ...message('B', 1), headers: { ...message('B', 1).headers, ce_aggregateversion: 'NaN' } },
    { ...message('C', 1), headers: { ...message('C', 1).headers, ce_aggregateversion: '1e3' } },
    { ...message('D', 1), value: null },
    reported('L-1', 'm-2'),
    message('E', 1),
  ]);
  await until(async () => (await heardBy(h, 'L-1')).length === 2 && (await heardBy(h, 'E')).length === 1);
  await until(async () => (await h.store.db.collection('dead_letters').countDocuments()) === 8);
  expect(await heardBy(h, 'L-9')).toEqual([]);
  expect(await heardBy(h, 'A')).toEqual([]);
  const parked = await h.store.db
    .collection('parked_keys')
    .find({ 'state.count': { $gt: 0 } })
    .toArray();
  expect(parked.map(({ state }) => (state as { key: string }).key).sort()).toEqual([
    '',
    'A',
    'B',
    'C',
    'D',
    'L-2',
    'L-3',
  ]);
  await until(async () => (await h.store.db.collection('outbox').countDocuments({ published: false })) === 0);
  expect((await h.redrive.all()).every(({ remaining }) => remaining === 0)).toBe(true);
  await h.kafka.send([message('A', 1)]);
  await until(async () => (await heardBy(h, 'A')).length === 1);
});

test('Kafka believes us further than we are (a restored database): the next message brings back all that is missing', async () => {
  const h = await house();
  const first = await h.start();
  await h.kafka.send([message('A', 1), message('A', 2), message('A', 3)]);
  await until(async () => (await heardBy(h, 'A')).length === 3);
  await first.stop();
  for (const name of ['consumer_offsets', 'seen_versions', 'heard']) await h.store.db.collection(name).deleteMany({});
  await h.start();
  await h.kafka.send([message('A', 4)]);
  await until(async () => (await heardBy(h, 'A')).length === 4);
  expect(await heardBy(h, 'A')).toEqual(['S-1', 'S-2', 'S-3', 'S-4']);
});

test('a topic that was made anew is not read as if it were the old one', async () => {
  const h = await house();
  const first = await h.start();
  await h.kafka.send(Array.from({ length: 20 }, (_, n) => message('A', n + 1)));
  await until(async () => (await heardBy(h, 'A')).length === 20);
  await first.stop();
  const places = h.store.db.collection('consumer_offsets');
  // What a shorter topic looks like from here.
  await places.updateMany({ next: 20 }, { $set: { next: 5_000 } });
  await expect(h.start()).rejects.toMatchObject({ name: 'StreamBroken' });
  await places.updateMany({ next: 5_000 }, { $set: { next: 20 } });
  const running = await h.start();
  await places.updateMany({ next: 20 }, { $set: { next: 5_000 } });
  await h.kafka.send([message('A', 21)]);
  expect(await running.failed).toMatchObject({ name: 'StreamBroken' });
  expect((await heardBy(h, 'A')).length).toBe(20);
});
