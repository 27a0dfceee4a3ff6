import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Frozen } from './frozen.ts';
import { createLists } from './lists.ts';

const listed = (lists: ReturnType<typeof createLists>, name: string) => {
  const { numbers, values, size } = lists.get(name);
  return { numbers: [...numbers.subarray(0, size)], values: [...values.subarray(0, size)] };
};

/** Bytes of their own, as a snapshot on disk has. */
const written = ({ meta, parts }: Frozen): Frozen => ({
  meta: structuredClone(meta),
  parts: Object.fromEntries(Object.entries(parts).map(([name, pieces]) => [name, pieces.map((piece) => piece.slice())])), // prettier-ignore
});

test('short ones and long ones hold every number once, in whatever way they became long', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 150 })), { maxLength: 400 }),
      (told) => {
        const lists = createLists();
        for (const [name, number] of told) lists.add(name, number);
        for (const name of ['a', 'b', 'c', 'nobody']) {
          const expected = new Set(told.filter(([one]) => one === name).map(([, number]) => number));
          expect(new Set(listed(lists, name).numbers)).toEqual(expected);
        }
      },
    ),
  );
});

test('measured values stand beside their numbers, also the same number twice', () => {
  const lists = createLists();
  for (let n = 0; n < 10; n++) lists.add('temperature', 7, n / 2);
  expect(listed(lists, 'temperature')).toEqual({ numbers: Array(10).fill(7), values: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5] }); // prettier-ignore
});

test('what was frozen is as it was, whatever came later; what is thawed goes on', () => {
  const lists = createLists();
  const add = (from: number, to: number, into = lists): void => {
    for (let n = from; n < to; n++) {
      into.add('long', n);
      into.add(`short ${String(n % 40)}`, n);
      into.add('measured', n, n / 4);
    }
  };
  add(0, 200);
  const frozen = lists.freeze();
  add(200, 500);
  const again = createLists();
  again.thaw(written(frozen));
  for (const until of [200, 500]) {
    expect(listed(again, 'long').numbers).toEqual(Array.from({ length: until }, (_, n) => n));
    expect(listed(again, 'short 7').numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: Math.ceil((until - 7) / 40) }, (_, n) => 7 + 40 * n)); // prettier-ignore
    expect(listed(again, 'measured').values.at(-1)).toBe((until - 1) / 4);
    expect(listed(again, 'measured').values).toHaveLength(until);
    if (until === 200) add(200, 500, again);
  }
});
