import { expect, test } from '@jest/globals';
import { createInterner } from '../genealogy/interner.ts';
import { createWriter, readText, writeText } from './bytes.ts';
import { json, list, moment, nullable, number, oneOf, record, setOf, sharedFields, type Field } from './fields.ts';

const again = <T>(field: Field<T>, value: T, self = ''): { value: T; bytes: number } => {
  const out = createWriter();
  out.self = self;
  field.write(out, value);
  const from = { bytes: out.bytes.slice(0, out.size), at: 0, self };
  const read = field.read(from);
  expect(from.at).toBe(out.size);
  from.at = 0;
  field.skip?.(from);
  expect(from.at).toBe(field.skip ? out.size : 0);
  return { value: read, bytes: out.size };
};

const shared = sharedFields(createInterner());

test('numbers and texts come back, whatever their size', () => {
  for (const value of [
    0,
    1,
    127,
    128,
    16_383,
    16_384,
    2 ** 28,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32,
    2 ** 40,
    Number.MAX_SAFE_INTEGER,
  ])
    // prettier-ignore
    expect(again(number, value).value).toBe(value);
  for (const value of ['', 'a', 'x'.repeat(10_000), 'naïve', '批号 42', '🙂'.repeat(3_000)]) {
    expect(again({ write: writeText, read: readText }, value).value).toBe(value);
    expect(again(shared.term, value).value).toBe(value);
    expect(again(shared.name, value, 'a').value).toBe(value);
  }
});

test('a decimal and a moment come back to the letter, odd ones too', () => {
  for (const value of [
    '0',
    '1',
    '-1',
    '0.5',
    '-0.5',
    '1.50',
    '0.000000001',
    '123456789012345',
    '1234567890123456789.123456789',
    '00.5',
    '1e3',
    '-0',
    '',
    'NaN',
  ])
    // prettier-ignore
    expect(again(shared.quantity, { value, unit: 'KGM' }).value).toEqual({ value, unit: 'KGM' });
  for (const value of [
    '2026-11-01T08:00:00.000Z',
    '1970-01-01T00:00:00.000Z',
    '1969-01-01T00:00:00.000Z',
    '2026-11-01T08:00:00Z',
    '2026-02-31T08:00:00.000Z',
    '2026-02-28T24:00:00.000Z',
    '2026-13-01T08:00:00.000Z',
    '2028-02-29T23:59:59.999Z',
    '2026-11-01T08:00:00+02:00',
    '',
    'soon',
    '9999-12-31T23:59:59.999Z',
  ])
    // prettier-ignore
    expect(again(moment, value).value).toBe(value);
  expect(again(moment, '2026-11-01T08:00:00.000Z').bytes).toBe(6);
});

test('a name that contains the own one, and an incarnation, takes few bytes', () => {
  const id = 'OP-SZ1-000001:3.0@8c5b1c5e-8b7f-4c7c-9a9e-0d6f3f5a1b2c';
  expect(again(shared.name, id, 'OP-SZ1-000001')).toEqual({ value: id, bytes: 3 });
  for (const name of ['OP-SZ1-000001', '@', 'a@', '@b', 'a@b@c']) {
    expect(again(shared.name, name, 'OP-SZ1-000001').value).toBe(name);
    expect(again(shared.name, name).value).toBe(name);
  }
});

test('records, lists, sets, and what may be missing', () => {
  const field = record<{ a: number | null; b: string[]; c: Set<string>; d: 'x' | 'y'; e: unknown }>({
    a: nullable(number),
    b: list(shared.term),
    c: setOf(shared.name),
    d: oneOf(['x', 'y']),
    e: json(),
  });
  const full = { a: 5, b: ['p', 'q'], c: new Set(['r']), d: 'y' as const, e: { f: [1, null] } };
  expect(again(field, full).value).toEqual(full);
  const empty = { a: null, b: [], c: new Set<string>(), d: 'x' as const, e: null };
  expect(again(field, empty).value).toEqual(empty);
  expect(() => again(oneOf<string>(['x']), 'z')).toThrow(RangeError);
  expect(again(shared.serials, [{ gtin: '06901234567892', prefix: 'IP', width: 6, first: 1, last: 900_000 }]).value).toEqual([
    { gtin: '06901234567892', prefix: 'IP', width: 6, first: 1, last: 900_000 },
  ]); // prettier-ignore
});
