import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createInterner } from './interner.ts';

test('each text has one number, in the order in which they came, and is had back by it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 400 }), (texts) => {
      const interner = createInterner();
      const numbers = new Map<string, number>();
      for (const text of texts.map((one) => one.toWellFormed())) {
        const known = numbers.get(text);
        expect(interner.find(text)).toBe(known);
        expect(interner.intern(text)).toBe(known ?? numbers.size);
        if (known === undefined) numbers.set(text, numbers.size);
      }
      expect(interner.size).toBe(numbers.size);
      for (const [text, number] of numbers) expect([interner.find(text), interner.text(number)]).toEqual([number, text]);
    }),
  );
});

test('it grows, and what was found before is found', () => {
  const interner = createInterner();
  const names = Array.from({ length: 50_000 }, (_, index) => `F-SZ1-260115-${String(index).padStart(5, '0')}`);
  names.forEach((name, index) => expect(interner.intern(name)).toBe(index));
  for (const index of [0, 1, 63, 64, 4_711, 49_999]) {
    expect(interner.text(index)).toBe(names[index]);
    expect(interner.find(names[index] ?? '')).toBe(index);
  }
  expect(interner.find('F-SZ1-260115-50000')).toBeUndefined();
});

test('a number that no text has is an error', () => {
  const interner = createInterner();
  interner.intern('');
  expect(interner.text(0)).toBe('');
  expect(() => interner.text(1)).toThrow(RangeError);
  expect(() => interner.text(-1)).toThrow(RangeError);
});
