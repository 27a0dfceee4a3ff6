import { expect, test } from '@jest/globals';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

const text = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('a traceparent reads and writes as it was', () => {
  expect(formatTraceparent(parseTraceparent(text)!)).toBe(text);
});

test.each([
  '',
  'nonsense',
  text.replace('00-', 'ff-'),
  text.toUpperCase(),
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
])('%p is none', (given) => expect(parseTraceparent(given)).toBeUndefined());
