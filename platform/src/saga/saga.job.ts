import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../log/log.ts';
import type { Saga } from './saga.store.ts';

interface Watching {
  readonly sagas: readonly Saga[];
  readonly log: Log;
  readonly beat: () => void;
  /** Milliseconds between looks; 500 if absent. */
  readonly every?: number;
}

/**
 * Looks for lapsed deadlines in MongoDB by this process's own clock: a recall must escalate also when Redis is away.
 * Several replicas may look at once, as a saga changes by its version only. Returns how to end it.
 */
export function watchDeadlines({ sagas, log, beat, every = 500 }: Watching): () => Promise<void> {
  const stopped = new AbortController();
  const { signal } = stopped;

  /** A pause that the stop has cut short. */
  const unlessStopped = (error: unknown): void => {
    if (!signal.aborted) throw error;
  };

  const look = async (): Promise<void> => {
    for (const saga of sagas) {
      try {
        await saga.lapse();
      } catch (error) {
        log.error({ err: error, saga: saga.name }, 'deadlines could not be looked at; tried again in the next round');
      }
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await look();
      beat();
      await pause(every, undefined, { signal }).catch(unlessStopped);
    }
  };
  const running = sagas.length > 0 ? run() : Promise.resolve();
  return async () => {
    stopped.abort();
    await running;
  };
}
