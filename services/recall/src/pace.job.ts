import type { Log } from '@lotwarden/platform/log';

export interface Pace {
  /** Something happened that it should look at, soon. */
  nudge(): void;
  start(): () => Promise<void>;
}

interface Paced {
  readonly name: string;
  readonly log: Log;
  /** Milliseconds between two rounds when all is quiet. */
  readonly every: number;
  /** Milliseconds between two rounds while there is something to do, or soon after a nudge. */
  readonly soon: number;
  /** One round; tells whether there was something to do. What it finds to do it reads from the database, each time anew. */
  readonly run: (signal: AbortSignal) => Promise<boolean>;
}

/** How long a nudge is believed: what it announces may be committed only after it. */
const BELIEVED = 2_000;

/**
 * Rounds by this process's own clock: a freeze must go on when Redis is away. Every replica has its own; what they do
 * is decided by documents, so doing it twice does it once. A failed round is told and tried again.
 */
export function pace({ name, log, every, soon, run }: Paced): Pace {
  let nudgedAt = 0;
  let waiting: (() => void) | undefined;

  return {
    nudge: () => {
      nudgedAt = Date.now();
      waiting?.();
    },
    start: () => {
      const stopping = new AbortController();
      const { signal } = stopping;
      const stopped = (): boolean => signal.aborted;

      const rest = (milliseconds: number, interruptible: boolean): Promise<void> =>
        new Promise((resolve) => {
          const end = (): void => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            waiting = undefined;
            resolve();
          };
          const timer = setTimeout(end, milliseconds);
          signal.addEventListener('abort', end);
          if (interruptible) waiting = end;
        });

      const rounds = async (): Promise<void> => {
        while (!stopped()) {
          let busy = false;
          try {
            busy = await run(signal);
          } catch (error) {
            if (!stopped()) log.error({ err: error, loop: name }, 'a round failed; it is tried again');
          }
          if (stopped()) return;
          if (!busy && Date.now() - nudgedAt > BELIEVED) await rest(every, true);
          await rest(soon, false);
        }
      };
      const running = rounds();
      return async () => {
        stopping.abort();
        await running;
      };
    },
  };
}
