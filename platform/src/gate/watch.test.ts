import { expect, test } from '@jest/globals';
import { closedBecause, STARTING, ticked } from './watch.ts';

const AGE = 5_000;

test('a gate is open only while recall is heard and every hold is applied', () => {
  expect(closedBecause(STARTING, 0, AGE)).toBe('starting');
  const behind = ticked(STARTING, 1_000, 1_000, 3);
  expect(closedBecause(behind, 1_001, AGE)).toBe('behind');
  const open = { ...behind, applied: 3 };
  expect(closedBecause(open, 1_001, AGE)).toBeNull();
  expect(closedBecause(open, 6_001, AGE)).toBe('tick-too-old');
  expect(closedBecause({ ...open, fault: 'digest-mismatch' }, 1_001, AGE)).toBe('digest-mismatch');
});

test('a tick that comes late is no news, and a clock that runs ahead gains nothing', () => {
  const open = { ...STARTING, applied: 3 };
  expect(closedBecause(ticked(open, 1_000, 60_000, 3), 60_000, AGE)).toBe('tick-too-old');
  expect(closedBecause(ticked(open, 900_000, 60_000, 3), 66_000, AGE)).toBe('tick-too-old');
});
