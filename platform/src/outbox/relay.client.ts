import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaPort } from '../kafka/kafka.ts';
import type { Log } from '../log/log.ts';
import { isDuplicateKey } from '../store/failures.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { withProduceSpan } from '../telemetry/spans.ts';

export interface RelaySettings {
  readonly store: Store;
  readonly kafka: KafkaPort;
  readonly log: Log;
  /** Tells this relay from those of other replicas. */
  readonly holder: string;
  readonly service: string;
  readonly metrics?: Pick<Metrics, 'published'>;
}

export interface Relay {
  readonly stop: () => Promise<void>;
}

const BATCH = 500;
/** Looks by itself this often, for what another replica wrote. Milliseconds. */
const POLL = 100;
const LEASE = 10_000;

interface Lease {
  readonly _id: string;
  readonly holder: string;
  readonly until: Date;
}

/**
 * Publishes the outbox: one relay a service at a time (a lease, which is only an optimisation: duplicates are legal),
 * in (aggregate, version) order from what is unpublished, never by a moving cursor; one request in flight; the same
 * entries again after an error.
 */
export function startRelay({ store, kafka, log, holder, service, metrics }: RelaySettings): Relay {
  const outbox = store.db.collection<OutboxEntry>('outbox');
  const leases = store.db.collection<Lease>('leases');
  const stopped = new AbortController();
  let wake: () => void = () => undefined;
  const silence = store.onOutbox(() => {
    wake();
  });
  let leasedUntil = 0;

  async function leased(): Promise<boolean> {
    const now = store.clock();
    if (leasedUntil - now.getTime() > LEASE / 2) return true;
    const until = new Date(now.getTime() + LEASE);
    const free = { _id: 'relay', $or: [{ holder }, { until: { $lt: now } }] };
    try {
      await leases.updateOne(free, { $set: { holder, until } }, { upsert: true });
    } catch (error) {
      // The lease is there and somebody else's: the upsert found nothing to update and could not insert.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
    leasedUntil = until.getTime();
    return true;
  }

  async function publishSome(): Promise<number> {
    if (!(await leased())) return 0;
    const waiting = await outbox.find({ published: false }).sort({ aggregate: 1, version: 1 }).limit(BATCH).toArray();
    if (waiting.length === 0) return 0;
    const traces = waiting.map(({ headers }) => headers['traceparent']);
    const topic = waiting[0]?.topic ?? '';
    const positions = await withProduceSpan({ service, topic, traces, count: waiting.length }, () =>
      kafka.send(
        waiting.map((entry) => ({
          topic: entry.topic,
          key: entry.key,
          value: Buffer.from(entry.value.buffer),
          headers: entry.headers,
        })),
      ),
    );
    const publishedAt = store.clock();
    await outbox.bulkWrite(
      waiting.map(({ _id }, index) => ({
        updateOne: { filter: { _id }, update: { $set: { published: true, publishedAt, ...positions[index] } } },
      })),
      { ordered: false },
    );
    for (const [of, entries] of Map.groupBy(waiting, (entry) => entry.topic)) metrics?.published(of, entries.length);
    return waiting.length;
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopped.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        const published = await publishSome();
        failures = 0;
        if (published === BATCH) continue;
        await Promise.race([woken, pause(POLL, undefined, { signal: stopped.signal }).catch(abortedQuietly)]);
      } catch (error) {
        failures += 1;
        if (failures % 10 === 1) log.warn({ err: error, failures }, 'publishing failed, the same entries go again');
        await pause(Math.min(2_000, 50 * 2 ** failures), undefined, { signal: stopped.signal }).catch(abortedQuietly);
      }
    }
  }

  const running = run();
  return {
    stop: async () => {
      silence();
      stopped.abort();
      wake();
      await running;
      await leases.deleteOne({ _id: 'relay', holder });
    },
  };
}

/** A pause that was cut short because of the stop has done its part. */
function abortedQuietly(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
}
