import { Kafka, logLevel } from 'kafkajs';
import type { MongoClient } from 'mongodb';
import type { Addresses } from '../addresses.ts';
import { GATES, PATIENCE } from './gates.ts';
import type { House } from './house.ts';

interface BareLot {
  readonly _id: string;
  readonly round?: number;
}

/** Said to the bare gates; `lots` are the first so many of each. */
interface Order {
  readonly round: number;
  readonly lots: number;
}

/**
 * The least that five gates can do, without any of our code: each a kafkajs loop that updates as many documents of a
 * database of its own, unordered, majority and journal, and says so in Kafka. No epochs, no digest, no transaction.
 */
export async function startBareGates({ kafka: broker }: Addresses, mongo: MongoClient, house: House, lots: number) {
  const kafka = new Kafka({ clientId: 'bare', brokers: [broker], logLevel: logLevel.ERROR });
  const [orders, answers] = [`${house.topicPrefix}bare.hold`, `${house.topicPrefix}bare.gate`];
  const ids = Array.from({ length: lots }, (_, i) => `F-B-260101-${String(i + 1).padStart(5, '0')}`);
  const admin = kafka.admin();
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ waitForLeaders: true, topics: [orders, answers].map((topic) => ({ topic })) });
  await admin.disconnect();

  const collections = new Map(
    GATES.map((gate) => [gate, mongo.db(`${house.databasePrefix}bare-${gate}`).collection<BareLot>('bare')]),
  );
  const joined: Promise<unknown>[] = [];
  const heard = new Set<string>();

  async function update(gate: string, { round, lots: count }: Order): Promise<void> {
    await collections.get(gate)?.bulkWrite(
      ids.slice(0, count).map((_id) => ({ updateOne: { filter: { _id }, update: { $set: { round } } } })),
      { ordered: false },
    );
  }

  async function listen(name: string, topic: string, maxWaitTimeInMs: number, hear: (text: string) => Promise<void>) {
    const consumer = kafka.consumer({ groupId: `${house.topicPrefix}bare.${name}`, maxWaitTimeInMs });
    joined.push(new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve)));
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: ({ message }) => hear(message.value?.toString() ?? '') });
    return consumer;
  }

  const consumers = [
    await listen('bench', answers, 20, (text) => Promise.resolve(void heard.add(text))),
    ...(await Promise.all(
      GATES.map(async (gate) => {
        await collections.get(gate)?.insertMany(ids.map((_id) => ({ _id })));
        return listen(gate, orders, 100, async (text) => {
          const order = JSON.parse(text) as Order;
          await update(gate, order);
          await producer.send({ topic: answers, messages: [{ value: `${gate}|${String(order.round)}` }] });
        });
      }),
    )),
  ];
  await Promise.all(joined);
  let round = 0;

  return {
    /** Milliseconds of one bare bulk write, without Kafka. */
    async write(count: number): Promise<number> {
      const began = performance.now();
      await update('warehouse', { round: ++round, lots: count });
      return performance.now() - began;
    },
    /** Milliseconds from the order until all five had said that they are done. */
    async hold(count: number): Promise<number> {
      const began = performance.now();
      const order: Order = { round: ++round, lots: count };
      await producer.send({ topic: orders, messages: [{ value: JSON.stringify(order) }] });
      while (!GATES.every((gate) => heard.has(`${gate}|${String(order.round)}`))) {
        if (performance.now() - began > PATIENCE) throw new Error('the bare gates are silent');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return performance.now() - began;
    },
    async close(): Promise<void> {
      await Promise.all([...consumers.map((consumer) => consumer.disconnect()), producer.disconnect()]);
    },
  };
}
