import { expect, test } from '@jest/globals';
import { failureWatch } from './failure-watch.ts';
import type { Noticed } from './security-event.ts';

const refused = (subject: string, address?: string): Noticed => ({
  kind: 'sign-in-refused',
  subject,
  reason: 'credentials-wrong',
  address,
});
const watching = () => failureWatch({ failures: 5, accounts: 3, window: 1_000 });

test('11.300(d): many refusals of one account, from wherever they come, are reported once as urgent', () => {
  const watch = watching();
  const told = Array.from({ length: 8 }, (_, n) => watch(refused('li', `10.0.0.${String(n)}`), n));
  expect(told.filter((one) => one !== undefined)).toEqual([
    expect.objectContaining({ kind: 'repeated-failures', subject: 'li', reason: 'one-account', urgent: true }),
  ]);
});

test('one password tried on many accounts is noticed, although no account locks', () => {
  const watch = watching();
  expect(watch(refused('a', '10.0.0.1'), 0)).toBeUndefined();
  expect(watch(refused('b', '10.0.0.1'), 1)).toBeUndefined();
  expect(watch(refused('c', '10.0.0.1'), 2)).toMatchObject({ subject: '10.0.0.1', reason: 'many-accounts' });
  expect(watch(refused('d', '10.0.0.1'), 3)).toBeUndefined();
});

test('mistakes that are far apart are mistakes; in the next window it is reported again', () => {
  const watch = watching();
  for (let n = 0; n < 20; n++) expect(watch(refused('li'), n * 600)).toBeUndefined();
  const again = watching();
  const tellings = [0, 5_000].flatMap((from) => Array.from({ length: 6 }, (_, n) => again(refused('li'), from + n)));
  expect(tellings.filter((one) => one !== undefined)).toHaveLength(2);
});

test('what is no refusal counts for nothing', () => {
  const watch = watching();
  for (let n = 0; n < 9; n++) expect(watch({ kind: 'roles-changed', subject: 'li', reason: 'r' }, n)).toBeUndefined();
});

const from = '10.0.0.1';
const missing = (subject: string): Noticed => ({ kind: 'permission-refused', subject, reason: 'permission-missing', address: from }); // prettier-ignore

test('what another service counted counts as often as it happened there', () => {
  const forged: Noticed = { kind: 'token-refused', subject: from, reason: 'token-invalid', address: from };
  expect(watching()(forged, 0, 4)).toBeUndefined();
  expect(watching()(forged, 0, 5)).toMatchObject({ kind: 'repeated-failures', subject: from, reason: 'one-address' });
});

test('whoever tries everything that he may not do is noticed, not everybody behind his address', () => {
  const watch = watching();
  expect(['a', 'b', 'c', 'd', 'e', 'f'].map((who) => watch(missing(who), 0))).toEqual(Array(6).fill(undefined));
  expect(watch(missing('a'), 1, 4)).toMatchObject({ subject: 'a', reason: 'one-account' });
});

test('a token that is too old is late and no attempt', () => {
  const late: Noticed = { kind: 'token-refused', subject: from, reason: 'token-expired', address: from };
  expect(watching()(late, 0, 100)).toBeUndefined();
});
