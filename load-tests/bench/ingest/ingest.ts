import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createCodec } from '@lotwarden/contracts/codec';
import type { KafkaPort, Outgoing } from '@lotwarden/platform/kafka';
import { connectKafka } from '@lotwarden/platform/kafka-kafkajs';
import { createLog } from '@lotwarden/platform/log';
import { FACT_TOPICS } from '@lotwarden/traceability/facts';
import { startGraph } from '@lotwarden/traceability/graph';
import { createReplica } from '@lotwarden/traceability/replica';
import type { Addresses } from '../addresses.ts';
import { percentile, row, write, type Result } from '../result.ts';
import { messagesOf, type Message } from './messages.ts';

const SHORT = 20_000;
const FULL = 200_000;
const PARTITIONS = 6;
const SEND = 500;
/** Seconds of half load. */
const HALF = 10;

/** How fast the memory of a replica is rebuilt, and how soon an event is in its answers. */
export async function ingest({ kafka: broker }: Addresses, full: boolean): Promise<Result> {
  const operations = Number(process.env['OPERATIONS'] ?? (full ? FULL : SHORT));
  // As many again for the half load.
  const all = messagesOf(2 * operations);
  const at = all.findLastIndex(({ isOperation }, index) => isOperation && index < all.length / 2);
  const messages = all.slice(0, at + 1);
  const made = messages.filter(({ isOperation }) => isOperation).length;
  const inThread = await throughThread(messages);
  const decoded = decodeOnly(messages);
  const kafka = await connectKafka({
    brokers: [broker],
    prefix: `bench${randomUUID().slice(0, 8)}.`,
    clientId: 'bench-ingest',
    log: createLog({ service: 'bench', level: 'error' }),
  });
  try {
    await kafka.createTopics(FACT_TOPICS.map((topic) => ({ topic, partitions: PARTITIONS, retention: 'forever' })));
    await send(kafka, messages);
    const floor = await decodeLoop(kafka, messages.length);
    const ours = await replicaOver(kafka, messages.length, all.slice(at + 1));
    const share = made / messages.length;
    const stated = { text: 'stated', holds: () => true };
    const rows = [
      row({ metric: 'codec and fold in the thread; floor = codec alone', unit: 'messages/s', ours: inThread, floor: decoded, goal: stated }), // prettier-ignore
      row({ metric: 'the same, operations with their lots', unit: 'operations/s', ours: inThread * share, goal: { text: '>= 33000', holds: ({ ours: rate }) => rate >= 33_000 } }), // prettier-ignore
      row({ metric: 'rebuilt from Kafka; floor = kafkajs loop and codec', unit: 'messages/s', ours: ours.rate, floor, goal: { text: '>= 0.5 x floor', holds: (one) => one.ours >= 0.5 * one.floor } }), // prettier-ignore
      row({ metric: 'rebuilt from Kafka, operations with their lots', unit: 'operations/s', ours: ours.rate * share, goal: { text: '>= 33000', holds: ({ ours: rate }) => rate >= 33_000 } }), // prettier-ignore
      row({ metric: `event to in the answers at ${String(Math.round(ours.load))} messages/s, p50`, unit: 'ms', ours: percentile(ours.delays, 0.5), goal: stated }), // prettier-ignore
      row({ metric: 'event to in the answers at half load, p99', unit: 'ms', ours: percentile(ours.delays, 0.99), goal: { text: '<= 250', holds: ({ ours: delay }) => delay <= 250 } }), // prettier-ignore
    ];
    return write('ingest', { operations: made, messages: messages.length }, rows, ours.lost);
  } finally {
    await kafka.close();
  }
}

const perSecond = (count: number, began: number): number => (1000 * count) / (performance.now() - began);

async function throughThread(messages: readonly Message[]): Promise<number> {
  const graph = startGraph({
    onUnreadable: (gaps) => {
      throw new Error(gaps.join());
    },
  });
  await graph.ask('limits', null);
  const offsets = new Map<string, number>();
  const began = performance.now();
  const feeds: Promise<void>[] = [];
  for (let at = 0; at < messages.length; at += SEND) {
    const part = messages.slice(at, at + SEND).map(({ topic, value, headers }) => {
      const offset = offsets.get(topic) ?? 0;
      offsets.set(topic, offset + 1);
      return { topic, partition: 0, offset, value, headers };
    });
    feeds.push(graph.feed(part));
    if (feeds.length > 4) await feeds.shift();
  }
  await Promise.all(feeds);
  const rate = perSecond(messages.length, began);
  await graph.stop();
  return rate;
}

function decodeOnly(messages: readonly Message[]): number {
  const codec = createCodec();
  const began = performance.now();
  for (const { topic, value } of messages) codec.decode(topic as never, value);
  return perSecond(messages.length, began);
}

const outgoing = ({ topic, key, value, headers }: Message): Outgoing => ({ topic, key, value, headers });

async function send(kafka: KafkaPort, messages: readonly Message[]): Promise<void> {
  for (let at = 0; at < messages.length; at += SEND) await kafka.send(messages.slice(at, at + SEND).map(outgoing));
}

/** What nobody can do without: kafkajs, and the bytes as an event. */
async function decodeLoop(kafka: KafkaPort, count: number): Promise<number> {
  const codec = createCodec();
  const finished = Promise.withResolvers<undefined>();
  let heard = 0;
  let began = 0;
  const subscription = await kafka.consume({
    group: 'bench.floor',
    topics: FACT_TOPICS,
    concurrency: 4,
    onBatch: async ({ topic, messages, next }, control) => {
      if (began === 0) began = performance.now();
      for (const { value } of messages) if (value) codec.decode(topic as never, value);
      heard += messages.length;
      await control.done(next);
      if (heard >= count) finished.resolve(undefined);
    },
  });
  await finished.promise;
  const rate = perSecond(count, began);
  await subscription.stop();
  return rate;
}

async function replicaOver(kafka: KafkaPort, count: number, later: readonly Message[]) {
  const log = createLog({ service: 'bench', level: 'error' });
  const replica = createReplica({ kafka, log, unique: randomUUID, missing: [] });
  const seen = async (): Promise<number> =>
    (await replica.ask('limits', null)).offsets.reduce((sum, { next }) => sum + next, 0);
  await replica.start();
  let began = 0;
  for (let read = 0; read < count; read = await seen()) {
    // Joining the group is not what is measured.
    if (began === 0 && read > 0) began = performance.now();
    await pause(5);
  }
  const rate = perSecond(count, began);
  const { delays, load } = await halfLoad(kafka, replica, later, rate / 2);
  const limits = await replica.ask('limits', null);
  await replica.stop();
  return { rate, delays, load, lost: limits.gaps.filter((gap) => gap.startsWith('skipped') || gap.startsWith('undecodable')).length }; // prettier-ignore
}

/** Sends steadily, and asks of one message in each lot sent how long it takes until an answer has seen it. */
async function halfLoad(
  kafka: KafkaPort,
  replica: ReturnType<typeof createReplica>,
  later: readonly Message[],
  rate: number,
) {
  const every = 20;
  const each = Math.max(1, Math.round((rate * every) / 1000));
  const delays: number[] = [];
  const asking: Promise<void>[] = [];
  const began = performance.now();
  let sent = 0;
  for (let turn = 0; sent < later.length && performance.now() - began < HALF * 1000; turn++) {
    const wait = began + turn * every - performance.now();
    if (wait > 0) await pause(wait);
    const part = later.slice(sent, sent + each);
    sent += part.length;
    const at = performance.now();
    const positions = await kafka.send(part.map(outgoing));
    const [position, told] = [positions.at(-1), part.at(-1)];
    if (!position || !told) continue;
    const minOffsets = [{ topic: told.topic, partition: position.partition, next: position.offset + 1 }];
    asking.push(replica.ask('limits', null, { minOffsets }).then(() => void delays.push(performance.now() - at)));
  }
  await Promise.all(asking);
  return { delays, load: perSecond(sent, began) };
}
