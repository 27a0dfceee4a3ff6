import { expect, test } from '@jest/globals';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import fc from 'fast-check';
import type { Frozen } from '../packed/frozen.ts';
import { createSerialIndex, type SerialIndex } from './serial-index.ts';

const range = (first: number, last: number, prefix = 'IP'): SerialRange => ({ gtin: '06901234567892', prefix, width: 9, first, last }); // prettier-ignore

const written = ({ meta, parts }: Frozen): Frozen => ({
  meta: structuredClone(meta),
  parts: Object.fromEntries(Object.entries(parts).map(([name, pieces]) => [name, pieces.map((piece) => piece.slice())])), // prettier-ignore
});

interface Told {
  readonly lot: number;
  readonly range: SerialRange;
}

/** Looked for in all that was told. */
const obvious = (told: readonly Told[], wanted: SerialRange): number[] =>
  [...new Set(told.filter((one) => one.range.prefix === wanted.prefix && one.range.first <= wanted.last && one.range.last >= wanted.first).map(({ lot }) => lot))].sort((a, b) => a - b); // prettier-ignore

const sorted = (index: SerialIndex, wanted: SerialRange): number[] => index.lotsWith(wanted).sort((a, b) => a - b);

const anyTold = (most: number) =>
  fc.record({ lot: fc.nat({ max: 40 }), range: fc.tuple(fc.nat({ max: most }), fc.nat({ max: 30 }), fc.constantFrom('IP', 'XY')).map(([first, length, prefix]) => range(first, first + length, prefix)) }); // prettier-ignore

test('finds the lots of a range, in whatever order ranges came, before and after a snapshot', () => {
  const questions = fc.array(fc.tuple(fc.nat({ max: 420 }), fc.nat({ max: 20 })), { minLength: 5, maxLength: 20 });
  const told = fc.array(anyTold(400), { maxLength: 120 });
  fc.assert(
    fc.property(told, told, questions, (before, after, asked) => {
      const index = createSerialIndex();
      for (const { lot, range: one } of before) index.note(lot, [one]);
      const frozen = index.freeze();
      for (const { lot, range: one } of after) index.note(lot, [one]);
      const again = createSerialIndex();
      again.thaw(written(frozen));
      for (const [first, length] of asked) {
        const wanted = range(first, first + length);
        expect(sorted(index, wanted)).toEqual(obvious([...before, ...after], wanted));
        expect(sorted(again, wanted)).toEqual(obvious(before, wanted));
      }
    }),
  );
});

test('many pieces: in order, backwards, all at one number, and into the middle of what is full', () => {
  const told: Told[] = [];
  const index = createSerialIndex();
  const note = (lot: number, one: SerialRange): void => {
    told.push({ lot, range: one });
    index.note(lot, [one]);
  };
  for (let n = 0; n < 3_000; n++) note(n, range(10 * n, 10 * n + 9));
  for (let n = 2_000; n > 0; n--) note(n, range(10 * n + 5, 10 * n + 6));
  for (let n = 0; n < 2_500; n++) note(n, range(777, 777));
  // Told again: nothing is there twice.
  for (const { lot, range: one } of told.slice(0, 500)) index.note(lot, [one]);
  for (const [first, last] of [
    [0, 0],
    [770, 779],
    [777, 777],
    [778, 790],
    [9_995, 10_015],
    [29_999, 40_000],
  ] as const)
    expect(sorted(index, range(first, last))).toEqual(obvious(told, range(first, last)));
  const { parts } = index.freeze();
  expect(parts['lots']?.reduce((sum, { length }) => sum + length / 4, 0)).toBe(7_500);
});
