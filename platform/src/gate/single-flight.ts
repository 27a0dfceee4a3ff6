import { setTimeout as pause } from 'node:timers/promises';

export interface SingleFlight {
  /** Asks for one more run; a run that is under way is followed by one more, however often it is asked. */
  request(): void;
  /** Resolves when nothing runs any more. */
  settled(): Promise<void>;
}

const RETRY_MS = 1_000;

/** Runs one thing at a time, again while asked for, and after a pause where it failed, until aborted. */
export function singleFlight(
  run: () => Promise<void>,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): SingleFlight {
  let requested = false;
  let running: Promise<void> | undefined;

  const aborted = (): boolean => signal.aborted;

  async function loop(): Promise<void> {
    while (requested && !aborted()) {
      requested = false;
      try {
        await run();
      } catch (error) {
        if (aborted()) return;
        onFailure(error);
        requested = true;
        await pause(RETRY_MS, undefined, { signal }).catch(ignoreIf(aborted));
      }
    }
  }

  const request = (): void => {
    requested = true;
    running ??= loop().finally(() => {
      running = undefined;
      if (requested && !aborted()) request();
    });
  };
  return { request, settled: async () => running };
}

const ignoreIf =
  (aborted: () => boolean) =>
  (error: unknown): void => {
    if (!aborted()) throw error;
  };
