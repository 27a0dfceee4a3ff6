import { expect, test } from '@jest/globals';
import { isRole } from '@lotwarden/platform/permissions';
import { config } from '../config.ts';
import { attemptLimit } from './attempt-limit.ts';
import { machines } from './clients.ts';
import { preferredLanguage } from './language.ts';
import { logInPage } from './pages.ts';
import { secondsLeft } from './session-life.ts';

test('every machine has a secret setting of its own and a role that exists', () => {
  const settings = config.parse({ mesBridgeClientSecret: 'only for the mes bridge' });
  const all = machines(settings);
  expect(all.every(({ role, secret }) => isRole(role) && secret.length >= 12)).toBe(true);
  expect(all.find(({ id }) => id === 'mes-bridge')?.secret).toBe('only for the mes bridge');
  expect(all.find(({ id }) => id === 'system-mes')).toMatchObject({ kind: 'system', role: 'system-mes' });
});

test.each([
  [undefined, 'en'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['en-GB,zh;q=0.9', 'en'],
  ['fr, zh-Hans;q=0.5', 'zh'],
  ['zh;q=0, en;q=0.1', 'en'],
  ['zh-CN en', 'zh'],
])('%s is answered in %s', (wanted, language) => {
  expect(preferredLanguage(wanted)).toBe(language);
});

test('what somebody typed comes back as text, never as markup', () => {
  const html = logInPage({
    language: 'en',
    action: '/openid/interaction/x',
    account: '"><script>alert(1)</script>',
    problem: '<b>',
    choose: false,
    outside: [],
  });
  expect(html).not.toMatch(/<script|<b>/);
  expect(html).toContain('&quot;&gt;&lt;script&gt;');
});

test('an address has so many attempts a minute', () => {
  const { allow } = attemptLimit(2);
  const tried = ['a', 'a', 'a', 'b'].map((address) => allow(address, 1000));
  expect(tried).toEqual([true, true, false, true]);
  expect(allow('a', 61_000)).toBe(true);
});

test.each([
  ['before the log-in', undefined, 3_600],
  ['in the middle of the shift', 10_000 - 600, 3_600],
  ['shortly before its end', 10_000 - 28_000, 800],
  ['after its end', 10_000 - 30_000, 1],
])('a session lives on, %s', (_, loginTs, seconds) => {
  expect(secondsLeft(loginTs, 10_000, { sessionSeconds: 28_800, sessionIdleSeconds: 3_600 })).toBe(seconds);
});
