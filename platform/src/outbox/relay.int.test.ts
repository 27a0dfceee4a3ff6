import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { Binary } from 'mongodb';
import { connectKafka } from '../kafka/kafka-kafkajs.client.ts';
import type { KafkaPort, Outgoing } from '../kafka/kafka.ts';
import { createLog } from '../log/log.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import { stack } from '../testing/stack.ts';
import { openTestStore } from '../testing/store.ts';
import { until } from '../testing/until.ts';
import { startRelay, type Relay } from './relay.client.ts';

const TOPIC = 'qms.inspection.v1';
const OTHER = 'qms.release.v1';
const log = createLog({ service: 'test', level: 'silent' });
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function house() {
  const prefix = `r${randomUUID().slice(0, 8)}.`;
  const { store, drop } = await openTestStore({ service: 'qms' });
  await store.ensureIndexes();
  const kafka = await connectKafka({ brokers: stack().kafka.split(','), clientId: 'test', prefix, log });
  await kafka.createTopics([{ topic: TOPIC, partitions: 2, retention: 'forever' }]);
  closing.push(drop, () => kafka.close());
  const outbox = store.db.collection<OutboxEntry>('outbox');

  const entry = (aggregate: string, version: number, of: Partial<OutboxEntry> = {}): OutboxEntry => ({
    _id: `${of.topic ?? TOPIC}|${aggregate}|${String(version)}`,
    topic: TOPIC,
    key: aggregate,
    aggregate,
    version,
    type: 'Anything',
    value: new Binary(Buffer.from(`${aggregate}:${String(version)}`)),
    headers: {},
    createdAt: new Date(),
    published: false,
    ...of,
  });
  const start = (port: Pick<KafkaPort, 'send'> = kafka): Relay => {
    const relay = startRelay({ store, kafka: port as KafkaPort, log, holder: randomUUID(), service: 'qms' });
    closing.push(relay.stop);
    return relay;
  };
  /** Everything on the topic, in order per partition. */
  const sent = async (): Promise<string[]> => {
    const total = (await kafka.ends(TOPIC)).reduce((sum, { next }) => sum + next, 0);
    const found: string[] = [];
    if (total === 0) return found;
    const subscription = await kafka.consume({
      group: `look-${randomUUID()}`,
      topics: [TOPIC],
      onBatch: async (batch, control) => {
        found.push(...batch.messages.map(({ value }) => String(value)));
        await control.done(batch.next);
      },
    });
    await until(() => found.length >= total);
    await subscription.stop();
    return found;
  };
  const waiting = () => outbox.countDocuments({ published: false });
  return { kafka, outbox, entry, start, sent, waiting };
}

const versionsOf = (texts: readonly string[], aggregate: string): number[] =>
  texts.filter((text) => text.startsWith(`${aggregate}:`)).map((text) => Number(text.split(':')[1]));
/** As a reader drops what it has seen. */
const inEffect = (versions: readonly number[]): number[] =>
  versions.reduce<number[]>((seen, version) => (version > (seen.at(-1) ?? 0) ? [...seen, version] : seen), []);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);

test('everything waiting goes out in the order of versions, with the place where it is', async () => {
  const { outbox, entry, start, sent, waiting, kafka } = await house();
  const entries = ['A', 'B', 'C'].flatMap((aggregate) => upTo(300).map((version) => entry(aggregate, version)));
  await outbox.insertMany(entries.toReversed());
  start();
  await until(async () => (await waiting()) === 0);
  const texts = await sent();
  for (const aggregate of ['A', 'B', 'C']) expect(versionsOf(texts, aggregate)).toEqual(upTo(300));
  const furthest = await outbox.find({ topic: TOPIC }).sort({ offset: -1 }).limit(1).next();
  const end = (await kafka.ends(TOPIC)).find(({ partition }) => partition === furthest?.partition);
  expect(furthest?.offset).toBe((end?.next ?? 0) - 1);
});

test('the order of versions is the relay’s own doing, not that of an index or of the writing', async () => {
  const { outbox, entry, start, sent, waiting } = await house();
  await outbox.dropIndex('waiting');
  await outbox.insertMany(
    upTo(40)
      .map((version) => entry('A', version))
      .toReversed(),
  );
  start();
  await until(async () => (await waiting()) === 0);
  expect(versionsOf(await sent(), 'A')).toEqual(upTo(40));
});

test('more than the broker takes at once, and an event it never takes: its aggregate waits, all others go', async () => {
  const { outbox, entry, start, sent, waiting } = await house();
  const large = (aggregate: string, version: number, bytes: number) =>
    entry(aggregate, version, {
      value: new Binary(Buffer.from(`${aggregate}:${String(version)}:`.padEnd(bytes, 'x'))),
    });
  await outbox.insertMany([
    ...upTo(30).map((version) => large('A', version, 200_000)),
    entry('M', 1),
    large('M', 2, 1_200_000),
    entry('M', 3),
    ...upTo(5).map((version) => entry('Z', version)),
    entry('N', 1, { topic: OTHER }),
    entry('N', 1),
  ]);
  const relay = start();
  await until(async () => (await waiting()) === 3);
  expect([...relay.refused()].sort()).toEqual([`${TOPIC}|M`, OTHER].sort());
  const texts = await sent();
  expect(inEffect(versionsOf(texts, 'A'))).toEqual(upTo(30));
  expect(inEffect(versionsOf(texts, 'Z'))).toEqual(upTo(5));
  expect(inEffect(versionsOf(texts, 'M'))).toEqual([1]);
  expect(await outbox.findOne({ aggregate: 'M', version: 2 })).toMatchObject({ published: false, refused: /./ });

  // Made small enough by a person: it and what waited behind it go by themselves.
  await outbox.updateOne({ aggregate: 'M', version: 2 }, { $set: { value: new Binary(Buffer.from('M:2')) } });
  await until(async () => (await waiting()) === 1, 20_000);
  expect(inEffect(versionsOf(await sent(), 'M'))).toEqual([1, 2, 3]);
  expect(relay.refused()).toEqual([OTHER]);
});

test('a relay that dies between sending and marking: the next one sends again, in order', async () => {
  const { kafka, outbox, entry, start, sent, waiting } = await house();
  const asked: Outgoing[] = [];
  let answers = 0;
  const forgetful = start({
    send: async (messages) => {
      asked.push(...messages);
      await kafka.send(messages);
      answers += 1;
      throw new Error('the answer is lost');
    },
  });
  await outbox.insertMany(upTo(10).map((version) => entry('A', version)));
  await until(() => answers >= 2);
  await forgetful.stop();
  expect(await waiting()).toBe(10);
  start();
  await outbox.insertMany([entry('A', 11)]);
  await until(async () => (await waiting()) === 0);
  const versions = versionsOf(await sent(), 'A');
  expect(versions.length).toBe(asked.length + 11);
  expect(inEffect(versions)).toEqual(upTo(11));
});

test('two relays that both believe to have the lease lose nothing and keep the order', async () => {
  const { kafka, outbox, entry, start, sent, waiting } = await house();
  const second = await connectKafkaLike(kafka);
  start();
  start(second);
  const leases = outbox.db.collection<{ _id: string }>('leases');
  for (let version = 1; version <= 60; version++) {
    // As if the clock of one were wrong: the lease is anybody's at any moment.
    await leases.deleteMany({});
    await outbox.insertMany(['A', 'B', 'C'].map((aggregate) => entry(aggregate, version)));
  }
  await until(async () => (await waiting()) === 0);
  const texts = await sent();
  for (const aggregate of ['A', 'B', 'C']) expect(inEffect(versionsOf(texts, aggregate))).toEqual(upTo(60));
});

/** A second way to the same topics, whose requests do not wait for those of the first. */
async function connectKafkaLike(kafka: KafkaPort): Promise<Pick<KafkaPort, 'send'>> {
  return { send: (messages) => kafka.send(messages) };
}
