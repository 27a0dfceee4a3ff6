import { expect, test } from '@jest/globals';
import { given } from '@lotwarden/platform/testing/given';
import { evolve, UNKNOWN_ACCOUNT, type AccountEvent, type KnownAccount } from './account.ts';
import { closeBreakGlass, openBreakGlass } from './break-glass.ts';
import { appointDeputy, endDeputy } from './deputy.ts';
import { mustChoose } from './must-choose.ts';
import { standing } from './standing.store.ts';

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T08:00:00.000Z`;
const opened = (account: string, roles: readonly string[]): AccountEvent => ({
  type: 'AccountOpened',
  account,
  name: account,
  roles,
  sites: null,
  party: null,
  password: '$hash',
  at: day(1),
});
const history = (...events: AccountEvent[]) => given(UNKNOWN_ACCOUNT, evolve, events);
const account = (...events: AccountEvent[]) => events.reduce(evolve, UNKNOWN_ACCOUNT) as KnownAccount;

const li = opened('li', ['receiver']);
const wang = account(opened('wang', ['quality-manager']));
const leave = { standsFor: 'wang', from: day(5), until: day(15) };
const present =
  (...people: KnownAccount[]) =>
  (id: string) =>
    Promise.resolve(people.find((one) => one.account === id));

test('a deputy has the roles of the other person from the first day until the last, and is known as one', async () => {
  const deputy = account(li, { type: 'DeputyAppointed', ...leave });
  expect(await standing(deputy, day(4), present(wang))).toMatchObject({ roles: ['receiver'], deputyFor: [] });
  expect(await standing(deputy, day(5), present(wang))).toMatchObject({ roles: ['receiver', 'quality-manager'], deputyFor: ['wang'] }); // prettier-ignore
  expect(await standing(deputy, day(15), present(wang))).toMatchObject({ roles: ['receiver'], deputyFor: [] });
});

test('nobody stands in for somebody who is gone, nor passes on what he has as a deputy himself', async () => {
  const deputy = account(li, { type: 'DeputyAppointed', ...leave });
  expect(await standing(deputy, day(6), present())).toMatchObject({ roles: ['receiver'], deputyFor: [] });
  const second = account(opened('zhao', ['viewer']), { type: 'DeputyAppointed', ...leave, standsFor: 'li' });
  expect(await standing(second, day(6), present(deputy, wang))).toMatchObject({ roles: ['viewer', 'receiver'], deputyFor: ['li'] }); // prettier-ignore
});

test('11.10(d): a deputy has the roles of the other person only where that one acts', async () => {
  const bound = (sites: string[] | null, markets: string[] | null = null): AccountEvent[] => [
    { type: 'AccountSitesChanged', sites },
    { type: 'AccountMarketsChanged', markets },
  ];
  const wangAt = account(opened('wang', ['quality-manager']), ...bound(['SZ1'], ['CN', 'HK']));
  const roles = async (...events: AccountEvent[]) =>
    (await standing(account(li, { type: 'DeputyAppointed', ...leave }, ...events), day(6), present(wangAt))).roles;
  expect(await roles()).toEqual(['receiver']);
  expect(await roles(...bound(['SZ1'], ['CN', 'US']))).toEqual(['receiver']);
  expect(await roles(...bound(['SZ1', 'CD1'], ['CN']))).toEqual(['receiver']);
  expect(await roles(...bound(['SZ1'], ['CN']))).toEqual(['receiver', 'quality-manager']);
  const further = { represented: wangAt, now: day(1) };
  history(li)
    .when((known) => appointDeputy(known, 'li', leave, further))
    .rejects('deputy-reaches-further');
  history(li, ...bound(['SZ1'], ['HK']))
    .when((known) => appointDeputy(known, 'li', leave, further))
    .then([{ type: 'DeputyAppointed', ...leave }]);
});

test('a deputyship is for another person, for a time that is to come and not for good; it can be ended', () => {
  const other = { represented: wang, now: day(2) };
  history(li)
    .when((known) => appointDeputy(known, 'li', leave, other))
    .then([{ type: 'DeputyAppointed', ...leave }]);
  history(li)
    .when((known) => appointDeputy(known, 'li', { ...leave, standsFor: 'li' }, other))
    .rejects('deputy-of-oneself');
  const times: readonly (readonly [string, string])[] = [
    [day(5), day(5)],
    [day(1), day(2)],
    [day(5), '2027-02-04T08:00:00.000Z'],
  ];
  for (const [from, until] of times)
    history(li)
      .when((known) => appointDeputy(known, 'li', { standsFor: 'wang', from, until }, other))
      .rejects('deputy-time-invalid');
  history(li, { type: 'DeputyAppointed', ...leave })
    .when((known) => endDeputy(known, 'li', 'wang'))
    .then([{ type: 'DeputyEnded', stoodFor: 'wang' }]);
  history(li)
    .when((known) => endDeputy(known, 'li', 'wang'))
    .then([]);
});

test('access in an emergency is for who is named, for a while, and ends by itself', async () => {
  const asked = { reason: 'administrator ill', until: day(3), allowed: new Set(['li']) };
  history(li)
    .when((known) => openBreakGlass(known, 'li', asked))
    .then([{ type: 'BreakGlassOpened', until: day(3), reason: 'administrator ill' }]);
  history(li)
    .when((known) => openBreakGlass(known, 'li', { ...asked, allowed: new Set() }))
    .rejects('break-glass-not-yours');
  const emergency = account(li, { type: 'BreakGlassOpened', until: day(3), reason: 'r' });
  expect((await standing(emergency, day(2), present())).roles).toEqual(['receiver', 'administrator']);
  expect((await standing(emergency, day(3), present())).roles).toEqual(['receiver']);
  history(li, { type: 'BreakGlassOpened', until: day(3), reason: 'r' })
    .when((known) => closeBreakGlass(known, 'li'))
    .then([{ type: 'BreakGlassClosed' }]);
});

test('11.300(b): a password ages; those before are remembered, ten of them', () => {
  const set = (number: number): AccountEvent => ({ type: 'PasswordSet', password: `$${String(number)}`, temporary: false, at: day(1) }); // prettier-ignore
  const old = account(li, ...Array.from({ length: 12 }, (_, n) => set(n)));
  expect(old.formerPasswords).toEqual(Array.from({ length: 10 }, (_, n) => `$${String(10 - n)}`));
  expect(mustChoose(old, day(10), 10)).toBeUndefined();
  expect(mustChoose(old, day(11), 10)).toBe('password-expired');
  expect(mustChoose(account(li), day(1), 10)).toBe('password-temporary');
});
