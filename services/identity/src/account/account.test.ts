import { expect, test } from '@jest/globals';
import { given } from '@lotwarden/platform/testing/given';
import { evolve, UNKNOWN_ACCOUNT, type AccountEvent } from './account.ts';
import { clearAttempts, countAttempt } from './count-attempt.ts';
import {
  changeBounds,
  changeRoles,
  checkPassword,
  deactivate,
  openAccount,
  setPassword,
  unlock,
} from './manage-account.ts';
import { hashPassword, passwordFits } from './password-hash.client.ts';

const asked = {
  account: 'li.na',
  name: '李娜',
  roles: ['receiver'],
  sites: ['SZ1'],
  party: null,
  password: '$hash',
  at: '2026-11-01T08:00:00.000Z',
};
const opened: AccountEvent = { type: 'AccountOpened', ...asked };
const account = (...events: AccountEvent[]) => given(UNKNOWN_ACCOUNT, evolve, [opened, ...events]);
const nobody = given(UNKNOWN_ACCOUNT, evolve, []);

const limits = { attempts: 3, seconds: 900 };
const at = (minute: number) => `2026-11-01T08:${String(minute).padStart(2, '0')}:00.000Z`;
const attempted = (attempts: number, lockedUntil: string | null = null): AccountEvent => ({
  type: 'AttemptCounted',
  attempts,
  lockedUntil,
});

test('an id is given once, also after its account is gone', () => {
  nobody.when((state) => openAccount(state, asked)).then([opened]);
  account()
    .when((state) => openAccount(state, asked))
    .rejects('account-id-taken');
  account({ type: 'AccountDeactivated' })
    .when((state) => openAccount(state, asked))
    .rejects('account-id-taken');
});

test('a deactivated account stays as it is', () => {
  const gone = account({ type: 'AccountDeactivated' });
  gone.when((state) => deactivate(state, 'li.na')).then([]);
  gone.when((state) => changeRoles(state, 'li.na', ['viewer'])).rejects('account-deactivated');
  gone
    .when((state) => setPassword(state, 'li.na', { password: '$new', temporary: true, at: at(0) }))
    .rejects('account-deactivated');
  gone.when((state) => countAttempt(state, at(0), limits)).rejects('credentials-wrong');
  nobody.when((state) => deactivate(state, 'li.na')).rejects('account-unknown');
});

test('somebody is bound to other sites and markets, or to none; an account of before there were markets is bound to none', () => {
  const bind = (sites: string[] | null, markets: string[] | null) =>
    account().when((state) => changeBounds(state, 'li.na', { sites, markets }));
  bind(['SZ1'], null).then([]);
  bind(['SZ1', 'CD1'], ['CN']).then([
    { type: 'AccountSitesChanged', sites: ['SZ1', 'CD1'] },
    { type: 'AccountMarketsChanged', markets: ['CN'] },
  ]);
  bind(null, []).then([
    { type: 'AccountSitesChanged', sites: null },
    { type: 'AccountMarketsChanged', markets: [] },
  ]);
});

test('the same roles in another order are no change', () => {
  const two = account({ type: 'AccountRolesChanged', roles: ['receiver', 'viewer'] });
  two.when((state) => changeRoles(state, 'li.na', ['viewer', 'receiver'])).then([]);
  two
    .when((state) => changeRoles(state, 'li.na', ['viewer']))
    .then([{ type: 'AccountRolesChanged', roles: ['viewer'] }]);
});

test('the last allowed attempt locks before its password is looked at', () => {
  account(attempted(1))
    .when((state) => countAttempt(state, at(0), limits))
    .then([attempted(2)]);
  account(attempted(2))
    .when((state) => countAttempt(state, at(0), limits))
    .then([attempted(3, at(15))]);
});

test('a locked account takes no attempt until its time is over, then counts from one', () => {
  const locked = account(attempted(3, at(15)));
  locked.when((state) => countAttempt(state, at(14), limits)).rejects('account-locked');
  locked.when((state) => countAttempt(state, at(15), limits)).then([attempted(1)]);
});

test('a right password, a new one and an administrator forgive the wrong ones', () => {
  account(attempted(2))
    .when(clearAttempts)
    .then([{ type: 'AttemptsCleared' }]);
  account().when(clearAttempts).then([]);
  account(attempted(3, at(15)))
    .when((state) => unlock(state, 'li.na'))
    .then([{ type: 'AttemptsCleared' }]);
  const renewed: AccountEvent = { type: 'PasswordSet', password: '$new', temporary: false, at: at(0) };
  account(attempted(3, at(15)), renewed)
    .when((state) => countAttempt(state, at(1), limits))
    .then([attempted(1)]);
});

test.each(['short', 'x'.repeat(201), 'li.na is my name'])('%s is no password', (password) => {
  expect(() => checkPassword(password, 'li.na')).toThrow('password-too-weak');
});

test('a password fits its own hash only, however its characters were composed', async () => {
  const hash = await hashPassword('caf\u00e9 au lait, 北京');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwordFits('cafe\u0301 au lait, 北京', hash)).toBe(true);
  expect(await passwordFits('cafe au lait, 北京', hash)).toBe(false);
  expect(await hashPassword('caf\u00e9 au lait, 北京')).not.toBe(hash);
  await expect(passwordFits('x', '$2b$10$bcrypt')).rejects.toThrow('Argon2id');
});
