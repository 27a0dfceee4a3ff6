import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { add, compare, convert, multiply, quantity, subtract, sum, zero } from './quantity.ts';

const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 999_999_999 }))
  .map(([whole, fraction]) => quantity(`${String(whole)}.${String(fraction).padStart(9, '0')}`, 'KGM'));

test('addition is exact: what was added can be taken away', () => {
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      expect(subtract(add(a, b), b)).toEqual(a);
      expect(add(a, b)).toEqual(add(b, a));
    }),
  );
});

test('tenths stay tenths', () => {
  const tenths = Array.from({ length: 10 }, () => quantity('0.1', 'EA'));
  expect(sum(tenths, 'EA')).toEqual(quantity('1', 'EA'));
  expect(compare(multiply(quantity('0.1', 'EA'), '3'), quantity('0.3', 'EA'))).toBe(0);
});

test('units are converted by a known factor or refused', () => {
  const table = [{ from: 'KGM', to: 'GRM', factor: '1000' }];
  expect(convert(quantity('1.5', 'KGM'), 'GRM', table)).toEqual(quantity('1500', 'GRM'));
  expect(convert(quantity('1', 'GRM'), 'KGM', table)).toEqual(quantity('0.001', 'KGM'));
  expect(() => convert(quantity('1', 'EA'), 'KGM', table)).toThrow('unit-not-convertible');
  expect(() => add(quantity('1', 'EA'), zero('KGM'))).toThrow('unit-not-convertible');
});

test('what is not an exact decimal is refused', () => {
  for (const text of ['1e3', 'NaN', '', '1.0000000001', '0x10', ' 1'])
    expect(() => quantity(text, 'EA')).toThrow('quantity-invalid');
});
