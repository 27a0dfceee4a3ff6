import { expect, test } from '@jest/globals';
import { v5 as uuidV5 } from 'uuid';
import { gs1CheckDigit, isGtin14, isSscc, lotId, placeholderLotId } from './ids.ts';
import { localDate } from './instant.ts';

test('a lot id carries kind, site, local date and sequence', () => {
  expect(lotId('M', 'SZ1', localDate('2026-03-01T18:30:00.000Z', 'Asia/Shanghai'), 42)).toBe('M-SZ1-260302-00042');
  expect(() => lotId('M', 'SZ1', '2026-03-01', 100_000)).toThrow('lot-sequence-exhausted');
});

test('a placeholder is the UUID of its alias in the namespace of placeholders, whatever script it is written in', () => {
  for (const code of ['B-77', '', '批号 42', '🙂', 'naïve', 'x'.repeat(500)])
    expect(placeholderLotId({ system: 'supplier:A', code })).toBe(
      `X-${uuidV5(`supplier:A|${code}`, '6f1c9f5e-1f0b-5d0c-9a57-7f3f8a1b2c4d')}`,
    );
});

test('the same unknown alias gives the same placeholder everywhere', () => {
  const ref = { system: 'MES-A', code: 'B-77' };
  expect(placeholderLotId(ref)).toBe(placeholderLotId({ ...ref }));
  expect(placeholderLotId(ref)).not.toBe(placeholderLotId({ system: 'MES-B', code: 'B-77' }));
});

test('GS1 check digits', () => {
  expect(gs1CheckDigit('0952012345678')).toBe('8');
  expect(isGtin14('09520123456788')).toBe(true);
  expect(isGtin14('09520123456789')).toBe(false);
  expect(isSscc('106141412345678908')).toBe(true);
});
