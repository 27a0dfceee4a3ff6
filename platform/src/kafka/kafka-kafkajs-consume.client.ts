import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { Batch as KafkaBatch, Consumer, EachBatchPayload, IHeaders, Kafka } from 'kafkajs';
import type { Log } from '../log/log.ts';
import type { Batch, BatchControl, ConsumeRequest, Incoming, StartAt, Subscription } from './kafka.ts';

/** Restarts of a consumer by itself before it gives up and its supervisor decides (unbounded, it can be out for days). */
const RESTARTS = 5;
/** Who has run this long since the last restart is well again. Joining the group alone is no sign of health. */
const WELL_AFTER_MS = 120_000;
/** A start that was under way when we were told to stop ends by itself; this is how long that is waited for. */
const STARTING_MS = 20_000;

/** A member that says nothing for so many milliseconds is dead, and its partitions go to others. */
const SESSION_MS = 30_000;

interface SubscribeParts {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly log: Log;
  /** Milliseconds; see SESSION_MS. */
  readonly sessionTimeout?: number | undefined;
}

export async function subscribe(
  { kafka, prefix, log, sessionTimeout = SESSION_MS }: SubscribeParts,
  request: ConsumeRequest,
) {
  const { group, topics, concurrency = 1, commitEvery = 0, onBatch, onAssigned, startAt = [] } = request;
  const isDue = commitDue(commitEvery);
  const ready = Promise.withResolvers<undefined>();
  const failed = Promise.withResolvers<Error>();
  const paused = new Set<NodeJS.Timeout>();
  let assignment: Readonly<Record<string, readonly number[]>> = {};
  let assigned = false;
  let stopping = false;
  let starting: PromiseWithResolvers<undefined> | undefined;
  let restarts = 0;
  let restartedAt = 0;

  const mayRestart = (error: Error): boolean => {
    restarts = Date.now() - restartedAt > WELL_AFTER_MS ? 1 : restarts + 1;
    restartedAt = Date.now();
    log.error({ err: error, group, restarts }, 'consumer failed');
    return restarts <= RESTARTS && !stopping;
  };

  const consumer = kafka.consumer({
    groupId: prefix + group,
    allowAutoTopicCreation: false,
    sessionTimeout,
    heartbeatInterval: Math.min(3_000, sessionTimeout / 3),
    rebalanceTimeout: 20_000,
    maxWaitTimeInMs: 100,
    retry: {
      initialRetryTime: 50,
      maxRetryTime: 5_000,
      retries: 8,
      restartOnFailure: (error) => Promise.resolve(mayRestart(error)),
    },
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assignment = payload.memberAssignment;
    assigned = true;
    onAssigned?.();
    ready.resolve(undefined);
    starting?.resolve(undefined);
    starting = undefined;
  });
  consumer.on(consumer.events.REBALANCING, () => {
    assigned = false;
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    assigned = false;
    assignment = {};
    starting?.resolve(undefined);
    starting = payload.restart ? Promise.withResolvers() : undefined;
    if (!payload.restart && !stopping) failed.resolve(payload.error);
  });

  const isAssigned = (topic: string, partition: number): boolean => assignment[topic]?.includes(partition) === true;

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    if (stopping) return;
    const { control, lost } = controlOf(payload, { consumer, isAssigned, paused, isDue });
    await onBatch(batchOf(payload, prefix), control);
    // Even if the handler made nothing of it, kafkajs has to know, or it would not join the group again.
    const reason = lost();
    if (reason !== undefined) throw reason;
  }

  if (startAt.length > 0) await commitStart(kafka, prefix, group, startAt);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: topics.map((topic) => prefix + topic), fromBeginning: true });
    const partitionsConsumedConcurrently = concurrency;
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently, eachBatch });
  } catch (error) {
    await consumer.disconnect();
    throw error;
  }

  const subscription: Subscription = {
    ready: ready.promise,
    assigned: () => assigned,
    failed: failed.promise,
    stop: async () => {
      if (stopping) return;
      stopping = true;
      assigned = false;
      for (const timer of paused) clearTimeout(timer);
      if (starting !== undefined) {
        // kafkajs forgets a runner that is told to stop while it starts: it would hold its partitions for ever.
        const enough = new AbortController();
        await Promise.race([starting.promise, pause(STARTING_MS, undefined, { signal: enough.signal })]);
        enough.abort();
        await turn();
      }
      await consumer.disconnect();
    },
  };
  return subscription;
}

async function commitStart(kafka: Kafka, prefix: string, group: string, startAt: readonly StartAt[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    for (const [topic, places] of Map.groupBy(startAt, (place) => place.topic))
      await admin.setOffsets({
        groupId: prefix + group,
        topic: prefix + topic,
        partitions: places.map(({ partition, next }) => ({ partition, offset: String(next) })),
      });
  } finally {
    await admin.disconnect();
  }
}

const batchOf = ({ batch }: EachBatchPayload, prefix: string): Batch => ({
  topic: batch.topic.slice(prefix.length),
  partition: batch.partition,
  from: Number((batch as KafkaBatch & { readonly fetchedOffset: string }).fetchedOffset),
  next: Number(batch.lastOffset()) + 1,
  end: Number(batch.highWatermark),
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

interface Control {
  readonly consumer: Consumer;
  readonly isAssigned: (topic: string, partition: number) => boolean;
  readonly paused: Set<NodeJS.Timeout>;
  readonly isDue: (place: string) => boolean;
}

/** Is it time again to commit this place? */
function commitDue(every: number): (place: string) => boolean {
  const last = new Map<string, number>();
  return (place) => {
    const now = performance.now();
    if (every > 0 && now - (last.get(place) ?? -Infinity) < every) return false;
    last.set(place, now);
    return true;
  };
}

function controlOf(
  payload: EachBatchPayload,
  { consumer, isAssigned, paused, isDue }: Control,
): { readonly control: BatchControl; readonly lost: () => Error | undefined } {
  const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
  const { topic, partition } = batch;
  let lost: Error | undefined;
  const noticing = async (attempt: () => Promise<void>): Promise<void> => {
    try {
      await attempt();
    } catch (error) {
      lost = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
  const control: BatchControl = {
    live: () => lost === undefined && isRunning() && !isStale() && isAssigned(topic, partition),
    heartbeat: () => noticing(heartbeat),
    done: async (next) => {
      // Somebody else's by now; kafkajs would commit it all the same.
      if (!isAssigned(topic, partition)) return;
      resolveOffset(String(next - 1));
      if (!isDue(`${topic}/${partition}`)) return;
      const topics = [{ topic, partitions: [{ partition, offset: String(next) }] }];
      await noticing(() => payload.commitOffsetsIfNecessary({ topics }));
    },
    seek: (next) => {
      consumer.seek({ topic, partition, offset: String(next) });
    },
    pause: (milliseconds) => {
      const resume = payload.pause();
      const timer = setTimeout(() => {
        paused.delete(timer);
        resume();
      }, milliseconds);
      paused.add(timer);
    },
  };
  return { control, lost: () => lost };
}

/** Names come from anybody and become names of fields in a database. */
const plainName = (name: string): string =>
  name.replaceAll(/[^\w-]+/g, (run) => [...Buffer.from(run)].map((byte) => `%${hex(byte)}`).join(''));

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

function textOf(headers: IHeaders | undefined): Record<string, string> {
  const entries = Object.entries(headers ?? {}).flatMap(([name, value]) => {
    const last = Array.isArray(value) ? value.at(-1) : value;
    return last === undefined ? [] : [[plainName(name), last.toString()] as const];
  });
  return Object.fromEntries(entries);
}
