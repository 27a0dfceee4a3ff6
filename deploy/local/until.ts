import { setTimeout as wait } from 'node:timers/promises';
import { StackError } from './find.ts';

/**
 * Asks again every 50 ms until `attempt` resolves.
 * @throws StackError with the last reason after `limitMs`, or at once when `givenUp` says there is no hope.
 */
export async function until<R>(
  what: string,
  limitMs: number,
  attempt: () => Promise<R>,
  givenUp: () => string | undefined,
): Promise<R> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const hopeless = givenUp();
    if (hopeless !== undefined) throw new StackError(hopeless);
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new StackError(`${what} was not ready after ${Math.round(limitMs / 1000)} s: ${reason}`, {
          cause: error,
        });
      }
    }
    await wait(50);
  }
}
