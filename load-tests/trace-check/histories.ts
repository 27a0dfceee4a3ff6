import { REALISTIC, runFactory } from '../generator/factory.ts';
import type { Shape } from '../generator/floor.ts';
import { createRandom } from '../generator/random.ts';
import type { Happening } from '../generator/world.ts';

/** A small factory that the seed draws: plants, levels, length, and every third of them with dirty data. */
export function historyOf(seed: number): Happening[] {
  const random = createRandom(seed);
  const shape: Shape = {
    ...REALISTIC,
    plants: random.between(1, 3),
    operations: random.between(20, 60),
    levels: random.between(1, 4),
    open: random.between(3, 9),
    strangeNames: random.chance(0.5) ? 0.25 : 0.05,
    work: {
      ...REALISTIC.work,
      ...(random.chance(0.5) ? {} : { split: 30, merge: 30, rework: 40, void: 10 }),
      // In every factory; in every other of them most of what is done.
      ...(random.chance(0.5)
        ? { assemble: 4, repair: 4, unbuild: 3, giveBack: 3, substitute: 2, relabel: 4 }
        : { assemble: 60, repair: 60, unbuild: 10, giveBack: 10, substitute: 5, relabel: 20 }),
    },
    machines: random.chance(0.7) ? 0.6 : 0.1,
    dirt: random.chance(0.33) ? 0.3 : 0,
  };
  return [...runFactory(shape, seed)];
}
