import { pauseUnless } from '../clock/pause.client.ts';
import type { Batch, BatchControl, Subscription } from '../kafka/kafka.ts';
import type { ConsumptionSettings } from './consumption-settings.ts';
import { createFeed, type Fed } from './feed.client.ts';
import { passing } from './parking.ts';
import { createPlaces, StreamBroken } from './places.store.ts';

export interface Consumption extends Subscription {
  /** What a person has to know: schema ids nobody here knows, messages that are lost, by their place. */
  readonly alarms: () => readonly string[];
}

const LONGEST_PAUSE = 5_000;

/**
 * Runs the consumers of a service in one Kafka group. The place in each stream is kept in MongoDB per consumer and
 * advanced with the effects; Kafka's own committed offset is only where fetching starts again. Throws StreamBroken for
 * a topic that is not the one it was.
 */
export async function runConsumers(settings: ConsumptionSettings): Promise<Consumption> {
  const { service, kafka, store, redrive, consumers, log, sweepEvery = 10_000 } = settings;
  const byTopic = Map.groupBy(consumers, ({ topic }) => topic as string);
  const places = createPlaces(store, kafka);
  const stopped = new AbortController();
  const broken = Promise.withResolvers<Error>();
  const alarms = new Map<string, string>();
  const failures = new Map<string, number>();
  const feed = createFeed({ ...settings, places, alarms, stopped: stopped.signal });

  async function onBatch(batch: Batch, control: BatchControl): Promise<void> {
    if (stopped.signal.aborted) return;
    const where = `${batch.topic}/${String(batch.partition)}`;
    try {
      const held = await take(batch, control);
      failures.delete(where);
      if (held > 0) control.pause(held);
    } catch (error) {
      // Heartbeats that failed are known to the port already; whatever else it is, nothing is passed over.
      if (!control.live()) return;
      const tries = (failures.get(where) ?? 0) + 1;
      failures.set(where, tries);
      if (error instanceof StreamBroken) broken.resolve(error);
      if (tries % 10 === 1 || error instanceof StreamBroken) log.error({ err: error, where, tries }, 'reading waits');
      control.pause(Math.min(LONGEST_PAUSE, 50 * 2 ** Math.min(tries, 7)) * (0.5 + Math.random() / 2));
    }
  }

  /** Returns for how many milliseconds the partition should be left alone. */
  async function take(batch: Batch, control: BatchControl): Promise<number> {
    const listening = byTopic.get(batch.topic) ?? [];
    const verdict = await places.judge(listening, batch);
    const where = `${batch.topic}/${String(batch.partition)}`;
    if (verdict.do === 'stop') throw new StreamBroken(`${where}: ${verdict.why}`);
    if (verdict.do === 'seek') {
      control.seek(verdict.to);
      return 0;
    }
    if (verdict.do === 'admit-loss') await admitLoss(where, verdict.from, verdict.to);
    const results: Fed[] = [];
    const errors: unknown[] = [];
    for (const consumer of listening) {
      // One that waits for something does not hold up the others.
      try {
        results.push(await feed.take(consumer, batch, control));
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
    if (!control.live() || results.some(({ lost }) => lost)) return 0;
    const next = Math.min(batch.next, ...results.map(({ reached }) => reached));
    if (next > batch.from) await control.done(next);
    return Math.max(0, ...results.map(({ wait }) => wait));
  }

  /** Kafka has thrown away what we had not read yet. It cannot be had again; that it is missing must be known. */
  async function admitLoss(where: string, from: number, to: number): Promise<void> {
    const what = `offsets ${String(from)} to ${String(to - 1)} were deleted before they were read`;
    log.error({ where, from, to }, what);
    alarms.set(where, what);
    const gaps = store.db.collection<{ _id: string }>('stream_gaps');
    const found = { $setOnInsert: { where, from, to, at: store.clock() } };
    await gaps.updateOne({ _id: `${where}@${String(from)}` }, found, { upsert: true });
  }

  /**
   * A gap that closed while nobody was there to follow it up (a crash, a short outage) is found here; and what was
   * refused is asked again, as what stood in its way may be gone.
   */
  async function sweep(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        for (const reason of passing)
          for (const { handled, ...where } of await redrive.all({ reason }))
            if (handled > 0) log.info({ ...where, handled }, 'parked messages followed by themselves');
      } catch (error) {
        log.warn({ err: error }, 'parked keys could not be looked at');
      }
      await pauseUnless(stopped.signal, sweepEvery);
    }
  }

  if (consumers.length === 0) return idle();
  await places.check(consumers);
  const subscription = await kafka.consume({
    group: service,
    topics: [...byTopic.keys()],
    concurrency: 4,
    onBatch,
    onAssigned: () => {
      places.forgetAll();
      feed.forget();
    },
  });
  const sweeping = sweep();
  return {
    ...subscription,
    failed: Promise.race([subscription.failed, broken.promise]),
    alarms: () => [...alarms.entries()].map(([place, reason]) => `${place}: ${reason}`),
    stop: async () => {
      stopped.abort();
      await subscription.stop();
      await sweeping;
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
