import type { ServiceProcess } from '../services.client.ts';
import type { World } from '../world.ts';

const READY_MS = 3_000;
const MEMORY_MB = 600;
const STORY_MS = 60_000;

/**
 * What the installation may cost on two processors. Memory is a claim; time is told beside its limit, since a machine
 * that does something else meanwhile says nothing about us.
 */
export function limits({ narrator }: World, services: ServiceProcess, storyMs: number): Promise<void> {
  return narrator.step('time and memory beside their limits', ({ check, tell }) => {
    const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
    const beside = (ms: number, limit: number) =>
      `${(ms / 1000).toFixed(2)} s (${ms > limit ? 'over' : 'within'} the limit of ${limit / 1000} s)`;
    tell(`all services in one process, ready after ${beside(services.readyMs, READY_MS)}`);
    tell(`the story took ${beside(storyMs, STORY_MS)}`);
    const memory = services.memory();
    if (memory) {
      tell(`memory ${megabytes(memory.now)} MB, at most ${megabytes(memory.peak)} MB`);
      check(`within ${MEMORY_MB} MB`, megabytes(memory.peak) <= MEMORY_MB, true);
    }
    return Promise.resolve();
  });
}
