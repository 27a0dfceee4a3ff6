import { expect, test } from '@jest/globals';
import { disorder } from '../generator/disorder.ts';
import { REALISTIC, runFactory } from '../generator/factory.ts';
import { placeholderOf } from '../generator/placeholder.ts';
import { publish } from '../generator/publish.ts';
import { createRandom } from '../generator/random.ts';
import { placeholderLotId } from '@lotwarden/platform/ids';
import { compare, questionsAbout, tracesAbout } from './compare.ts';
import { historyOf } from './histories.ts';

const SERIES = Array.from({ length: 10 }, (_, n) => n * 15 + 1);

/** The short form of `make trace-check`: 150 factories. */
test.each(SERIES)('fast and slow answers agree about 15 random factories, from seed %i', (first) => {
  const seeds = Array.from({ length: 15 }, (_, n) => first + n);
  const found = seeds.flatMap((seed) => {
    const history = historyOf(seed);
    return compare(history, questionsAbout(history, seed), seed, tracesAbout(history, seed)).map((mismatch) => ({
      seed,
      ...mismatch,
    }));
  });
  expect(found.slice(0, 1)).toEqual([]);
});

test('the same seed gives the same factory, and all that a reader needs of it in whatever disorder', () => {
  const told = (seed: number) => [...publish(runFactory(REALISTIC, seed))];
  expect(told(7)).toEqual(told(7));
  expect(told(8)).not.toEqual(told(7));
  const late = [...disorder(told(7), createRandom(1), { late: 0.5, twice: 0.3, most: 20 })];
  expect(new Set(late.map(({ topic, id }) => `${topic} ${id}`)).size).toBe(told(7).length);
  expect(late.length).toBeGreaterThan(told(7).length);
});

test('a placeholder is the one that every service mints', () => {
  const ref = { system: 'MES-A|B', code: 'x|1' };
  expect(placeholderOf(ref)).toBe(placeholderLotId(ref));
});
