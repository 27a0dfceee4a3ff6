import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { gatherRefusals } from '../security/refusals.ts';
import { startTestApp, type TestApp } from '../testing/http.ts';
import { created, ok, route } from './route.ts';

const Reply = z.object({ markets: z.array(z.string()).nullable() });
const summary = { en: 'Something for a market', zh: '市场操作' };

const routes = [
  route({
    method: 'post',
    path: '/releases',
    requires: 'lot.release',
    summary,
    body: z.object({ market: z.string() }),
    reply: { 201: Reply },
    handle: async ({ context: { markets = null } }) => created({ markets: markets && [...markets] }),
  }),
  route({
    method: 'get',
    path: '/releases/:market',
    requires: 'release.read',
    summary,
    reply: { 200: Reply },
    handle: async () => ok({ markets: null }),
  }),
  route({
    method: 'post',
    path: '/events',
    requires: 'epcis.capture',
    summary,
    reply: { 201: Reply },
    handle: async () => created({ markets: null }),
  }),
];

const refusals = gatherRefusals('test', 10);
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp(routes, { refusals });
});
afterAll(() => app.stop());

const manager = { sub: 'li.na', roles: ['quality-manager'] } as const;
const release = (as: object, market: string, headers = {}) =>
  app.request('POST', '/releases', { as, body: { market }, headers });

test('11.10(d): whoever is bound to markets acts for no other; whoever is bound to none for all; reading is not bound', async () => {
  const bound = { ...manager, markets: ['CN', 'HK'] };
  expect(await release(bound, 'CN')).toMatchObject({ status: 201, body: { markets: ['CN', 'HK'] } });
  expect(await release(bound, 'US')).toMatchObject({ status: 403, body: { code: 'market-not-yours' } });
  // For any market is for all others too.
  expect(await release(bound, '*')).toMatchObject({ status: 403, body: { code: 'market-not-yours' } });
  expect(await release({ ...manager, markets: [] }, 'CN')).toMatchObject({ status: 403 });
  expect(await release(manager, 'US')).toMatchObject({ status: 201, body: { markets: null } });
  expect((await app.request('GET', '/releases/US', { as: bound })).status).toBe(200);
  expect((await release(bound, 'US', { 'accept-language': 'zh' })).body.detail).toContain('不能为 US 操作');
});

test('11.10(d): whoever acts for an outside party does only what is open to parties, whatever roles come with it', async () => {
  refusals.takeAll();
  const outside = {
    sub: 'li.na',
    roles: ['quality-manager', 'administrator', 'partner-epcis'],
    party: 'HOSPITAL-1',
  } as const;
  expect(await release(outside, 'CN')).toMatchObject({ status: 403, body: { code: 'party-not-ours' } });
  expect(await app.request('GET', '/releases/CN', { as: outside })).toMatchObject({ status: 403 });
  expect((await app.request('POST', '/events', { as: outside })).status).toBe(201);
  expect(refusals.takeAll()).toMatchObject([
    { kind: 'permission-refused', subject: 'li.na', reason: 'party-not-ours' },
  ]);
});
