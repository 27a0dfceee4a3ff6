import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { milliseconds } from './instant.ts';

test('milliseconds are what Date.parse says, for every moment that we write and for what is none', () => {
  const written = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const parts = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 8, maxLength: 8 });
  const two = (number: number | undefined): string => String(number ?? 0).padStart(2, '0');
  const shaped = parts.map(([a, b, c, d, e, f, g, h]) => `${two(a)}${two(b)}-${two(c)}-${two(d)}T${two(e)}:${two(f)}:${two(g)}.${two(h)}0Z`); // prettier-ignore
  const nearly = fc.constantFrom(
    '2026-02-31T00:00:00.000Z',
    '2024-02-29T23:59:59.999Z',
    '2026-13-01T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-01-01T00:00:0x.000Z',
    '2026-01-01T00:00:00.000+01:00',
    '2026-01-01T00:00:00Z',
    '',
  );
  fc.assert(
    fc.property(fc.oneof(written, shaped, nearly), (text) => expect(milliseconds(text)).toBe(Date.parse(text))),
    { numRuns: 1_000 },
  );
});
