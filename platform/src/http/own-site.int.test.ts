import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { assertOwnSite } from '../permissions/own-site.ts';
import { gatherRefusals } from '../security/refusals.ts';
import { startTestApp, type TestApp } from '../testing/http.ts';
import { created, ok, route } from './route.ts';

const Reply = z.object({ done: z.boolean() });
const summary = { en: 'Something at a site', zh: '场所操作' };

const routes = [
  route({
    method: 'post',
    path: '/moves',
    requires: 'stock.move',
    summary,
    body: z.object({ site: z.string().optional() }),
    reply: { 201: Reply },
    handle: async ({ context }) => {
      assertOwnSite(context, 'SZ1'); // where the goods are found to be
      return created({ done: true });
    },
  }),
  route({
    method: 'post',
    path: '/sites/:site/locations',
    requires: 'site.manage',
    summary,
    reply: { 201: Reply },
    handle: async () => created({ done: true }),
  }),
  route({
    method: 'get',
    path: '/stock/:site',
    requires: 'stock.read',
    summary,
    reply: { 200: Reply },
    handle: async () => ok({ done: true }),
  }),
];

const refusals = gatherRefusals('test', 10);
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp(routes, { refusals });
});
afterAll(() => app.stop());

const at = (...sites: string[]) => ({ roles: ['shipping-lead'] as const, sites });
const move = (as: object, body: object) => app.request('POST', '/moves', { as, body });

test('11.10(d): whoever is bound to a site acts at no other, whether the request names it or the record does', async () => {
  expect((await move(at('SZ1'), { site: 'SZ1' })).status).toBe(201);
  expect(await move(at('SZ1', 'SH2'), { site: 'SH2' })).toMatchObject({ status: 201 });
  expect(await move(at('SH2'), { site: 'SZ1' })).toMatchObject({ status: 403, body: { code: 'site-not-yours' } });
  // He names his own, or none; the goods are elsewhere.
  expect(await move(at('SH2'), {})).toMatchObject({ status: 403, body: { code: 'site-not-yours' } });
  expect(await move(at('SH2'), { site: 'SH2' })).toMatchObject({ status: 403, body: { code: 'site-not-yours' } });
  const opened = await app.request('POST', '/sites/SZ1/locations', { as: at('SH2') });
  expect(opened).toMatchObject({ status: 403, body: { code: 'site-not-yours' } });
});

test('whoever is bound to no site acts at all of them, and reading is bound to none', async () => {
  expect((await move({ roles: ['shipping-lead'] }, { site: 'SZ1' })).status).toBe(201);
  expect((await app.request('GET', '/stock/SZ1', { as: at('SH2') })).status).toBe(200);
});

test('the refusal says in both languages where the caller may act', async () => {
  const reply = (language: string) =>
    app.request('POST', '/moves', { as: at('SH2'), body: { site: 'SZ1' }, headers: { 'accept-language': language } });
  expect((await reply('en')).body.detail).toContain('You are bound to SH2 and cannot act at SZ1');
  expect((await reply('zh')).body.detail).toContain('不能在 SZ1 操作');
});

test('11.300(d): whoever is refused is noted, with what was refused; a wrong body is no attempt', async () => {
  refusals.takeAll();
  await move({ ...at('SZ2'), sub: 'zhao.lei' }, {});
  await move({ ...at('SZ1'), roles: ['viewer'], sub: 'wang.wei' }, {});
  await move({ ...at('SZ1'), sub: 'li.na' }, { site: 1 });
  await app.request('GET', '/stock/SZ1', { as: null, headers: { authorization: 'Bearer forged' } });
  expect(refusals.takeAll()).toMatchObject([
    { kind: 'permission-refused', subject: 'zhao.lei', reason: 'site-not-yours' },
    { kind: 'permission-refused', subject: 'wang.wei', reason: 'permission-missing' },
    { kind: 'token-refused', subject: expect.stringContaining('127.0.0.1'), reason: 'token-invalid' },
  ]);
});
