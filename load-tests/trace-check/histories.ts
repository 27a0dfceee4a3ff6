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
    work: random.chance(0.5) ? REALISTIC.work : { ...REALISTIC.work, split: 30, merge: 30, rework: 40, void: 10 },
    machines: random.chance(0.7) ? 0.6 : 0.1,
    dirt: random.chance(0.33) ? 0.3 : 0,
  };
  return [...runFactory(shape, seed)];
}
