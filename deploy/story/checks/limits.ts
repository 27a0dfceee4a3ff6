import type { World } from '../world.ts';
import type { ServiceProcess } from '../services.client.ts';

const READY_MS = 3_000;
const MEMORY_MB = 600;
const STORY_MS = 60_000;

/** What the installation may cost on two processors. */
export function limits({ narrator }: World, services: ServiceProcess, storyMs: number): Promise<void> {
  return narrator.step('time and memory against their limits', ({ check, tell }) => {
    const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
    const memory = services.memory();
    tell(`all services in one process, ready in ${(services.readyMs / 1000).toFixed(1)} s`);
    check('within 3 s', services.readyMs <= READY_MS, true);
    if (memory) {
      tell(`${megabytes(memory.now)} MB, at most ${megabytes(memory.peak)} MB`);
      check('within 600 MB', megabytes(memory.peak) <= MEMORY_MB, true);
    }
    tell(`the story took ${(storyMs / 1000).toFixed(1)} s`);
    check('within 60 s', storyMs <= STORY_MS, true);
    return Promise.resolve();
  });
}
