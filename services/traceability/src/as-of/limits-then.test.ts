import { expect, test } from '@jest/globals';
import { limitsThen } from './limits-then.ts';

test('an answer about the past is complete only if nothing of then is untold, missing, or recorded later', () => {
  const now = { offsets: [], untold: [] };
  expect(limitsThen(now, [], 0)).toEqual({ offsets: [], complete: true, gaps: [] });
  expect(limitsThen({ ...now, untold: ['owner-parked mes-bridge mes.inbound.v1 (3)'] }, [], 0)).toMatchObject({
    complete: false,
    gaps: ['owner-parked mes-bridge mes.inbound.v1 (3)'],
  });
  expect(limitsThen(now, ['lot-undeclared F1'], 2)).toMatchObject({
    complete: false,
    gaps: ['lot-undeclared F1', expect.stringMatching(/^recorded-later 2 facts/)],
  });
});
