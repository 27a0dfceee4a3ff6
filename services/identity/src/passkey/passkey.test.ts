import { expect, test } from '@jest/globals';
import { evolve, UNKNOWN_ACCOUNT, type Account, type AccountEvent, type Passkey } from '../account/account.ts';
import { addPasskey, removePasskey, removePasskeys, usePasskey } from './passkey.ts';

const AT = '2026-01-01T00:00:00.000Z';
const passkey = (id: string, counter = 0): Passkey => ({ id, publicKey: 'k', counter, name: 'phone', addedAt: AT });
const opened: AccountEvent = { type: 'AccountOpened', account: 'li', name: 'Li', roles: [], sites: null, party: null, password: '', at: AT }; // prettier-ignore
const account = (...events: AccountEvent[]): Account => [opened, ...events].reduce<Account>(evolve, UNKNOWN_ACCOUNT);
const withKey = (counter: number): Account => account(...addPasskey(account(), 'li', passkey('p', counter)));
const use = (state: Account, counter: number, id = 'p') => usePasskey(state, 'li', { passkey: id, counter }, AT);

test('one that counts its uses is good only with a higher count than before', () => {
  const used = use(withKey(3), 4).reduce(evolve, withKey(3));
  expect(used).toMatchObject({ passkeys: [{ counter: 4 }], lastSeenAt: AT });
  for (const counter of [0, 3, 4]) expect(() => use(used, counter)).toThrow('passkey-wrong');
});

test('one that does not count is good as often as it is shown', () => {
  expect(use(withKey(0), 0)).toHaveLength(1);
});

test('nobody comes in by one that is not there, nor into an account that is locked or deactivated', () => {
  expect(() => use(withKey(0), 0, 'another')).toThrow('passkey-wrong');
  const locked = evolve(withKey(0), { type: 'AttemptCounted', attempts: 5, lockedUntil: '2026-01-01T01:00:00.000Z' });
  expect(() => use(locked, 0)).toThrow('account-locked');
  expect(() => use(evolve(withKey(0), { type: 'AccountDeactivated' }), 0)).toThrow('passkey-wrong');
});

test('it is there once, there are ten at most, and they go one by one or all at once', () => {
  expect(() => addPasskey(withKey(0), 'li', passkey('p'))).toThrow('passkey-there');
  const ten = Array.from({ length: 10 }, (_, n) => passkey(String(n))).reduce((state, one) => addPasskey(state, 'li', one).reduce(evolve, state), account()); // prettier-ignore
  expect(() => addPasskey(ten, 'li', passkey('p'))).toThrow('passkeys-many');
  expect(removePasskey(ten, 'li', 'none')).toEqual([]);
  expect(removePasskeys(ten, 'li').reduce(evolve, ten)).toMatchObject({ passkeys: [] });
});
