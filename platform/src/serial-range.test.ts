import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  contains,
  count,
  formatSerial,
  intersect,
  normalise,
  parseSerial,
  scopeTouches,
  subtract,
  takeFirst,
  union,
  unionScopes,
  type SerialRange,
  type SerialScope,
} from './serial-range.ts';

const GTIN = '09520123456788';
const range = (first: number, last: number): SerialRange => ({ gtin: GTIN, prefix: 'A', width: 6, first, last });
const someRanges = fc.array(
  fc.tuple(fc.nat(60), fc.nat(12)).map(([first, length]) => range(first, first + length)),
  { maxLength: 6 },
);
const scope: fc.Arbitrary<SerialScope> = fc.oneof(
  fc.constant({ mode: 'all', ranges: [] }),
  someRanges.map((ranges) => ({ mode: 'only', ranges })),
  someRanges.map((ranges) => ({ mode: 'all-except', ranges })),
);
const members = (ranges: readonly SerialRange[]): Set<number> => {
  const numbers = new Set<number>();
  for (const r of ranges) for (let n = r.first; n <= r.last; n++) numbers.add(n);
  return numbers;
};

test('range algebra is set algebra', () => {
  fc.assert(
    fc.property(someRanges, someRanges, (a, b) => {
      const [sa, sb] = [members(a), members(b)];
      expect(members(union(a, b))).toEqual(new Set([...sa, ...sb].sort((x, y) => x - y)));
      expect(members(subtract(a, b))).toEqual(sa.difference(sb));
      expect([...members(intersect(a, b))].sort()).toEqual([...sa.intersection(sb)].sort());
      expect(count(a)).toBe(sa.size);
      expect(contains(a, b)).toBe(sb.isSubsetOf(sa));
      expect(normalise(normalise(a))).toEqual(normalise(a));
    }),
  );
});

test('a union of scopes touches what either touches, and nothing else', () => {
  fc.assert(
    fc.property(scope, scope, fc.nat(80), (a, b, n) => {
      const goods = [range(n, n)];
      expect(scopeTouches(unionScopes(a, b), goods)).toBe(scopeTouches(a, goods) || scopeTouches(b, goods));
    }),
  );
});

test('goods without serials are touched by any scope that may mean them', () => {
  expect(scopeTouches({ mode: 'only', ranges: [range(1, 2)] }, [])).toBe(true);
  expect(scopeTouches({ mode: 'only', ranges: [] }, [])).toBe(false);
});

test('a serial survives being printed and read', () => {
  const serial = parseSerial(GTIN, 'IP2-000123');
  expect(formatSerial(serial, serial.first)).toBe('IP2-000123');
  expect(() => parseSerial(GTIN, 'no-number-')).toThrow('serial-invalid');
});

test('taking the first serials takes the lowest', () => {
  expect(takeFirst([range(10, 12), range(1, 2)], 3)).toEqual([range(1, 2), range(10, 10)]);
  expect(() => takeFirst([range(1, 2)], 3)).toThrow('serial-range-invalid');
});
