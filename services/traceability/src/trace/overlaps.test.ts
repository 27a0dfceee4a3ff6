import { expect, test } from '@jest/globals';
import { intersect, type SerialRange } from '@lotwarden/platform/serial-range';
import fc from 'fast-check';
import { createOverlaps } from './overlaps.ts';

const range = fc
  .record({ prefix: fc.constantFrom('A', 'B'), first: fc.nat({ max: 60 }), more: fc.nat({ max: 12 }) })
  .map(({ prefix, first, more }): SerialRange => ({
    gtin: '06901234567892',
    prefix,
    width: 4,
    first,
    last: first + more,
  }));

test('what has serials in common is found, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.array(range, { maxLength: 3 })), fc.array(range, { maxLength: 3 }), (items, asked) => {
      const overlaps = createOverlaps(items.map((serials, index) => [index, serials] as const));
      const expected = items.flatMap((serials, index) => (intersect(serials, asked).length > 0 ? [index] : []));
      expect([...overlaps(asked)].sort((a, b) => a - b)).toEqual(expected);
    }),
  );
});
