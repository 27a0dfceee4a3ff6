import { expect, test } from '@jest/globals';
import { contains, intersect, type SerialRange } from '@lotwarden/platform/serial-range';
import fc from 'fast-check';
import { lookIn } from './serial-lookup.ts';

const ranges = fc.array(
  fc
    .tuple(fc.constantFrom('1', '2'), fc.constantFrom('A', 'B'), fc.nat({ max: 40 }), fc.nat({ max: 6 }))
    .map(([gtin, prefix, first, more]): SerialRange => ({ gtin, prefix, width: 3, first, last: first + more })),
  { maxLength: 12 },
);

test('what is found in many ranges is what both have in common', () => {
  fc.assert(
    fc.property(ranges, fc.array(ranges, { minLength: 1, maxLength: 5 }), (many, questions) => {
      const { meet, holds } = lookIn(many);
      for (const few of questions) {
        expect(meet(few)).toEqual(intersect(many, few));
        expect(holds(few)).toBe(contains(many, few));
      }
    }),
  );
});
