import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Frozen } from '../packed/frozen.ts';
import { createInterner, type Interner } from './interner.ts';

test('each text has the number that a Map would give it, in the order in which they came, and is had back by it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 400 }), (texts) => {
      const interner = createInterner();
      const numbers = new Map<string, number>();
      for (const text of texts.map((one) => one.toWellFormed())) {
        const known = numbers.get(text);
        expect(interner.find(text)).toBe(known);
        if (known === undefined) numbers.set(text, numbers.size);
        expect(interner.intern(text)).toBe(numbers.get(text));
      }
      expect(interner.size).toBe(numbers.size);
      for (const [text, number] of numbers)
        expect([interner.find(text), interner.text(number)]).toEqual([number, text]);
      expect(() => interner.text(numbers.size)).toThrow(RangeError);
    }),
  );
});

test('tables grow; a text longer than a piece is kept whole', () => {
  const interner = createInterner();
  for (let index = 0; index < 20_000; index++) interner.intern(`lot-${index}`);
  for (let index = 0; index < 20_000; index++)
    if (interner.find(`lot-${index}`) !== index) throw new Error(`lot-${index}`);
  const long = 'x'.repeat(1_200_000);
  expect([interner.intern('a'), interner.intern(long), interner.intern('b')]).toEqual([20_000, 20_001, 20_002]);
  expect(interner.text(20_001) === long).toBe(true);
  expect(interner.find(`${long}y`)).toBeUndefined();
  expect(interner.text(20_002)).toBe('b');
  expect(() => interner.text(-1)).toThrow(RangeError);
});

test('what is frozen is what there was, although more comes while its bytes are saved; a thawed one goes on', () => {
  const interner = createInterner();
  for (let index = 0; index < 5_000; index++) interner.intern(`lot-${index}`);
  const frozen = interner.freeze();
  for (let index = 5_000; index < 6_000; index++) interner.intern(`lot-${index}`);
  const saved = Object.fromEntries(
    Object.entries(frozen.parts).map(([name, pieces]) => [name, pieces.map((piece) => piece.slice())]),
  );
  const thawed = createInterner();
  thawed.thaw({ meta: frozen.meta, parts: saved });
  expect(thawed.size).toBe(5_000);
  expect(thawed.find('lot-5500')).toBeUndefined();
  for (let index = 0; index < 5_000; index++)
    if (thawed.find(`lot-${index}`) !== index) throw new Error(`lot-${index}`);
  for (let index = 9_999; index > 4_999; index--) thawed.intern(`lot-${index}`);
  expect(thawed.text(5_000)).toBe('lot-9999');
  expect([thawed.size, interner.size]).toEqual([10_000, 6_000]);
});

test('tables that nobody asked between two snapshots find the same, also with entries of what came after the first', () => {
  const saved = (interner: Interner, later: readonly string[]): Interner => {
    const frozen = interner.freeze();
    for (const text of later) interner.intern(text);
    const parts = Object.entries(frozen.parts).map(([name, pieces]) => [name, pieces.map((piece) => piece.slice())]);
    const thawed = createInterner();
    thawed.thaw({ meta: frozen.meta, parts: Object.fromEntries(parts) as Frozen['parts'] });
    return thawed;
  };
  const first = createInterner();
  for (let index = 0; index < 5_000; index++) first.intern(`lot-${index}`);
  const late = Array.from({ length: 1_000 }, (_, index) => `late-${index}`);
  const second = saved(first, late);
  const others = Array.from({ length: 200 }, (_, index) => `other-${index}`);
  for (const text of others) second.intern(text);
  const third = saved(second, []);
  for (const text of late) expect(third.find(text)).toBeUndefined();
  for (const text of [...others, ...late]) third.intern(text);
  for (const text of [...others, ...late]) expect(third.text(third.find(text) ?? -1)).toBe(text);
  for (let index = 0; index < 5_000; index++) expect(third.find(`lot-${index}`)).toBe(index);
  expect(third.size).toBe(6_200);
});
