import { expect, test } from '@jest/globals';
import { nextTime, type Schedule } from './schedule.ts';

const after = (schedule: Schedule, from = '2026-11-10T08:00:30Z') => {
  const at = nextTime(schedule, Date.parse(from));
  return at === undefined ? undefined : new Date(at).toISOString();
};

test('a schedule tells the next time it is due', () => {
  expect(after({})).toBe('2026-11-10T08:01:00.000Z');
  expect(after({ hour: '1', minute: '5' })).toBe('2026-11-11T01:05:00.000Z');
  expect(after({ minute: '0,30' })).toBe('2026-11-10T08:30:00.000Z');
  expect(after({ hour: '[6-7]', minute: '0', dayOfWeek: '[6-7]' })).toBe('2026-11-14T06:00:00.000Z');
  expect(after({ month: '2', dayOfMonth: '29', hour: '0', minute: '0' })).toBe('2028-02-29T00:00:00.000Z');
});

test('a schedule that never comes, or says something else, has no next time', () => {
  for (const never of [{ month: '2', dayOfMonth: '30' }, { minute: '60' }, { hour: 'x' }, { minute: '5-1' }])
    expect(after(never)).toBeUndefined();
});
