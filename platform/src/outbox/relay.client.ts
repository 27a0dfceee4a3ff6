import { pauseUnless } from '../clock/pause.client.ts';
import type { KafkaPort } from '../kafka/kafka.ts';
import type { Log } from '../log/log.ts';
import { isDuplicateKey } from '../store/failures.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { BATCH, createPublisher } from './publisher.client.ts';

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
  /** Topics, and aggregates as `topic|id`, that Kafka does not take at the moment. */
  readonly refused: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/**
 * Looks by itself this often, for what another replica wrote: what this one writes wakes it at once. Longer while nothing
 * comes, as a dozen services that look ten times a second are work of their own. Milliseconds.
 */
const POLL = 100;
const QUIET_POLL = 400;
const LEASE = 10_000;
/** Another replica publishes; this often it is asked whether it still does. Milliseconds. */
const STANDBY = 1_000;

interface Lease {
  readonly _id: string;
  readonly holder: string;
  readonly until: Date;
}

/**
 * Publishes the outbox: one relay a service at a time (a lease, which is only an optimisation: duplicates are legal),
 * in (aggregate, version) order from what is unpublished, never by a moving cursor; one request in flight; the same
 * entries again after an error. What Kafka refuses holds up its own aggregate only.
 */
export function startRelay({ store, kafka, log, holder, service, metrics }: RelaySettings): Relay {
  const outbox = store.db.collection<OutboxEntry>('outbox');
  const leases = store.db.collection<Lease>('leases');
  const publisher = createPublisher({ service, outbox, kafka, log, now: store.clock, metrics });
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

  async function run(): Promise<void> {
    let failures = 0;
    let poll = POLL;
    while (!stopped.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        const isOurs = await leased();
        const published = isOurs ? await publisher.publishSome() : 0;
        failures = 0;
        if (published >= BATCH) continue;
        poll = published > 0 ? POLL : Math.min(QUIET_POLL, poll * 2);
        const waited = pauseUnless(stopped.signal, isOurs ? poll : STANDBY);
        await (isOurs ? Promise.race([woken, waited]) : waited);
      } catch (error) {
        failures += 1;
        if (failures % 10 === 1) log.warn({ err: error, failures }, 'publishing failed, the same entries go again');
        await pauseUnless(stopped.signal, Math.min(2_000, 50 * 2 ** failures));
      }
    }
  }

  const running = run();
  return {
    refused: publisher.refused,
    stop: async () => {
      silence();
      stopped.abort();
      wake();
      await running;
      await leases.deleteOne({ _id: 'relay', holder });
    },
  };
}
