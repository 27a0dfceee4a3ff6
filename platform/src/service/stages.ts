import { setTimeout as after } from 'node:timers/promises';
import type { Log } from '../log/log.ts';

export type Stop = () => Promise<void>;

/** One thing that is started after all before it, and stopped before them. */
export interface Stage {
  readonly name: string;
  readonly start: () => Promise<Stop | void>;
}

interface Options {
  readonly log: Log;
  /** Milliseconds one stage may take to stop; then it is left behind, and the next is stopped. */
  readonly stopTimeout: number;
}

/** Starts in order. If one fails, those that had started are stopped and its error goes on. */
export async function startInOrder(stages: readonly Stage[], { log, stopTimeout }: Options): Promise<Stop> {
  const started: { readonly name: string; readonly stop: Stop }[] = [];
  const stopAll = async (): Promise<void> => {
    for (let one = started.pop(); one !== undefined; one = started.pop()) {
      const { name, stop } = one;
      try {
        await within(stopTimeout, stop());
      } catch (error) {
        log.warn({ err: error, stage: name }, 'a part of the service did not stop as it should');
      }
    }
  };
  for (const { name, start } of stages) {
    const from = Date.now();
    try {
      const stop = await start();
      if (stop !== undefined) started.push({ name, stop });
    } catch (error) {
      await stopAll();
      throw error;
    }
    log.debug({ stage: name, milliseconds: Date.now() - from }, 'started');
  }
  return stopAll;
}

/** Throws when it takes longer. What it was waiting for goes on; nobody listens to it any more. */
export async function within<R>(milliseconds: number, work: Promise<R>): Promise<R> {
  const enough = new AbortController();
  const tooLate = after(milliseconds, undefined, { signal: enough.signal, ref: false }).then(
    () => {
      throw new Error(`took longer than ${milliseconds} ms`);
    },
    () => work,
  );
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    enough.abort();
  }
}
