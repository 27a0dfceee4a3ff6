import type { TopicName } from '@lotwarden/contracts/topics';
import { pauseUnless } from '../clock/pause.client.ts';
import { Conflict, Poison, Transient } from '../errors.ts';
import type { Batch, BatchControl, Incoming } from '../kafka/kafka.ts';
import { OffsetFenced } from '../store/failures.ts';
import { withProcessSpan } from '../telemetry/spans.ts';
import type { Consumer } from './consumer.ts';
import type { ConsumptionSettings } from './consumption-settings.ts';
import { isInbound } from './envelope.ts';
import { HandlerFailed } from './inbox.store.ts';
import type { Places } from './places.store.ts';
import type { Reading } from './reading.ts';

interface FeedParts extends ConsumptionSettings {
  readonly places: Places;
  readonly alarms: Map<string, string>;
  readonly stopped: AbortSignal;
}

/** How far a consumer got with a batch. */
export interface Fed {
  readonly reached: number;
  /** How long the rest should wait, in milliseconds. */
  readonly wait: number;
  /** The partition is somebody else's now. */
  readonly lost: boolean;
}

/** One transaction's worth: well below 16 MB and a second. */
const SUB_BATCH = 200;
const SUB_BATCH_BYTES = 4_000_000;
/** Tries of one message before its key is parked. Others who change the same things deserve more patience than a bug. */
const TRIES = 3;
const TRIES_AGAINST_OTHERS = 20;
const ASK_AGAIN_MS = 1_000;
const BEAT_MS = 3_000;
/** Longer than any transaction may take. Who hangs longer loses the partition to somebody else. */
const ALIVE_MS = 60_000;
const SYSTEM = { actor: 'system' };

/** Brings the messages of a batch to one consumer, in transactions of many; one by one where one of them breaks. */
export function createFeed(parts: FeedParts) {
  const { service, store, inbox, redrive, log, metrics, places, alarms, stopped } = parts;
  const { unknownSchemaPatience = 60_000 } = parts;
  /** Since when a partition waits for a schema, by consumer and place. */
  const waitingSince = new Map<string, number>();
  /** Failures of the message each consumer and partition is at. */
  const failing = new Map<string, { readonly offset: number; readonly tries: number }>();

  async function take(consumer: Consumer, batch: Batch, control: BatchControl): Promise<Fed> {
    const { group } = consumer;
    const { partition, messages } = batch;
    const topic = batch.topic as TopicName;
    const where = { group, topic, partition };
    const place = `${group}|${topic}|${String(partition)}`;
    // Up to here one by one: one of these breaks the transaction of all.
    let carefulUntil = 0;
    for (;;) {
      const from = await places.of(where);
      const ahead = messages.filter(({ offset }) => from === null || offset >= from);
      if (ahead.length === 0) return { reached: Math.max(batch.next, from ?? 0), wait: 0, lost: false };
      if (!control.live() || stopped.aborted) return { reached: batch.from, wait: 0, lost: true };
      const single = (ahead[0]?.offset ?? 0) < carefulUntil;
      const taken = subBatch(ahead, single ? 1 : SUB_BATCH).map((message) => inbox.read(consumer, message));
      const readable = upToStranger(consumer, taken);
      const head = readable[0];
      if (head === undefined) return { reached: from ?? batch.from, wait: ASK_AGAIN_MS, lost: false };
      const last = (readable.at(-1) ?? head).message.offset;
      const next = last === messages.at(-1)?.offset ? batch.next : last + 1;
      const { offset } = head.message;
      const failed = failing.get(place);
      const tries = failed?.offset === offset ? failed.tries : 0;
      let unblocked: ReadonlySet<string> = new Set();
      try {
        unblocked = await keepingAlive(control, () => apply(consumer, readable, { ...where, from, next }));
        places.set(where, next);
        failing.delete(place);
      } catch (error) {
        places.forget(where);
        if (error instanceof OffsetFenced) {
          log.warn(where, 'another consumer took the partition over');
          return { reached: batch.from, wait: 0, lost: true };
        }
        if (error instanceof Transient || !control.live()) throw error;
        if (readable.length > 1) {
          carefulUntil = last + 1;
          continue;
        }
        failing.set(place, { offset, tries: tries + 1 });
        if (error instanceof Conflict && tries + 1 < TRIES_AGAINST_OTHERS) throw error;
        const poison = error instanceof HandlerFailed && error.cause instanceof Poison;
        const reason = error instanceof Error ? error.message : String(error);
        log.error({ err: error, ...where, offset, tries: tries + 1 }, 'message failed');
        if (poison || tries + 1 >= TRIES) {
          await apply(consumer, readable, { ...where, from, next }, reason);
          places.set(where, next);
          failing.delete(place);
        } else await pauseUnless(stopped, 50 * 2 ** tries);
      }
      await control.heartbeat();
      for (const key of unblocked) await redrive.key(consumer, key, control.heartbeat);
    }
  }

  type Advance = { group: string; topic: TopicName; partition: number; from: number | null; next: number };

  /** Returns the keys that were parked behind what has just been handled. */
  async function apply(
    consumer: Consumer,
    readings: readonly Reading[],
    advance: Advance,
    giveUp?: string,
  ): Promise<ReadonlySet<string>> {
    const { topic, group, partition } = advance;
    const traces = readings.map(({ message }) => message.headers['traceparent']);
    const processing = { service, topic, group, partition, traces, count: readings.length };
    const options = giveUp === undefined ? {} : { giveUp };
    const begun = Date.now();
    const { unblocked } = await withProcessSpan(processing, () =>
      store.work(SYSTEM, (work) => inbox.apply(consumer, readings, work, options), { offsets: [advance] }),
    );
    const applied = Date.now();
    const oldest = Math.min(...readings.map(({ message }) => message.timestamp));
    metrics?.batch({
      topic,
      group,
      count: readings.length,
      seconds: (applied - begun) / 1000,
      lagSeconds: Math.max(0, applied - oldest) / 1000,
    });
    return unblocked;
  }

  /**
   * What comes before the first message with an unknown schema. If that is the very first one, nothing: on internal
   * topics until a newer version of this service knows it, on inbound topics until patience ends and its key is parked.
   */
  function upToStranger(consumer: Consumer, readings: readonly Reading[]): readonly Reading[] {
    const stranger = readings.findIndex(({ kind }) => kind === 'schema-unknown');
    const found = readings[stranger];
    if (stranger > 0) return readings.slice(0, stranger);
    if (found?.kind !== 'schema-unknown') return readings;
    const { topic, group } = consumer;
    const { partition, offset } = found.message;
    const place = `${topic}/${String(partition)}@${String(offset)}`;
    const waiter = `${group}|${place}`;
    const since = waitingSince.get(waiter) ?? Date.now();
    if (isInbound(topic) && Date.now() - since >= unknownSchemaPatience) {
      waitingSince.delete(waiter);
      alarms.delete(place);
      return [found];
    }
    if (!waitingSince.has(waiter)) {
      waitingSince.set(waiter, since);
      alarms.set(place, found.reason);
      log.error({ topic, offset, reason: found.reason }, 'unknown schema: reading is paused');
    }
    return [];
  }

  return {
    take,
    /** Partitions were assigned anew: who waits for what is found out again. */
    forget: (): void => {
      for (const waiter of waitingSince.keys()) alarms.delete(waiter.slice(waiter.indexOf('|') + 1));
      waitingSince.clear();
    },
  };
}

function subBatch(messages: readonly Incoming[], most: number): readonly Incoming[] {
  let bytes = 0;
  const fitting = messages.slice(0, most).findIndex(({ value }) => (bytes += value?.length ?? 0) > SUB_BATCH_BYTES);
  return messages.slice(0, fitting < 0 ? most : Math.max(1, fitting));
}

/** Keeps the membership while `attempt` runs. A heartbeat that fails is known to the port, and to `live()`. */
async function keepingAlive<R>(control: BatchControl, attempt: () => Promise<R>): Promise<R> {
  const begun = Date.now();
  const beating = setInterval(() => {
    if (Date.now() - begun < ALIVE_MS) control.heartbeat().catch(() => clearInterval(beating));
    else clearInterval(beating);
  }, BEAT_MS);
  try {
    return await attempt();
  } finally {
    clearInterval(beating);
  }
}
