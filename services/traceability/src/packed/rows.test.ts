import { expect, test } from '@jest/globals';
import { createFewRows, createRows, type Rows } from './rows.ts';

const valuesOf = (rows: Rows, row: number): number[] => {
  const found: number[] = [];
  rows.each(row, (value) => found.push(value));
  return found.sort((a, b) => a - b);
};

test('rows hold what sets would, whenever blocks are made anew, and after a snapshot', () => {
  const made = [1, 7, 1_000_000].map((mostWaiting) => () => createRows(mostWaiting));
  for (const make of [...made, createFewRows]) {
    let rows = make();
    const sets = new Map<number, Set<number>>();
    let state = 11;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    for (let step = 0; step < 3_000; step++) {
      const row = random(4) === 0 ? 16_384 * random(3) + random(20) : random(9);
      const value = random(40);
      const set = sets.get(row) ?? new Set();
      sets.set(row, set);
      if (random(5) === 0) {
        rows.remove(row, value);
        set.delete(value);
      } else {
        expect(rows.add(row, value)).toBe(!set.has(value));
        set.add(value);
      }
      if (step === 1_500) {
        const frozen = rows.freeze();
        rows = make();
        rows.thaw(frozen);
      }
    }
    for (const [row, set] of sets) {
      expect(valuesOf(rows, row)).toEqual([...set].sort((a, b) => a - b));
      for (let value = 0; value < 40; value++) expect(rows.has(row, value)).toBe(set.has(value));
    }
    expect(valuesOf(rows, 77_777)).toEqual([]);
  }
});
