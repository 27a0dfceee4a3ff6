import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryDecimal } from '../test/arbitrary-event.ts';
import { decimalFromBytes, decimalToBytes } from './decimal.ts';

test('every decimal of the schema comes back as it was', () => {
  fc.assert(
    fc.property(arbitraryDecimal(28, 9), (text) => {
      expect(decimalFromBytes(decimalToBytes(text, 28, 9), 28, 9)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test('the bytes are those of the Avro specification', () => {
  const hex = (text: string): string => decimalToBytes(text, 28, 9).toString('hex');
  expect(hex('0')).toBe('00');
  expect(hex('0.000000001')).toBe('01');
  expect(hex('-0.000000001')).toBe('ff');
  expect(hex('0.000000128')).toBe('0080');
  expect(hex('-0.000000128')).toBe('80');
  expect(hex('1')).toBe('3b9aca00');
  expect(hex('99999999999999999.999999999')).toBe('52b7d2dcc80cd2e3ffffff');
});

test('what means the same is written the same', () => {
  for (const text of ['-0', '0.0', '-0.000']) expect(decimalFromBytes(decimalToBytes(text, 28, 9), 28, 9)).toBe('0');
  expect(decimalFromBytes(decimalToBytes('12.5000000000000', 28, 9), 28, 9)).toBe('12.5');
});

test('padding by sign extension is read, as other writers may leave it', () => {
  expect(decimalFromBytes(Buffer.from('ffffffffffffffffff', 'hex'), 28, 9)).toBe('-0.000000001');
  expect(decimalFromBytes(Buffer.from('00000000000000000001', 'hex'), 28, 9)).toBe('0.000000001');
  expect(decimalFromBytes(Buffer.alloc(0), 28, 9)).toBe('0');
});

test.each(['', '1e3', '+1', '.5', '1.', '01', ' 1', 'NaN', '1,5', '0x1', '１'])('%j is no plain decimal', (text) => {
  expect(() => decimalToBytes(text, 28, 9)).toThrow('not a plain decimal');
});

test('nothing is rounded: too many decimals or digits are refused', () => {
  expect(() => decimalToBytes('0.0000000001', 28, 9)).toThrow('more than 9 decimals');
  expect(() => decimalToBytes('10000000000000000000', 28, 9)).toThrow('more than 28 digits');
  expect(decimalToBytes('9999999999999999999.999999999', 28, 9)).toHaveLength(12);
  expect(() => decimalFromBytes(Buffer.alloc(12, 0x7f), 28, 9)).toThrow('more than 28 digits');
  expect(() => decimalFromBytes(Buffer.alloc(1_000_000, 0x7f), 28, 9)).toThrow('a decimal of 1000000 bytes');
});
