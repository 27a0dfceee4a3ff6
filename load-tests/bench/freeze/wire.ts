import { createCodec } from '@lotwarden/contracts/codec';
import type { EventOf } from '@lotwarden/contracts/events';
import { topics, type TopicName } from '@lotwarden/contracts/topics';
import { holdDigest } from '@lotwarden/platform/hold-digest';
import { Kafka, logLevel } from 'kafkajs';
import { GATES, PATIENCE } from './gates.ts';

const GATE_TOPICS = GATES.map((gate) => `${gate}.gate.v1` as TopicName);

/** Recall, production and quality as the gates hear them. */
export async function connectWire(broker: string, prefix: string) {
  const kafka = new Kafka({ clientId: 'bench', brokers: [broker], logLevel: logLevel.ERROR });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const admin = kafka.admin();
  const consumer = kafka.consumer({ groupId: `${prefix}bench`, maxWaitTimeInMs: 20 });
  await Promise.all([producer.connect(), admin.connect(), consumer.connect()]);
  const codec = createCodec();
  const versions = new Map<string, number>();
  const acknowledged = new Map<string, number>();
  const drained = new Set<string>();

  await consumer.subscribe({ topics: GATE_TOPICS.map((topic) => prefix + topic), fromBeginning: true });
  await consumer.run({
    // What is timed is when a gate's word can be read; a place kept in Kafka for nobody would come on top.
    autoCommit: false,
    eachMessage: ({ topic, message }) => {
      const name = topic.slice(prefix.length) as 'warehouse.gate.v1';
      const event = codec.decode(name, message.value ?? Buffer.alloc(0));
      if (event.type === 'HoldAcknowledged') acknowledged.set(`${event.gate}|${event.hold}`, performance.now());
      if (event.type === 'GateDrained') drained.add(`${event.gate}|${event.hold}`);
      return Promise.resolve();
    },
  });

  async function say<T extends TopicName>(
    topic: T,
    events: readonly { subject: string; event: EventOf<T> }[],
  ): Promise<void> {
    const messages = events.map(({ subject, event }) => {
      const place = `${topic}|${subject}`;
      const version = (versions.get(place) ?? 0) + 1;
      versions.set(place, version);
      const headers = {
        ce_id: `${subject}:${String(version)}@bench`,
        ce_type: (event as { type: string }).type,
        ce_source: `/${topics[topic].owner}`,
        ce_subject: subject,
        ce_aggregateversion: String(version),
        ce_time: new Date().toISOString(),
        ce_actor: 'bench',
      };
      return { key: subject, value: codec.encode(topic, event), headers };
    });
    await producer.send({ topic: prefix + topic, acks: -1, messages });
  }

  const tick = async (): Promise<void> => {
    const [end] = await admin.fetchTopicOffsets(`${prefix}recall.hold.v1`);
    const holdEnd = Number(end?.high ?? 0);
    const value = codec.encode('recall.tick.v1', {
      type: 'RecallTick',
      at: new Date().toISOString(),
      sequence: Date.now(),
      holdEnd,
    });
    await producer.send({ topic: `${prefix}recall.tick.v1`, messages: [{ key: 'recall', value }] });
  };
  const ticking = setInterval(() => void tick(), 500);

  return {
    say,
    /** Holds these lots; resolves with the milliseconds until each gate had said that it holds them. */
    async hold(hold: string, lots: readonly string[], onWarehouse?: () => Promise<void>): Promise<Map<string, number>> {
      let noticed: Promise<void> | undefined;
      const named = { hold, case: hold, epoch: 1 };
      const entries = lots.map((lot) => ({ lot, serials: { mode: 'all', ranges: [] } }));
      const chunks = Array.from({ length: Math.ceil(entries.length / 500) }, (_, i) =>
        entries.slice(i * 500, i * 500 + 500),
      );
      const began = performance.now();
      await say('recall.hold.v1', [
        ...chunks.map((chunk, i) => ({
          subject: hold,
          event: {
            type: 'HoldPlaced' as const,
            ...named,
            chunk: i + 1,
            chunks: chunks.length,
            provisional: false,
            lots: chunk,
          },
        })),
        { subject: hold, event: { type: 'HoldManifest' as const, ...named, ...holdDigest(entries) } },
      ]);
      while (!GATES.every((gate) => acknowledged.has(`${gate}|${hold}`))) {
        if (performance.now() - began > PATIENCE)
          throw new Error(`${hold}: not all gates acknowledged in ${String(PATIENCE)} ms`);
        if (acknowledged.has(`warehouse|${hold}`)) noticed ??= onWarehouse?.();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await (noticed ?? onWarehouse?.());
      return new Map(GATES.map((gate) => [gate, (acknowledged.get(`${gate}|${hold}`) ?? 0) - began]));
    },
    /** Resolves when every gate has said that it is drained of what it had heard before this hold. */
    async drained(hold: string): Promise<void> {
      const until = performance.now() + PATIENCE;
      while (!GATES.every((gate) => drained.has(`${gate}|${hold}`))) {
        if (performance.now() > until) throw new Error(`${hold}: not all gates drained in ${String(PATIENCE)} ms`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    tick,
    async close(): Promise<void> {
      clearInterval(ticking);
      await Promise.all([consumer.disconnect(), producer.disconnect(), admin.disconnect()]);
    },
  };
}

export type Wire = Awaited<ReturnType<typeof connectWire>>;
