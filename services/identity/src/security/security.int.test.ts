import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lotwarden/platform/testing/until';
import { startIdentity, type Identity } from '../../test/identity.ts';

let identity: Identity;
let service: string;
beforeAll(async () => {
  identity = await startIdentity({ IDENTITY_URGENT_FAILURES: '5', QMS_CLIENT_SECRET: SECRET });
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'qms', client_secret: SECRET });
  const reply = await fetch(`${identity.issuer}/token`, { method: 'POST', body });
  ({ access_token: service } = (await reply.json()) as { access_token: string });
});
afterAll(() => identity.end());

const SECRET = 'a secret of this test alone';
const AT = '2026-01-01T00:00:00.000Z';
const refusal = (subject: string, count: number) => ({
  kind: 'signature-refused',
  subject,
  reason: 'signature-for-another-record',
  address: '10.1.1.1',
  count,
  firstAt: AT,
  lastAt: AT,
});
const events = async (query: string) => {
  const { body } = await identity.ask('GET', `/security-events?${query}`, identity.administrator);
  return (body as { items: readonly Record<string, unknown>[] }).items;
};

test('11.300(d): what another service refused is kept once however often it is told, and is urgent when it is too much', async () => {
  const told = { batch: randomUUID(), refusals: [refusal('wang.wei', 3), refusal('zhao.lei', 7)] };
  const first = await identity.ask('POST', '/security-events/reports', service, told);
  expect(first).toMatchObject({ status: 200, body: { kept: 2 } });
  const again = await identity.ask('POST', '/security-events/reports', service, told);
  expect(again).toMatchObject({ status: 200, body: { kept: 0 } });
  expect(await events('subject=wang.wei')).toMatchObject([{ count: 3, service: 'qms', address: '10.1.1.1' }]);
  expect(await events('kind=repeated-failures')).toMatchObject([{ subject: '10.1.1.1', urgent: true }]);
});

test('no person reports for a service, and no service says what only identity can know', async () => {
  const told = { batch: randomUUID(), refusals: [refusal('wang.wei', 1)] };
  const person = await identity.ask('POST', '/security-events/reports', identity.administrator, told);
  expect(person).toMatchObject({ status: 403, body: { code: 'permission-missing' } });
  const invented = { ...told, refusals: [{ ...refusal('wang.wei', 1), kind: 'roles-changed' }] };
  expect(await identity.ask('POST', '/security-events/reports', service, invented)).toMatchObject({
    status: 400,
    body: { code: 'body-invalid' },
  });
});

test('a forged token and a right that is missing are events, also when identity itself refused them', async () => {
  const [head = '', , signature = ''] = identity.administrator.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'administrator', roles: ['administrator'] })).toString('base64url');
  expect(await identity.ask('GET', '/accounts', `${head}.${claims}.${signature}`)).toMatchObject({ status: 401 });
  expect(await identity.ask('GET', '/machines', service)).toMatchObject({ status: 403 });
  await until(async () => (await events('kind=token-refused')).length > 0);
  expect(await events('kind=token-refused')).toMatchObject([{ reason: 'token-invalid', subject: '127.0.0.1' }]);
  expect(await events('kind=permission-refused&subject=qms')).toMatchObject([{ reason: 'permission-missing' }]);
});
