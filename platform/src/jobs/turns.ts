import type { Job, Queue } from './job.ts';

export interface Turns {
  /** One round of a scheduled job; nothing while its last round still runs in this process. */
  readonly round: (job: string) => Promise<void>;
  readonly wake: (queue: string, id: string, trace?: string) => Promise<void>;
  /** A wake that this process keeps to itself, as there is nobody to hand it to; within the queue's concurrency. */
  readonly soon: (queue: string, id: string, trace?: string) => void;
  /** Rounds by this process's own clock, as long as `alone` says so. Cron patterns wait. Returns how to end it. */
  readonly byOwnClock: (alone: () => boolean) => () => void;
  readonly busy: (queue: string) => boolean;
  /** When all that runs has ended; what only waits is dropped. */
  readonly settled: () => Promise<void>;
}

interface Options {
  readonly signal: AbortSignal;
  /** Runs one turn and never throws: it sees to spans and logs, and gives the traceparent to go on with. */
  readonly run: (
    name: string,
    trace: string | undefined,
    work: (trace: string | undefined) => Promise<void>,
  ) => Promise<void>;
}

/** Who runs what in this process, wherever the wake came from. */
export function createTurns(jobs: readonly Job[], queues: readonly Queue[], { signal, run }: Options): Turns {
  const active = new Map<string, Set<Promise<void>>>();
  const waiting = new Map<string, (() => Promise<void>)[]>();

  const track = async (name: string, work: () => Promise<void>): Promise<void> => {
    const running = active.get(name) ?? new Set();
    active.set(name, running);
    const turn = work();
    running.add(turn);
    try {
      await turn;
    } finally {
      running.delete(turn);
    }
  };

  const round = async (name: string): Promise<void> => {
    const job = jobs.find((one) => one.name === name);
    if (job === undefined || signal.aborted || busy(`job ${name}`)) return;
    await track(`job ${name}`, () => run(name, undefined, () => job.handle({ signal })));
  };

  const wake = async (name: string, id: string, trace?: string): Promise<void> => {
    const queue = queues.find((one) => one.name === name);
    if (queue === undefined || signal.aborted) return;
    await track(name, () => run(name, trace, (own) => queue.handle(id, { signal, trace: own })));
  };

  const next = (name: string): void => {
    const room = (queues.find((one) => one.name === name)?.concurrency ?? 1) - (active.get(name)?.size ?? 0);
    if (room <= 0) return;
    const turn = waiting.get(name)?.shift();
    if (turn !== undefined) void turn().finally(() => next(name));
  };

  const busy = (name: string): boolean => (active.get(name)?.size ?? 0) > 0;

  return {
    round,
    wake,
    busy,
    soon: (name, id, trace) => {
      const line = waiting.get(name) ?? [];
      waiting.set(name, line);
      line.push(() => wake(name, id, trace));
      next(name);
    },
    byOwnClock: (alone) => {
      const timers = jobs.flatMap(({ name, every }) =>
        typeof every === 'number' ? [setInterval(() => void (alone() && round(name)), every)] : [],
      );
      return () => timers.forEach((timer) => clearInterval(timer));
    },
    settled: async () => {
      waiting.clear();
      await Promise.allSettled([...active.values()].flatMap((running) => [...running]));
    },
  };
}
