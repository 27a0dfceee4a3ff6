import { expect, test } from '@jest/globals';
import { gatherRefusals, refusalKind, type Refusal } from './refusals.ts';

const refusal = (subject: string, reason = 'token-invalid'): Refusal => ({
  kind: 'token-refused',
  subject,
  reason,
  address: '10.0.0.1',
});
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

test('the first of its kind is told at once, those of the minute after it as one with their number', () => {
  const gathered = gatherRefusals('qms', 10);
  gathered.note(refusal('li'), at(0));
  expect(gathered.take(at(1))).toEqual([
    { ...refusal('li'), count: 1, firstAt: at(0).toISOString(), lastAt: at(0).toISOString() },
  ]);
  for (let second = 2; second < 50; second++) gathered.note(refusal('li'), at(second));
  expect(gathered.take(at(50))).toEqual([]);
  expect(gathered.take(at(61))).toMatchObject([
    { count: 48, firstAt: at(2).toISOString(), lastAt: at(49).toISOString() },
  ]);
  expect(gathered.take(at(200))).toEqual([]);
});

test('an attacker who is somebody else each time fills nothing: the rest is a number', () => {
  const gathered = gatherRefusals('qms', 10);
  for (let n = 0; n < 1_000; n++) gathered.note(refusal(`nobody-${String(n)}`), at(0));
  const told = gathered.takeAll();
  expect(told).toHaveLength(11);
  expect(told.at(-1)).toMatchObject({ kind: 'refusals-not-told-apart', subject: 'qms', count: 990 });
  expect(gathered.takeAll()).toEqual([]);
});

test.each([
  ['token-invalid', 'token-refused'],
  ['permission-missing', 'permission-refused'],
  ['site-not-yours', 'permission-refused'],
  ['device-proof-invalid', 'device-refused'],
  ['signature-for-another-record', 'signature-refused'],
  ['signature-same-person', 'signature-refused'],
  ['signature-required', undefined],
  ['body-invalid', undefined],
  ['constructor', undefined],
])('%s is %s', (code, kind) => {
  expect(refusalKind(code)).toBe(kind);
});
