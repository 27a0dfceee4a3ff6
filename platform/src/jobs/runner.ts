import { Queue as BullQueue, Worker, type Job as BullJob, type ConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { Transient } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { contextOf, currentTraceparent, inSpan, rootOf } from '../telemetry/spans.ts';
import type { Job, Queue, WakeOptions } from './job.ts';
import { createTurns } from './turns.ts';

export interface RunnerSettings {
  readonly service: string;
  readonly redisUrl: string;
  /** Goes before every key, so that runs and services do not meet. */
  readonly prefix: string;
  readonly jobs: readonly Job[];
  readonly queues: readonly Queue[];
  readonly log: Log;
  /** Told after every job that ran, well or not. */
  readonly onRun?: (name: string, outcome: 'done' | 'failed') => void;
  /** Milliseconds without any sign of life from a worker, while Redis answers, after which it is made anew. */
  readonly silence?: number;
}

export interface JobRunner {
  readonly wake: (queue: string, id: string, options?: WakeOptions) => Promise<void>;
  readonly connected: () => boolean;
  readonly stop: () => Promise<void>;
}

/** What a job carries: whom to look at, and the trace that led to it. Never facts: those are in MongoDB. */
interface Wake {
  readonly id?: string;
  readonly trace?: string;
}

/** A round of every queue that proves its worker alive. */
const PULSE = 'pulse';
const SCHEDULE = 'schedule';
/** Gone at once: what is finished must not stand in the way of the next wake with the same id. */
const KEEP_NOTHING = { removeOnComplete: true, removeOnFail: true } as const;
/** How long the first start waits for Redis before it goes on without. */
const FIRST_ANSWER_MS = 1_000;

/**
 * Schedules and wakes of one service over BullMQ. Redis may be away for long: then rounds run by this process's own
 * clock, wakes are done at once in this process, and when it is back everything is set up again, as Redis may have
 * come back empty.
 */
export async function startJobs(settings: RunnerSettings): Promise<JobRunner> {
  const { service, redisUrl, prefix, jobs, queues, log, onRun = () => undefined, silence = 60_000 } = settings;
  const stopping = new AbortController();
  const turns = createTurns(jobs, queues, { signal: stopping.signal, run: watched });
  const names = [...(jobs.length > 0 ? [SCHEDULE] : []), ...queues.map(({ name }) => name)];
  if (names.length === 0) return idle(service);

  const keyPrefix = `{${prefix}${service}}`;
  const redis = connect(redisUrl, `${service}-jobs`);
  let complained = false;
  redis.on('error', (error: Error) => {
    if (!complained) log.warn({ err: error }, 'Redis does not answer; jobs go on by this process alone');
    complained = true;
  });
  // BullMQ's queue asks Redis for its version when it is made and never again: so they are made when Redis is there.
  const producers = new Map<string, BullQueue>();
  const workers = new Map<string, { readonly worker: Worker; lastSign: number }>();

  async function watched(
    name: string,
    trace: string | undefined,
    work: (trace: string | undefined) => Promise<void>,
  ): Promise<void> {
    try {
      await inSpan(`job ${name}`, { parent: contextOf(trace, rootOf(service)), attributes: { 'job.name': name } }, () =>
        work(currentTraceparent() ?? trace),
      );
      onRun(name, 'done');
    } catch (error) {
      onRun(name, 'failed');
      log.error({ err: error, job: name }, 'a job failed; it runs again in its next round');
    }
  }

  function hire(name: string): void {
    const entry = { worker: work(name), lastSign: Date.now() };
    const sign = (): void => void (entry.lastSign = Date.now());
    entry.worker.on('active', sign).on('completed', sign).on('failed', sign);
    entry.worker.on('error', (error) => log.debug({ err: error, queue: name }, 'worker waits for Redis'));
    workers.set(name, entry);
  }

  function work(name: string): Worker {
    const connection: ConnectionOptions = { url: redisUrl, maxRetriesPerRequest: null, retryStrategy };
    const concurrency =
      name === SCHEDULE ? jobs.length + 1 : (queues.find((one) => one.name === name)?.concurrency ?? 1);
    const process = async (task: BullJob<Wake>): Promise<void> => {
      if (task.name === PULSE) return;
      if (name === SCHEDULE) await turns.round(task.name);
      else if (task.data.id !== undefined) await turns.wake(name, task.data.id, task.data.trace);
    };
    return new Worker<Wake>(name, process, { connection, prefix: keyPrefix, concurrency });
  }

  /** Again after every outage: schedules live in Redis, and Redis may have lost them. */
  async function schedule(): Promise<void> {
    for (const name of names.filter((one) => !producers.has(one))) {
      const made = new BullQueue(name, { connection: redis, prefix: keyPrefix });
      made.on('error', (error) => log.debug({ err: error, queue: name }, 'queue waits for Redis'));
      producers.set(name, made);
    }
    for (const [name, producer] of producers) {
      await producer.upsertJobScheduler(PULSE, { every: 10_000 }, { name: PULSE, opts: KEEP_NOTHING });
      if (name !== SCHEDULE) continue;
      for (const { name: job, every } of jobs) {
        const rhythm = typeof every === 'number' ? { every } : { pattern: every.cron, tz: 'UTC' };
        await producer.upsertJobScheduler(job, rhythm, { name: job, opts: KEEP_NOTHING });
      }
      for (const { key } of await producer.getJobSchedulers())
        if (key !== PULSE && !jobs.some((job) => job.name === key)) await producer.removeJobScheduler(key);
    }
  }

  const connected = (): boolean => redis.status === 'ready';
  redis.on('ready', () => {
    if (complained) log.info({}, 'Redis is back');
    complained = false;
    schedule().catch((error: unknown) =>
      log.warn({ err: error }, 'jobs could not be scheduled; tried again when Redis is back'),
    );
  });
  await firstAnswer(redis);
  for (const name of names) hire(name);

  /** A worker that Redis came back to, but that did not come back itself, is replaced. */
  const watch = setInterval(
    () => {
      if (!connected()) return;
      for (const [name, { worker, lastSign }] of workers) {
        if (Date.now() - lastSign < silence || turns.busy(name)) continue;
        log.warn({ queue: name }, 'a worker shows no sign of life; a new one takes its place');
        worker
          .close(true)
          .catch((error: unknown) => log.warn({ err: error, queue: name }, 'the old worker did not close'));
        hire(name);
        schedule().catch((error: unknown) => log.warn({ err: error }, 'jobs could not be scheduled'));
      }
    },
    Math.min(10_000, silence / 2),
  );
  const alone = turns.byOwnClock(() => !connected());

  return {
    connected,
    wake: async (queue, id, { delay = 0, attempt, trace = currentTraceparent() } = {}) => {
      if (!queues.some(({ name }) => name === queue)) throw new Error(`${service} has no queue ${queue}`);
      const data: Wake = trace === undefined ? { id } : { id, trace };
      const jobId = attempt === undefined ? undefined : `${id}-${attempt}`.replaceAll(':', '_');
      try {
        const producer = connected() ? producers.get(queue) : undefined;
        if (producer === undefined) throw new Transient('upstream-unavailable', { upstream: 'Redis' });
        await producer.add(queue, data, { ...KEEP_NOTHING, delay, ...(jobId === undefined ? {} : { jobId }) });
      } catch (error) {
        log.debug({ err: error, queue, id }, 'woken without Redis');
        if (delay === 0) turns.soon(queue, id, trace);
      }
    },
    stop: async () => {
      clearInterval(watch);
      alone();
      stopping.abort();
      await Promise.all([...workers.values()].map(({ worker }) => worker.close(!connected())));
      await turns.settled();
      await Promise.all([...producers.values()].map((producer) => producer.close()));
      redis.disconnect();
    },
  };
}

/** A service without jobs needs no Redis. */
const idle = (service: string): JobRunner => ({
  connected: () => true,
  wake: (queue) => Promise.reject(new Error(`${service} has no queue ${queue}`)),
  stop: () => Promise.resolve(),
});

const retryStrategy = (times: number): number => Math.min(2_000, 50 * 2 ** Math.min(times, 6));

/** Fails at once while Redis is away: whoever wakes must not wait for it. */
const connect = (url: string, connectionName: string): Redis =>
  new Redis(url, { connectionName, enableOfflineQueue: false, maxRetriesPerRequest: 1, retryStrategy });

async function firstAnswer(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, FIRST_ANSWER_MS);
  redis.once('ready', resolve);
  await promise;
  clearTimeout(timer);
  redis.off('ready', resolve);
}
