import { setTimeout as pause } from 'node:timers/promises';
import { topics } from '@lotwarden/contracts/topics';
import { Conflict, Transient } from '../errors.ts';
import type { Batch, BatchControl, Incoming, KafkaPort, Subscription } from '../kafka/kafka.ts';
import type { Log } from '../log/log.ts';
import { OffsetFenced } from '../store/failures.ts';
import type { Store } from '../store/store.ts';
import { offsetId } from '../store/work.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { withProcessSpan } from '../telemetry/spans.ts';
import type { Consumer } from './consumer.ts';
import { HandlerFailed, type Inbox } from './inbox.store.ts';
import type { Redrive } from './redrive.store.ts';

export interface ConsumptionSettings {
  readonly service: string;
  readonly kafka: KafkaPort;
  readonly store: Store;
  readonly inbox: Inbox;
  readonly redrive: Redrive;
  readonly consumers: readonly Consumer[];
  readonly log: Log;
  readonly metrics?: Pick<Metrics, 'batch'>;
  /** How long an inbound message with an unknown schema holds up its partition before its key is parked; ms. */
  readonly unknownSchemaPatience?: number;
}

export interface Consumption extends Subscription {
  /** Schema ids that nobody here knows, by topic: the alarm of a producer deployed before its reader. */
  readonly alarms: () => readonly string[];
}

/** One transaction's worth: well below 16 MB and a second. */
const SUB_BATCH = 200;
const SYSTEM = { actor: 'system' };

interface OffsetDocument {
  readonly _id: string;
  readonly next: number;
}

/**
 * Runs the consumers of a service in one Kafka group. The place in each stream is kept in MongoDB per consumer and
 * advanced with the effects; Kafka's own committed offset is only where fetching starts again.
 */
export async function runConsumers(settings: ConsumptionSettings): Promise<Consumption> {
  const { service, kafka, store, inbox, redrive, consumers, log, metrics, unknownSchemaPatience = 60_000 } = settings;
  const byTopic = Map.groupBy(consumers, ({ topic }) => topic as string);
  const offsets = store.db.collection<OffsetDocument>('consumer_offsets');
  const places = new Map<string, number | null>();
  const alarms = new Map<string, string>();
  let stopping = false;

  const placeOf = async (group: string, topic: string, partition: number): Promise<number | null> => {
    const id = offsetId({ group, topic, partition });
    const known = places.get(id);
    if (known !== undefined) return known;
    const stored = (await offsets.findOne({ _id: id }))?.next ?? null;
    places.set(id, stored);
    return stored;
  };

  async function onBatch(batch: Batch, control: BatchControl): Promise<void> {
    const listening = byTopic.get(batch.topic) ?? [];
    const last = batch.messages.at(-1);
    if (last === undefined) return;
    const starts = await Promise.all(listening.map(({ group }) => placeOf(group, batch.topic, batch.partition)));
    const first = batch.messages[0]?.offset ?? 0;
    const earliest = starts.reduce<number>((lowest, start) => Math.min(lowest, start ?? 0), Number.MAX_SAFE_INTEGER);
    if (earliest < first && (await jumped(batch.topic, batch.partition, earliest, first))) {
      // Kafka's committed place is ahead of ours (a restored database): read what ours has not seen.
      control.seek(earliest);
      return;
    }
    for (const consumer of listening) {
      const caughtUp = await feed(consumer, batch, control);
      if (!caughtUp) return;
    }
    await control.done(last.offset + 1);
  }

  /** True if the broker still has what lies between; throws where it has lost it (rule 8). */
  async function jumped(topic: string, partition: number, wanted: number, got: number): Promise<boolean> {
    const end = (await kafka.ends(topic)).find((e) => e.partition === partition);
    const low = end?.low ?? 0;
    if (low <= wanted) return true;
    if (topics[topic as keyof typeof topics].retention !== 'forever') return false;
    throw new Error(
      `${topic}/${String(partition)} jumped from ${String(wanted)} to ${String(got)}: messages are missing`,
    );
  }

  /** False when the batch is no longer ours. */
  async function feed(consumer: Consumer, batch: Batch, control: BatchControl): Promise<boolean> {
    const { topic, partition, messages } = batch;
    const id = offsetId({ group: consumer.group, topic, partition });
    for (;;) {
      const from = await placeOf(consumer.group, topic, partition);
      const open = messages.filter(({ offset }) => from === null || offset >= from).slice(0, SUB_BATCH);
      const lastOpen = open.at(-1);
      if (lastOpen === undefined) return true;
      if (!isOurs(control)) return false;
      const known = await waitForSchemas(consumer, open, control);
      if (known.length === 0) return false;
      const next = (known.at(-1) ?? lastOpen).offset + 1;
      try {
        await applyAll(consumer, known, { group: consumer.group, topic, partition, from, next });
        places.set(id, next);
      } catch (error) {
        places.delete(id);
        if (!(error instanceof OffsetFenced)) throw error;
        log.warn({ group: consumer.group, topic, partition }, 'another consumer took the partition over');
        return false;
      }
      await control.heartbeat();
    }
  }

  type Advance = { group: string; topic: string; partition: number; from: number | null; next: number };

  async function applyAll(consumer: Consumer, messages: readonly Incoming[], advance: Advance): Promise<void> {
    const traces = messages.map(({ headers }) => headers['traceparent']);
    const { group, partition } = advance;
    const processing = { service, topic: consumer.topic, group, partition, traces, count: messages.length };
    const from = Date.now();
    const { unblocked } = await withProcessSpan(processing, () =>
      insist(() => store.work(SYSTEM, (work) => inbox.apply(consumer, messages, work), { offsets: [advance] })),
    );
    const applied = Date.now();
    metrics?.batch({
      topic: consumer.topic,
      group,
      count: messages.length,
      seconds: (applied - from) / 1000,
      lagSeconds: Math.max(0, applied - Math.min(...messages.map(({ timestamp }) => timestamp))) / 1000,
    });
    for (const key of new Set(unblocked)) await redrive.key(consumer, key);
  }

  /** What may do better later is tried again for as long as we run; what must stop is thrown. */
  async function insist<R>(attempt: () => Promise<R>): Promise<R> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        const again = error instanceof Transient || error instanceof Conflict || error instanceof HandlerFailed;
        if (!again || stopping) throw error;
        const wait = error instanceof HandlerFailed ? 50 : Math.min(5_000, 50 * 2 ** Math.min(tries, 7));
        if (tries % 10 === 1 && !(error instanceof HandlerFailed))
          log.warn({ err: error, tries }, 'waiting to try again');
        await pause(wait * (0.5 + Math.random() / 2));
      }
    }
  }

  /**
   * Messages up to the first with an unknown schema. If that is the very first one, waits: on internal topics until
   * this service is stopped (a newer version of it will know), on inbound topics until patience ends and it is parked.
   */
  async function waitForSchemas(
    consumer: Consumer,
    messages: readonly Incoming[],
    control: BatchControl,
  ): Promise<readonly Incoming[]> {
    const stranger = messages.findIndex((message) => inbox.unknownSchema(consumer, message) !== undefined);
    if (stranger < 0) return messages;
    if (stranger > 0) return messages.slice(0, stranger);
    const [first] = messages;
    if (first === undefined) return [];
    const reason = inbox.unknownSchema(consumer, first) ?? '';
    const place = `${consumer.topic}/${String(first.partition)}@${String(first.offset)}`;
    alarms.set(place, reason);
    log.error({ topic: consumer.topic, offset: first.offset, reason }, 'unknown schema: reading is paused');
    const inbound = topics[consumer.topic].kind === 'inbound';
    const until = Date.now() + unknownSchemaPatience;
    while (isOurs(control) && (!inbound || Date.now() < until)) {
      await control.heartbeat();
      await pause(200);
    }
    alarms.delete(place);
    return isOurs(control) ? [first] : [];
  }

  const isOurs = (control: BatchControl): boolean => control.live() && !stopping;

  if (consumers.length === 0) return idle();
  const subscription = await kafka.consume({
    group: service,
    topics: [...byTopic.keys()],
    concurrency: 4,
    onBatch,
    onAssigned: () => {
      places.clear();
    },
  });
  return {
    ...subscription,
    alarms: () => [...alarms.entries()].map(([place, reason]) => `${place}: ${reason}`),
    stop: async () => {
      stopping = true;
      await subscription.stop();
    },
  };
}

const idle = (): Consumption => ({
  ready: Promise.resolve(),
  assigned: () => true,
  failed: new Promise<Error>(() => undefined),
  alarms: () => [],
  stop: () => Promise.resolve(),
});
