import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCodec } from '@lotwarden/contracts/codec';
import { systemClock, systemRandom } from '@lotwarden/platform/clock';
import { createLog } from '@lotwarden/platform/log';
import { signable } from '@lotwarden/platform/signature';
import { startTestApp, type TestApp } from '@lotwarden/platform/testing/http';
import { openTestStore } from '@lotwarden/platform/testing/store';
import { remoteSigningKeys, signatureVerifier } from '@lotwarden/platform/verify-signature';
import { accountStore, credentials as credentialsOf, openAccounts } from '../account/account.store.ts';
import { deactivate, openAccount, setPassword } from '../account/manage-account.ts';
import { hashPassword } from '../account/password-hash.client.ts';
import { keyRoutes } from '../key/key.routes.ts';
import { keyCollection, openKeyRing, type KeyRing } from '../key/key-ring.store.ts';
import { messages } from '../messages.ts';
import { renewAll } from './renew.job.ts';
import { signatureRoutes } from './signature.routes.ts';
import { signing } from './sign.store.ts';
import { signatureStore } from './signature.store.ts';

const codec = createCodec();
const { store, drop } = await openTestStore({ service: 'identity', codec });
const clock = systemClock();
const log = createLog({ service: 'identity', level: 'silent' });
const accounts = accountStore(store);
const signatures = signatureStore(store);
const security = { report: () => Promise.resolve() };
const credentials = credentialsOf({
  accounts,
  clock,
  log,
  lockout: { attempts: 3, seconds: 900 },
  security,
  passwordDays: 180,
  apps: () => {
    throw new Error('nobody here has an authenticator');
  },
});
const keys = keyCollection(store);
const PASSWORD = 'a sentence that nobody guesses';
const record = signable('lot-release', 'F-SZ1-261101-00001', 4, { lot: 'F-SZ1-261101-00001', market: 'CN' });

let ring: KeyRing;
let app: TestApp;

beforeAll(async () => {
  await store.ensureIndexes();
  ring = await openKeyRing({ keys, secret: 'the secret of this test', now: clock.now });
  const needs = { signatures, ring: () => ring };
  const person = openAccounts(accounts);
  const sign = signing({ ...needs, credentials, person, strong: new Set(), clock, random: systemRandom() });
  app = await startTestApp(
    [
      ...signatureRoutes({ ...needs, sign }),
      ...keyRoutes({ ...needs, tokenKeysChanged: () => Promise.resolve(), security }),
    ],
    { messages },
  );
});
afterAll(async () => {
  await app.stop();
  await drop();
});

async function person(account: string, roles: readonly string[], temporary = false): Promise<void> {
  const password = await hashPassword(PASSWORD);
  const opened = { account, name: '李质量', roles, sites: null, party: null, password, at: clock.instant() };
  const context = { actor: 'test' };
  await accounts.change(account, context, (state) => openAccount(state, opened));
  if (!temporary)
    await accounts.change(account, context, (state) =>
      setPassword(state, account, { password, temporary: false, at: clock.instant() }),
    );
}

const sign = (account: string, over: object = {}, as = account) =>
  app.request('POST', '/signatures', {
    as: { sub: as, roles: ['viewer', 'quality-manager'] },
    body: { account, password: PASSWORD, ...record, meaning: 'release', reason: '全部检验合格', ...over },
  });

test('account and password again make a signature that anybody can verify, and an event', async () => {
  await person('li.qa', ['quality-manager']);
  const signed = await sign('li.qa');
  expect(signed).toMatchObject({ status: 201, body: { signer: 'li.qa', signerName: '李质量', meaning: 'release' } });

  const verify = signatureVerifier(remoteSigningKeys(new URL(`${app.url}/signing-keys`)));
  const act = await verify(signed.body.signature, record, 'release');
  expect(act).toMatchObject({ signer: 'li.qa', reason: '全部检验合格', signedAt: signed.body.signedAt });
  const other = signable('lot-release', 'F-SZ1-261101-00002', 4, { lot: 'F-SZ1-261101-00002' });
  await expect(verify(signed.body.signature, other, 'release')).rejects.toThrow('signature-for-another-record');

  const entry = await store.db.collection('outbox').findOne({ key: signed.body.signatureId });
  expect(codec.decode('identity.signature.v1', entry!['value'].buffer)).toMatchObject({
    type: 'RecordSigned',
    recordId: record.recordId,
    signature: { jws: signed.body.signature, reason: '全部检验合格' },
  });
});

test.each([
  ['a session alone', { password: '' }, 401, 'credentials-required'],
  ['no account', { account: undefined }, 401, 'credentials-required'],
  ['a meaning that is not in the list', { meaning: 'whatever' }, 400, 'body-invalid'],
  ['no reason', { reason: ' ' }, 400, 'body-invalid'],
  ['a meaning for another role', { meaning: 'launch' }, 403, 'signature-meaning-not-yours'],
  ['a hash that is none', { recordHash: 'abc' }, 400, 'body-invalid'],
])('%s does not sign', async (_, over, status, code) => {
  const account = `p.${status}.${code}`.slice(0, 40).replaceAll('-', '.') + String(Object.keys(over)[0]).toLowerCase();
  await person(account, ['quality-manager']);
  expect(await sign(account, over)).toMatchObject({ status, body: { code } });
});

test("the session of one with another's credentials does not sign", async () => {
  await person('zhao.one', ['quality-manager']);
  await person('zhao.two', ['quality-manager']);
  expect(await sign('zhao.two', {}, 'zhao.one')).toMatchObject({ status: 403, body: { code: 'signer-other' } });
});

test('a password that somebody else has set does not sign', async () => {
  await person('new.here', ['quality-manager'], true);
  expect(await sign('new.here')).toMatchObject({ status: 403, body: { code: 'password-temporary' } });
});

test('a machine does not sign', async () => {
  const as = { sub: 'system-mes', kind: 'system', roles: ['quality-manager'] } as const;
  const body = { account: 'system-mes', password: 'x', ...record, meaning: 'release', reason: 'r' };
  expect(await app.request('POST', '/signatures', { as, body })).toMatchObject({ body: { code: 'person-required' } });
});

test('wrong passwords count; then the right one is refused too, with the time until when', async () => {
  await person('ma.three', ['quality-manager']);
  for (const password of ['wrong', 'wrong again', 'wrong to the end'])
    expect(await sign('ma.three', { password })).toMatchObject({
      status: 401,
      body: { code: 'credentials-wrong' },
    });
  expect(await sign('ma.three')).toMatchObject({
    status: 429,
    body: { code: 'account-locked', data: { until: expect.stringMatching(/^\d{4}-/) } },
  });
});

test('the challenge after wrong credentials does not call the token invalid', async () => {
  await person('still.in', ['quality-manager']);
  const reply = await sign('still.in', { password: 'wrong' });
  expect(reply.headers.get('www-authenticate')).toBe('Bearer');
});

test('a deactivated account does not sign, and its id is never given again', async () => {
  await person('gone', ['quality-manager']);
  await accounts.change('gone', { actor: 'test' }, (state) => deactivate(state, 'gone'));
  expect(await sign('gone')).toMatchObject({ status: 401, body: { code: 'credentials-wrong' } });
  await expect(person('gone', ['viewer'])).rejects.toThrow('account-id-taken');
});

test('the same command twice signs once', async () => {
  await person('li.twice', ['quality-manager']);
  const before = await signatures.find({ 'state.recordId': 'R-1' });
  expect(before.items).toHaveLength(0);
  const headers = { 'idempotency-key': 'sign-r-1' };
  const body = {
    account: 'li.twice',
    password: PASSWORD,
    ...record,
    recordId: 'R-1',
    meaning: 'release',
    reason: 'once',
  };
  const as = { sub: 'li.twice', roles: ['quality-manager'] } as const;
  expect((await app.request('POST', '/signatures', { as, headers, body })).status).toBe(201);
  const again = await app.request('POST', '/signatures', { as, headers, body });
  expect(again.body.code).toBe('idempotency-already-applied');
  expect((await signatures.find({ 'state.recordId': 'R-1' })).items).toHaveLength(1);
});

test('the keys stay the same over restarts and open only with their secret', async () => {
  const again = await openKeyRing({ keys, secret: 'the secret of this test', now: clock.now });
  for (const purpose of ['record', 'token'] as const)
    expect((await again.keys(purpose))[0].kid).toBe((await ring.keys(purpose))[0].kid);
  await expect(openKeyRing({ keys, secret: 'another secret of 12', now: clock.now })).rejects.toThrow('KEY_SECRET');
  expect(JSON.stringify(await keys.find().toArray())).not.toContain('"d"');
  expect(JSON.stringify((await app.request('GET', '/signing-keys', { as: null })).body)).not.toContain('"d"');
});

const administrator = { sub: 'administrator', roles: ['administrator'] } as const;
const keyNow = async () => (await ring.keys('record'))[0].kid;
const asKept = async (id: string) => (await app.request('GET', `/signatures/${id}`)).body;

test('a key that is rotated is published for ever with its time, and newer keys vouch for what it signed', async () => {
  await person('li.old', ['quality-manager']);
  const { body: signed } = await sign('li.old');
  const before = await keyNow();
  const rotated = await app.request('POST', '/signing-keys/rotations', {
    as: administrator,
    body: { reason: 'yearly' },
  });
  expect(rotated).toMatchObject({ status: 201, body: { keys: [{ kid: await keyNow() }, { kid: before, retiredAt: expect.any(String) }] } }); // prettier-ignore
  expect(await asKept(signed.signatureId)).toMatchObject({ holds: true, renewals: [] });

  await renewAll({ signatures, ring: () => ring, clock, log });
  await renewAll({ signatures, ring: () => ring, clock, log });
  const kept = await asKept(signed.signatureId);
  expect(kept).toMatchObject({ holds: true, renewals: [expect.any(String)] });

  await app.request('POST', `/signing-keys/${before}/revocations`, {
    as: administrator,
    body: { reason: 'laptop stolen' },
  });
  const verify = signatureVerifier(remoteSigningKeys(new URL(`${app.url}/signing-keys`)));
  await expect(verify(signed.signature, record, 'release')).rejects.toThrow('signature-key-revoked');
  expect(await verify(signed.signature, record, 'release', kept.renewals)).toMatchObject({ signer: 'li.old' });
  expect(await asKept(signed.signatureId)).toMatchObject({ holds: true });
});

test('a key that is revoked while it signs is rotated; what nobody had vouched for is void, and is not vouched for later', async () => {
  await person('li.void', ['quality-manager']);
  const { body: signed } = await sign('li.void');
  const stolen = await keyNow();
  const body = { reason: 'backup lost' };
  expect((await app.request('POST', `/signing-keys/${stolen}/revocations`, { as: administrator, body })).status).toBe(
    201,
  );
  expect(await keyNow()).not.toBe(stolen);
  await renewAll({ signatures, ring: () => ring, clock, log });
  expect(await asKept(signed.signatureId)).toMatchObject({ holds: false, brokenBy: 'key-revoked', renewals: [] });
  const again = await sign('li.void');
  expect(await asKept(again.body.signatureId)).toMatchObject({ holds: true });
});

test('keys are the administrator’s; one that is not there cannot be revoked', async () => {
  const body = { reason: 'r' };
  const as = { sub: 'li.qa', roles: ['quality-manager'] } as const;
  expect((await app.request('POST', '/signing-keys/rotations', { as, body })).status).toBe(403);
  expect(await app.request('POST', '/signing-keys/none/revocations', { as: administrator, body })).toMatchObject({ status: 404, body: { code: 'signing-key-unknown' } }); // prettier-ignore
});

test('two replicas that rotate at once make one key, and signing meanwhile is of its key’s time', async () => {
  const busy = Array.from({ length: 6 }, (_, n) => `li.busy.${String(n)}`);
  for (const one of busy) await person(one, ['quality-manager']);
  const other = await openKeyRing({ keys, secret: 'the secret of this test', now: clock.now });
  const [first, second, ...signed] = await Promise.all([
    ring.rotate('record'),
    other.rotate('record'),
    ...busy.map((one) => sign(one)),
  ]);
  expect(first[0].kid).toBe(second[0].kid);
  for (const { body } of signed) expect(await asKept(body.signatureId)).toMatchObject({ holds: true });
});
