import { setTimeout as pause } from 'node:timers/promises';

/** Waits, or until told to stop; then it has done its part. */
export async function pauseUnless(stopped: AbortSignal, milliseconds: number): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal: stopped });
  } catch (error) {
    if ((error as { readonly name?: unknown }).name !== 'AbortError') throw error;
  }
}
