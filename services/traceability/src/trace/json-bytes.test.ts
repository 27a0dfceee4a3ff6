import { expect, test } from '@jest/globals';
import { createInterner } from '../genealogy/interner.ts';
import { createWriter, type Reader } from '../packed/bytes.ts';
import { writeAscii, writeJson, writeKept, writeText, writeWhole } from './json-bytes.ts';

const textOf = (write: (out: ReturnType<typeof createWriter>) => void): string => {
  const out = createWriter(1);
  write(out);
  return new TextDecoder().decode(out.bytes.subarray(0, out.size));
};

const TEXTS = [
  '',
  'L-1042',
  'a "quoted" one',
  'back\\slash',
  'tab\tand\u0000',
  '批次',
  '🙂',
  '\u007f',
  'x'.repeat(5_000),
];

test('texts, also those that are kept as bytes, are written as JSON would write them', () => {
  const kept = createInterner();
  const from: Reader = { bytes: new Uint8Array(0), at: 0, self: '' };
  for (const text of TEXTS) {
    expect(textOf((out) => writeText(out, text))).toBe(JSON.stringify(text));
    const length = kept.locate(kept.intern(text), from);
    const written = textOf((out) => {
      if (!writeKept(out, from, length)) writeAscii(out, 'escaped');
    });
    expect(written === 'escaped' ? JSON.stringify(text).includes('\\') : written === JSON.stringify(text)).toBe(true);
  }
});

test('whole numbers, and JSON that is there, are written as they are', () => {
  for (const value of [0, 7, 10, 99, 100, 12_345, 999_999_999, 1_000_000_000, 2 ** 31, Number.MAX_SAFE_INTEGER])
    expect(textOf((out) => writeWhole(out, value))).toBe(String(value));
  expect(textOf((out) => writeJson(out, '{"a":"批"}'))).toBe('{"a":"批"}');
});
