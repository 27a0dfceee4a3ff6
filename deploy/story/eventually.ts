import { setTimeout as pause } from 'node:timers/promises';
import { Refused } from './refused.ts';

const LOOK_AGAIN_MS = 40;
/** What takes longer than this is lost, also while a server is being started again. */
const PATIENCE_MS = 90_000;

/**
 * Reads until the value fits; what has travelled over Kafka is there a moment later. An answer of "not yet" (404, 409)
 * is waited out too. Throws with what was awaited and what was seen last.
 */
export async function eventually<T>(
  awaited: string,
  read: () => Promise<T>,
  fits: (value: T) => boolean,
  patience = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const seen = await read().then(
      (value) => ({ value }),
      (error: unknown) => {
        if (error instanceof Refused && (error.status === 404 || error.status === 409)) return { error };
        throw error;
      },
    );
    if ('value' in seen && fits(seen.value)) return seen.value;
    if (Date.now() > deadline) {
      const last = 'value' in seen ? JSON.stringify(seen.value).slice(0, 600) : seen.error.message;
      throw new Error(`waited ${patience / 1000} s for ${awaited}; last seen: ${last}`);
    }
    await pause(LOOK_AGAIN_MS);
  }
}
