import { expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Language } from '../messages.ts';
import { fieldErrors } from './field-errors.ts';
import { words } from './words.ts';

const Lot = z.union([z.string(), z.object({ system: z.string(), code: z.string() })]);
const Range = z
  .object({ gtin: z.string(), first: z.number(), last: z.number() })
  .refine(({ first, last }) => first <= last, words('first must not be after last', 'first 不能大于 last'));
const Root = z.union([
  Lot,
  z.strictObject({ lot: Lot, serials: z.array(Range).optional() }),
  z.strictObject({ serials: z.array(Range) }),
  z.strictObject({ container: z.string() }),
]);
const Body = z.strictObject({ roots: z.array(Root) });

const LOCALES = { en: z.locales.en().localeError, zh: z.locales.zhCN().localeError };

function wrong(value: unknown, language: Language = 'en'): string[] {
  const { error } = Body.safeParse(value, { error: LOCALES[language] });
  return error
    ? fieldErrors(error, language, value).map(({ path, code, message }) => `${path} ${code}: ${message}`)
    : [];
}

test('what is wrong is said of the form that was meant, where it is', () => {
  expect(wrong({ roots: ['L-1', { serials: [{ first: 1, last: 2 }] }] })).toEqual([
    '/roots/1/serials/0/gtin invalid-type: Invalid input: expected string, received undefined',
  ]);
  expect(wrong({ roots: [{ container: 5 }] })).toEqual([
    '/roots/0/container invalid-type: Invalid input: expected string, received number',
  ]);
  expect(wrong({ roots: [{ lot: { system: 'ERP' } }] })).toEqual([
    '/roots/0/lot/code invalid-type: Invalid input: expected string, received undefined',
  ]);
});

test('where no form is closer than the others the answer names what would be one', () => {
  expect(wrong({ roots: [{ box: 'B-1' }] })).toEqual([
    '/roots/0 unrecognized-keys: Unrecognized key: "box"',
    '/roots/0 invalid-union: One of these is needed: system + code, lot, serials, container',
  ]);
  expect(wrong({ roots: [5] })).toEqual([
    '/roots/0 invalid-union: Invalid input: expected string, received number; Invalid input: expected object, received number',
  ]);
  expect(wrong({ roots: [{ box: 'B-1' }] }, 'zh').at(-1)).toBe(
    '/roots/0 invalid-union: 需要其中之一:system + code、lot、serials、container',
  );
});

test('words of our own are in the language of the caller', () => {
  const value = { roots: [{ serials: [{ gtin: '1', first: 3, last: 2 }] }] };
  expect(wrong(value)).toEqual(['/roots/0/serials/0 custom: first must not be after last']);
  expect(wrong(value, 'zh')).toEqual(['/roots/0/serials/0 custom: first 不能大于 last']);
});
