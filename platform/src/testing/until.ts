import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a condition holds, looking every 10 ms; throws with the condition's text after `timeout` milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, timeout = 20_000): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeout} ms: ${condition.toString()}`);
    await pause(10);
  }
}
