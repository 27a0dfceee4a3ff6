import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signIn } from '@lotwarden/platform/sign-in';
import { until } from '@lotwarden/platform/testing/until';
import { PASSWORD, startIdentity, type Identity } from '../../test/identity.ts';

let identity: Identity;

beforeAll(async () => {
  identity = await startIdentity({
    IDENTITY_BREAK_GLASS_ACCOUNTS: 'ma.night',
    IDENTITY_LOCKOUT_ATTEMPTS: '3',
    IDENTITY_URGENT_ACCOUNTS: '3',
  });
});
afterAll(() => identity.end());

interface Told {
  readonly subject: string;
  readonly reason: string;
}

async function told(kind: string): Promise<Told[]> {
  const reply = await identity.ask('GET', `/security-events?limit=100&kind=${kind}`, identity.administrator);
  expect(reply.status).toBe(200);
  return reply.body.items as Told[];
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { roles: string[]; deputy_for?: string[] }; // prettier-ignore
const again = (account: string) => signIn({ issuer: identity.issuer, account, password: PASSWORD });
const record = { recordType: 'lot-release', recordId: 'F-1', recordVersion: 1, recordHash: 'a'.repeat(64) };

test('a deputy signs in and signs with the roles of the other person, and the signature says for whom', async () => {
  const { ask, administrator } = identity;
  await identity.person('wang.on.leave', ['quality-manager']);
  await identity.person('li.deputy', ['receiver']);
  const now = Date.now();
  const leave = {
    standsFor: 'wang.on.leave',
    from: new Date(now - 60_000).toISOString(),
    until: new Date(now + 3_600_000).toISOString(),
    reason: 'annual leave',
  };
  expect(await ask('POST', '/accounts/li.deputy/deputyships', administrator, leave)).toMatchObject({ status: 201 });
  const token = await again('li.deputy');
  expect(claimsOf(token)).toMatchObject({ roles: ['receiver', 'quality-manager'], deputy_for: ['wang.on.leave'] });
  const act = { account: 'li.deputy', password: PASSWORD, ...record, meaning: 'release', reason: 'for Wang' };
  const signed = await ask('POST', '/signatures', token, act);
  expect(signed.status).toBe(201);
  expect(JSON.parse(Buffer.from(String(signed.body.signature).split('.')[1] ?? '', 'base64url').toString())).toMatchObject({ deputyFor: ['wang.on.leave'] }); // prettier-ignore
  expect(await told('deputy-appointed')).toMatchObject([{ subject: 'li.deputy', actor: 'administrator' }]);

  await ask('DELETE', '/accounts/li.deputy/deputyships/wang.on.leave', administrator);
  expect(claimsOf(await again('li.deputy')).roles).toEqual(['receiver']);
  const own = await ask('POST', '/accounts/administrator/deputyships', administrator, leave);
  expect(own).toMatchObject({ status: 409, body: { code: 'account-own' } });
});

test('access in an emergency needs the password again, alarms, gives no signature, and is closed by another person', async () => {
  const { ask, administrator } = identity;
  const { token } = await identity.person('ma.night', ['quality-manager']);
  const open = (password: string, by = token) =>
    ask('POST', '/accounts/me/break-glass', by, { password, reason: 'nobody reachable' });
  expect(await open('wrong')).toMatchObject({ status: 401, body: { code: 'credentials-wrong' } });
  expect(await open(PASSWORD)).toMatchObject({ status: 201, body: { breakGlassUntil: expect.any(String) } });
  expect(await told('break-glass-opened')).toMatchObject([{ subject: 'ma.night', urgent: true }]);
  const elevated = await again('ma.night');
  expect(claimsOf(elevated).roles).toContain('administrator');
  expect((await ask('GET', '/accounts', elevated)).status).toBe(200);
  const close = (by: string) => ask('POST', '/accounts/ma.night/break-glass-closures', by, { reason: 'looked at' });
  expect(await close(elevated)).toMatchObject({ body: { code: 'account-own' } });
  expect(await close(administrator)).toMatchObject({ status: 201, body: { breakGlassUntil: null } });
  expect(claimsOf(await again('ma.night')).roles).toEqual(['quality-manager']);

  const other = await identity.person('not.named', ['quality-manager']);
  expect(await open(PASSWORD, other.token)).toMatchObject({ status: 403, body: { code: 'break-glass-not-yours' } });
});

test('11.300(d): a lock and many accounts tried from one address are urgent; each refusal is an event', async () => {
  await identity.person('locked.out', ['viewer']);
  const wrong = (account: string) =>
    signIn({ issuer: identity.issuer, account, password: 'a guess that fails' }).catch(String);
  for (let n = 0; n < 3; n++) await wrong('locked.out');
  expect(await again('locked.out').catch(String)).toContain('locked until');
  expect(await told('account-locked')).toMatchObject([{ subject: 'locked.out', urgent: true }]);
  for (const account of ['spray.a', 'spray.b', 'spray.c']) await wrong(account);
  await until(async () => (await told('repeated-failures')).some(({ reason }) => reason === 'many-accounts'));
  const refused = await told('sign-in-refused');
  expect(refused.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['locked.out', 'spray.a', 'spray.b']));
  expect(JSON.stringify(refused)).not.toContain('a guess that fails');
});

test('11.300(b): a password that was used before is not taken again', async () => {
  const { token } = await identity.person('same.again', ['viewer']);
  const change = (password: string, newPassword: string) =>
    identity.ask('POST', '/accounts/me/passwords', token, { password, newPassword });
  expect((await change(PASSWORD, 'a second long sentence')).status).toBe(201);
  expect(await change('a second long sentence', PASSWORD)).toMatchObject({ status: 422, body: { code: 'password-used-before' } }); // prettier-ignore
});

test('roles are what an administrator gives, not what a request says of itself', async () => {
  const { ask, administrator } = identity;
  const { token } = await identity.person('small.fish', ['viewer']);
  const grab = await ask('POST', '/accounts/me/passwords', token, { password: PASSWORD, newPassword: 'another long sentence', roles: ['administrator'] }); // prettier-ignore
  expect(grab).toMatchObject({ status: 400, body: { code: 'body-invalid' } });
  expect((await ask('PUT', '/accounts/small.fish/roles', token, { roles: ['administrator'] })).status).toBe(403);
  for (const roles of [['service'], ['system-mes'], ['partner-epcis'], ['emperor']])
    expect((await ask('PUT', '/accounts/small.fish/roles', administrator, { roles })).status).toBe(400);
  expect(await ask('PUT', '/accounts/small.fish/roles', administrator, { roles: ['receiver'] })).toMatchObject({ status: 200 }); // prettier-ignore
  const about = (await told('roles-changed')).filter(({ subject }) => subject === 'small.fish');
  expect(about).toMatchObject([{ reason: 'receiver' }, { actor: 'administrator', reason: expect.stringContaining('opened:') }]); // prettier-ignore
});
