import { setTimeout as pause } from 'node:timers/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs, {
  type Admin,
  type Consumer,
  type EachBatchPayload,
  type IHeaders,
  type Kafka,
  type logCreator,
  type Producer,
} from 'kafkajs';
import { Transient } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type {
  BatchControl,
  ConsumeRequest,
  Incoming,
  KafkaPort,
  Outgoing,
  Position,
  Subscription,
  TopicSettings,
} from './kafka.ts';

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
}

/** Restarts of a consumer by itself before it gives up and its supervisor decides (unbounded, it can be out for days). */
const RESTARTS = 5;

/** kafkajs 2.2.4 behind the port, with the settings that lose nothing: never its idempotent producer. */
export async function connectKafka({ brokers, clientId, prefix, log }: KafkaSettings): Promise<KafkaPort> {
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
  await Promise.all([producer.connect(), admin.connect()]);
  const send = sender(producer, admin, named);
  const subscriptions = new Set<Subscription>();

  return {
    send,
    consume: async (request) => {
      const subscription = await subscribe(kafka, request, named, prefix, log);
      subscriptions.add(subscription);
      return subscription;
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
      if (missing.length > 0)
        await admin.createTopics({ topics: missing.map(settingsOf(named)), waitForLeaders: true });
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

/** Right after a topic is made its leader may not answer for it yet, and kafkajs's admin gives up at once: 1 s of tries. */
async function patiently<R>(ask: () => Promise<R>): Promise<R> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof KafkaJSProtocolError) || !error.retriable || tries >= 20) throw error;
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

/**
 * One request at a time. The partition is chosen here, by kafkajs's own partitioner (the one Java clients use), so
 * that each message's place is known: a request's messages stand in their partition in the order they were given.
 */
function sender(producer: Producer, admin: Admin, named: (name: string) => string): KafkaPort['send'] {
  const choose = Partitioners.DefaultPartitioner();
  const counts = new Map<string, number>();
  let turn: Promise<unknown> = Promise.resolve();

  async function learn(topics: readonly string[]): Promise<void> {
    const unknown = topics.filter((topic) => !counts.has(topic));
    if (unknown.length === 0) return;
    const metadata = await admin.fetchTopicMetadata({ topics: unknown });
    for (const { name, partitions } of metadata.topics) counts.set(name, partitions.length);
  }

  function partitionOf(topic: string, key: string | null): number {
    if (key === null) return 0;
    const partitionMetadata = Array.from({ length: counts.get(topic) ?? 1 }, (_, partitionId) => ({
      partitionId,
      leader: 0,
      replicas: [],
      isr: [],
      partitionErrorCode: 0,
    }));
    return choose({ topic, partitionMetadata, message: { key, value: null } });
  }

  async function sendNow(messages: readonly Outgoing[]): Promise<Position[]> {
    await learn([...new Set(messages.map(({ topic }) => named(topic)))]);
    const placed = messages.map((message) => {
      const topic = named(message.topic);
      return { ...message, topic, partition: partitionOf(topic, message.key) };
    });
    const sent = await producer.sendBatch({
      acks: -1,
      topicMessages: [...Map.groupBy(placed, ({ topic }) => topic)].map(([topic, of]) => ({
        topic,
        messages: of.map(({ key, value, headers, partition }) => ({ key, value, partition, headers: { ...headers } })),
      })),
    });
    const next = new Map(sent.map((s) => [place(s.topicName, s.partition), Number(s.baseOffset ?? s.offset)]));
    return placed.map(({ topic, partition }) => {
      const offset = next.get(place(topic, partition));
      if (offset === undefined) throw new Transient('kafka-position-unknown', { topic, partition });
      next.set(place(topic, partition), offset + 1);
      return { partition, offset };
    });
  }

  return (messages) => {
    if (messages.length === 0) return Promise.resolve([]);
    const result = turn.then(() => sendNow(messages));
    turn = result.then(
      () => undefined,
      // The caller of that request was told; the next one is not to blame for it.
      () => undefined,
    );
    return result;
  };
}

const place = (topic: string, partition: number): string => `${topic}|${String(partition)}`;

async function subscribe(
  kafka: Kafka,
  request: ConsumeRequest,
  named: (name: string) => string,
  prefix: string,
  log: Log,
): Promise<Subscription> {
  const { group, topics, concurrency = 1, onBatch, onAssigned } = request;
  const ready = Promise.withResolvers<undefined>();
  const failed = Promise.withResolvers<Error>();
  let assigned = false;
  let stopping = false;
  let restarts = 0;
  const consumer = kafka.consumer({
    groupId: named(group),
    allowAutoTopicCreation: false,
    sessionTimeout: 30_000,
    heartbeatInterval: 3_000,
    rebalanceTimeout: 20_000,
    maxWaitTimeInMs: 100,
    retry: {
      initialRetryTime: 50,
      maxRetryTime: 5_000,
      retries: 8,
      restartOnFailure: (error) => {
        restarts += 1;
        log.error({ err: error, group, restarts }, 'consumer failed');
        if (restarts > RESTARTS && !stopping) failed.resolve(error);
        return Promise.resolve(restarts <= RESTARTS);
      },
    },
  });
  consumer.on(consumer.events.GROUP_JOIN, () => {
    assigned = true;
    restarts = 0;
    onAssigned?.();
    ready.resolve(undefined);
  });
  consumer.on(consumer.events.REBALANCING, () => {
    assigned = false;
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    assigned = false;
    if (!payload.restart && !stopping) failed.resolve(payload.error);
  });
  await consumer.connect();
  await consumer.subscribe({ topics: topics.map(named), fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: concurrency,
    eachBatch: (payload) => onBatch(batchOf(payload, prefix), controlOf(payload, consumer)),
  });
  return {
    ready: ready.promise,
    assigned: () => assigned,
    failed: failed.promise,
    stop: async () => {
      if (stopping) return;
      stopping = true;
      assigned = false;
      await consumer.disconnect();
    },
  };
}

const batchOf = ({ batch }: EachBatchPayload, prefix: string) => ({
  topic: batch.topic.slice(prefix.length),
  partition: batch.partition,
  messages: batch.messages.map(({ offset, key, value, headers, timestamp }): Incoming => ({
    partition: batch.partition,
    offset: Number(offset),
    key: key?.toString('utf8') ?? null,
    rawKey: key,
    value,
    headers: textOf(headers),
    timestamp: Number(timestamp),
  })),
});

function controlOf(payload: EachBatchPayload, consumer: Consumer): BatchControl {
  const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
  const { topic, partition } = batch;
  return {
    live: () => isRunning() && !isStale(),
    heartbeat,
    done: async (next) => {
      resolveOffset(String(next - 1));
      await consumer.commitOffsets([{ topic, partition, offset: String(next) }]);
    },
    seek: (next) => {
      consumer.seek({ topic, partition, offset: String(next) });
    },
  };
}

function textOf(headers: IHeaders | undefined): Record<string, string> {
  const entries = Object.entries(headers ?? {}).flatMap(([name, value]) => {
    const last = Array.isArray(value) ? value.at(-1) : value;
    return last === undefined ? [] : [[name, last.toString()] as const];
  });
  return Object.fromEntries(entries);
}

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
