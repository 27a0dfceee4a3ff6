import type { Floor, Shape } from './floor.ts';
import { closePlant, runPlant } from './plant.ts';
import { createRandom } from './random.ts';
import type { Happening } from './world.ts';

/** A maker of devices with everything that happens to it; `operations` and `plants` are what is mostly changed. */
export const REALISTIC: Shape = {
  plants: 2,
  operations: 200,
  levels: 3,
  open: 12,
  inputs: [1, 4],
  work: { make: 60, split: 8, merge: 5, rework: 8, pack: 5, sterilise: 6, scrap: 3, void: 5 },
  machines: 0.3,
  movements: 0.8,
  strangeNames: 0.1,
  dirt: 0,
};

/** What happens in all plants, turn by turn; the same seed and shape give the same factory. */
export function* runFactory(shape: Shape, seed: number): Generator<Happening> {
  const floors: Floor[] = [];
  for (const plant of Array(shape.plants).keys()) {
    const counters = new Map<string, number>();
    floors.push({
      site: `PL${String(plant + 1)}`,
      shape,
      random: createRandom(seed * 1_000_003 + plant),
      levels: Array.from({ length: shape.levels + 1 }, () => []),
      boxes: [],
      loads: [],
      line: { now: 0, mounted: [], loads: [] },
      held: [],
      fitted: [],
      onTheWay: [],
      done: [],
      neighbours: floors,
      next: (kind) => {
        const count = (counters.get(kind) ?? 0) + 1;
        counters.set(kind, count);
        return count;
      },
    });
  }
  const plants = floors.map((floor) => runPlant(floor));
  for (let done = 0; done < shape.operations;)
    for (const plant of plants)
      for (const happening of turnOf(plant)) {
        if (happening.what === 'operation') done += 1;
        yield happening;
      }
  for (const floor of floors) yield* closePlant(floor);
}

/** A plant never comes to an end by itself. */
function turnOf(plant: Generator<Happening[], undefined>): Happening[] {
  return plant.next().value ?? [];
}
