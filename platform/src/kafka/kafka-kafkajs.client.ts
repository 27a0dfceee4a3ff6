import { setTimeout as pause } from 'node:timers/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs, { type logCreator } from 'kafkajs';
import type { Log } from '../log/log.ts';
import { subscribe } from './kafka-kafkajs-consume.client.ts';
import { sender } from './kafka-kafkajs-send.client.ts';
import type { KafkaPort, Subscription, TopicSettings } from './kafka.ts';

const {
  CompressionCodecs,
  CompressionTypes,
  Kafka: KafkaClient,
  KafkaJSProtocolError,
  logLevel,
  Partitioners,
} = kafkajs;

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Before every topic's and group's name. */
  readonly prefix: string;
  readonly log: Log;
  /** Milliseconds after which a silent member of a consumer group is given up; 30 s if absent. */
  readonly sessionTimeout?: number;
}

/** kafkajs 2.2.4 behind the port, with the settings that lose nothing: never its idempotent producer. */
export async function connectKafka(settings: KafkaSettings): Promise<KafkaPort> {
  const { brokers, clientId, prefix, log, sessionTimeout } = settings;
  useZstd();
  const kafka = new KafkaClient({
    clientId,
    brokers: [...brokers],
    logLevel: logLevel.WARN,
    logCreator: logTo(log),
    retry: { initialRetryTime: 50, maxRetryTime: 5_000, retries: 8 },
  });
  const named = (name: string): string => prefix + name;
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  const admin = kafka.admin();
  try {
    await Promise.all([producer.connect(), admin.connect()]);
  } catch (error) {
    await Promise.all([producer.disconnect(), admin.disconnect()]);
    throw error;
  }
  const send = sender({ producer, admin, named });
  const subscriptions = new Set<Subscription>();

  return {
    send,
    consume: async (request) => {
      const subscription = await subscribe({ kafka, prefix, log, sessionTimeout }, request);
      subscriptions.add(subscription);
      const stop = async (): Promise<void> => {
        subscriptions.delete(subscription);
        await subscription.stop();
      };
      return { ...subscription, stop };
    },
    ends: async (topic) => {
      const ends = await patiently(() => admin.fetchTopicOffsets(named(topic)));
      return ends
        .map(({ partition, low, high }) => ({ partition, low: Number(low), next: Number(high) }))
        .sort((a, b) => a.partition - b.partition);
    },
    createTopics: async (topics) => {
      const there = new Set(await admin.listTopics());
      const missing = topics.filter(({ topic }) => !there.has(named(topic)));
      if (missing.length === 0) return;
      await admin.createTopics({ topics: missing.map(settingsOf(named)), waitForLeaders: false });
      // kafkajs's own waiting gives up where a busy broker does not know the topic yet: this one asks until it does.
      await patiently(() => admin.fetchTopicMetadata({ topics: missing.map(({ topic }) => named(topic)) }));
    },
    partitions: async (topics) => {
      const there = new Set(await admin.listTopics());
      const known = topics.filter((topic) => there.has(named(topic)));
      if (known.length === 0) return new Map();
      const { topics: found } = await admin.fetchTopicMetadata({ topics: known.map(named) });
      return new Map(found.map(({ name, partitions }) => [name.slice(prefix.length), partitions.length]));
    },
    close: async () => {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await Promise.all([producer.disconnect(), admin.disconnect()]);
    },
  };
}

const LEADERS_MS = 20_000;

/**
 * Right after a topic is made its leader may not answer for it yet, and kafkajs's admin gives up at once; while another
 * call has it refresh its metadata, it trips over the empty answer (a TypeError of its own). A new broker that opens some
 * hundred partitions at once takes its seconds.
 */
async function patiently<R>(ask: () => Promise<R>): Promise<R> {
  const until = Date.now() + LEADERS_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const passing = error instanceof TypeError || (error instanceof KafkaJSProtocolError && error.retriable);
      if (!passing || Date.now() > until) throw error;
    }
    await pause(50);
  }
}

const settingsOf =
  (named: (name: string) => string) =>
  ({ topic, partitions, retention }: TopicSettings) => ({
    topic: named(topic),
    numPartitions: partitions,
    replicationFactor: -1,
    configEntries: [{ name: 'retention.ms', value: retention === 'forever' ? '-1' : String(retention) }],
  });

/** Outside producers may compress with zstd, which kafkajs leaves to others; its own registry is process-wide. */
function useZstd(): void {
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(zstdCompressSync(buffer)),
    decompress: (buffer: Buffer) => Promise.resolve(zstdDecompressSync(buffer, { maxOutputLength: MAX_INFLATED })),
  });
}

/** A batch that swells beyond this is an attack, not a message. */
const MAX_INFLATED = 64 * 1024 * 1024;

const logTo =
  (log: Log): logCreator =>
  () =>
  ({ level, log: { message, ...extra } }) => {
    const details = { kafka: { error: extra['error'] as unknown, group: extra['groupId'] as unknown } };
    if (level <= logLevel.ERROR) log.warn(details, `kafkajs: ${message}`);
    else log.debug(details, `kafkajs: ${message}`);
  };
