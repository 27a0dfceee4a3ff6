import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signIn } from '@lotwarden/platform/sign-in';
import { ADMINISTRATOR, PASSWORD, startIdentity, type Identity } from '../../test/identity.ts';

let identity: Identity;

beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity.end());

const ONE_TIME = 'given by the administrator';
const open = (over: object) =>
  identity.ask('POST', '/accounts', identity.administrator, {
    account: 'chen.wei',
    name: '陈伟',
    roles: ['viewer'],
    password: ONE_TIME,
    ...over,
  });

test('an account opens once, for a person, with roles that exist', async () => {
  const opened = await open({ sites: ['SZ1'], party: 'P-1' });
  expect(opened).toMatchObject({ status: 201, body: { account: 'chen.wei', temporaryPassword: true, sites: ['SZ1'] } });
  expect(JSON.stringify(opened.body)).not.toContain('argon2');
  expect(await open({})).toMatchObject({ status: 409, body: { code: 'account-id-taken' } });
  expect(await open({ account: 'qms' })).toMatchObject({ status: 422, body: { code: 'account-id-reserved' } });
  expect(await open({ account: 'x.y', roles: ['service'] })).toMatchObject({ status: 400 });
  expect(await open({ account: 'x.y', password: 'short' })).toMatchObject({ status: 400 });
});

test('a one-time password only lets its person choose another', async () => {
  await open({ account: 'sun.li' });
  const sunLi = { issuer: identity.issuer, account: 'sun.li', password: ONE_TIME };
  await expect(signIn(sunLi)).rejects.toThrow('Choose your own password');
  await expect(signIn({ ...sunLi, newPassword: ONE_TIME })).rejects.toThrow('The new password is the one you have');
  const token = await signIn({ ...sunLi, newPassword: PASSWORD });
  const change = { password: PASSWORD, newPassword: 'yet another sentence' };
  expect(await identity.ask('POST', '/accounts/me/passwords', token, change)).toMatchObject({ status: 201 });
  expect(await signIn({ ...sunLi, password: change.newPassword })).toMatch(/^ey/);
});

test('a deactivated person cannot sign in; only administrators manage, and nobody deactivates oneself', async () => {
  const { token } = await identity.person('zhou.yi', ['viewer']);
  const reason = { reason: 'left us' };
  expect(await identity.ask('POST', '/accounts/chen.wei/deactivations', token, reason)).toMatchObject({
    status: 403,
    body: { code: 'permission-missing' },
  });
  const { administrator, ask, issuer } = identity;
  expect(await ask('POST', `/accounts/${ADMINISTRATOR}/deactivations`, administrator, reason)).toMatchObject({
    status: 409,
    body: { code: 'account-own' },
  });
  expect(await ask('POST', '/accounts/zhou.yi/deactivations', administrator, reason)).toMatchObject({
    status: 201,
    body: { status: 'deactivated' },
  });
  await expect(signIn({ issuer, account: 'zhou.yi', password: PASSWORD })).rejects.toThrow('is wrong');
});

test('roles change with the next token', async () => {
  await identity.person('he.xin', ['viewer']);
  const changed = await identity.ask('PUT', '/accounts/he.xin/roles', identity.administrator, { roles: ['receiver'] });
  expect(changed.body.roles).toEqual(['receiver']);
  const token = await signIn({ issuer: identity.issuer, account: 'he.xin', password: PASSWORD });
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ sub: 'he.xin', roles: ['receiver'], aud: 'lotwarden-api' });
});

test('11.10(d): somebody is bound to sites and markets, by another and not by himself; tokens and signatures say so', async () => {
  const { token } = await identity.person('gu.ming', ['quality-manager']);
  const bound = { sites: ['SZ1'], markets: ['CN'] };
  const bind = (by: string, account = 'gu.ming', body: object = bound) => identity.ask('PUT', `/accounts/${account}/bounds`, by, body); // prettier-ignore
  expect(await bind(token)).toMatchObject({ status: 403 });
  expect(await bind(identity.administrator, ADMINISTRATOR)).toMatchObject({
    status: 409,
    body: { code: 'account-own' },
  });
  expect(await bind(identity.administrator, 'gu.ming', { ...bound, markets: ['China'] })).toMatchObject({
    status: 400,
  });
  expect(await bind(identity.administrator)).toMatchObject({ status: 200, body: bound });
  const claimsOf = (jws: string) => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object;
  const next = await signIn({ issuer: identity.issuer, account: 'gu.ming', password: PASSWORD });
  expect(claimsOf(next)).toMatchObject(bound);
  const act = { recordType: 'lot-release', recordId: 'F-1', recordVersion: 1, recordHash: 'a'.repeat(64), meaning: 'release', reason: 'ok' }; // prettier-ignore
  const signed = await identity.ask('POST', '/signatures', next, { account: 'gu.ming', password: PASSWORD, ...act });
  expect(claimsOf(String(signed.body.signature))).toMatchObject(bound);
  const events = await identity.ask('GET', '/security-events?kind=roles-changed&subject=gu.ming', identity.administrator); // prettier-ignore
  expect(JSON.stringify(events.body)).toContain('sites: SZ1; markets: CN');
});

test('11.10(d): whoever acts for an outside party sees to the own account, and to nothing of ours', async () => {
  await open({ account: 'hospital.wu', roles: ['quality-manager'], party: 'HOSPITAL-1' });
  const token = await signIn({ issuer: identity.issuer, account: 'hospital.wu', password: ONE_TIME, newPassword: PASSWORD }); // prettier-ignore
  expect(await identity.ask('GET', '/accounts/me', token)).toMatchObject({
    status: 200,
    body: { party: 'HOSPITAL-1' },
  });
  const refused = { status: 403, body: { code: 'party-not-ours' } };
  expect(await identity.ask('GET', '/accounts', token)).toMatchObject(refused);
  const act = { account: 'hospital.wu', password: PASSWORD, recordType: 'lot-release', recordId: 'F-1', recordVersion: 1, recordHash: 'a'.repeat(64), meaning: 'release', reason: 'ok' }; // prettier-ignore
  expect(await identity.ask('POST', '/signatures', token, act)).toMatchObject(refused);
});

test('who may do what can be read, as data and as a table', async () => {
  const { ask, administrator, address } = identity;
  const release = ((await ask('GET', '/permissions', administrator)).body.items as { operation: string }[]).find(({ operation }) => operation === 'lot.release'); // prettier-ignore
  expect(release).toMatchObject({ zh: '批次放行', roles: ['quality-manager'], signed: ['review', 'release'], twoPerson: true }); // prettier-ignore
  const csv = await fetch(`${address}/permissions?format=csv`, { headers: { authorization: `Bearer ${administrator}` } }); // prettier-ignore
  expect(await csv.text()).toMatch(/^operation,en,zh,roles/);
});
