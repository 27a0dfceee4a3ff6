import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { UnsecuredJWT } from 'jose';
import { request } from 'undici';
import { z } from 'zod';
import { Conflict, Rejected, Transient } from '../errors.ts';
import { startTestApp, type TestApp } from '../testing/http.ts';
import { testTokens } from '../testing/tokens.ts';
import { createHttpApp, type HttpAppOptions } from './app.ts';
import { created, media, noContent, ok, page, pageOf, pageQuery, route, type Route } from './route.ts';

const LotView = z
  .object({ lot: z.string(), rev: z.number().int(), status: z.enum(['pending', 'accepted']) })
  .meta({ id: 'LotView' });
const LotBody = z.object({
  lot: z.string().min(3),
  quantity: z.object({ value: z.string(), unit: z.string() }).optional(),
});
const summary = { en: 'A lot', zh: '批次' };

const routes: Route[] = [
  route({
    method: 'post',
    path: '/lots',
    requires: 'material-lot.receive',
    summary,
    body: LotBody,
    reply: { 201: LotView },
    errors: ['lot-on-hold'],
    handle: async ({ body }) =>
      created({ lot: body.lot, rev: 1, status: 'pending' }, { location: `/lots/${body.lot}` }),
  }),
  route({
    method: 'get',
    path: '/lots/:lot',
    requires: 'material-lot.read',
    summary,
    reply: { 200: LotView },
    handle: async ({ params }) => {
      if (params.lot === 'held') throw new Rejected('lot-on-hold', { lot: 'L-1042', hold: 'H-RC-2026-1' });
      if (params.lot === 'missing') throw new Rejected('not-found');
      if (params.lot === 'raced') throw new Conflict();
      if (params.lot === 'down') throw new Transient();
      if (params.lot === 'strange') throw new Rejected('a-code-without-words');
      if (params.lot === 'broken') throw new Error('mongodb://lotwarden:secret@db/receiving refused');
      if (params.lot === 'never') await new Promise(() => undefined);
      if (params.lot === 'wrong') return ok({ lot: 'x', rev: 1, status: 'eaten' as 'pending' });
      return ok({ lot: params.lot, rev: 7, status: 'accepted' });
    },
  }),
  route({
    method: 'put',
    path: '/lots/:lot',
    requires: 'material-lot.receive',
    summary,
    ifMatch: 'required',
    body: LotBody,
    reply: { 200: LotView },
    handle: async ({ body, expectedRev }) => {
      if (expectedRev !== 7) throw new Rejected('version-stale');
      return ok({ lot: body.lot, rev: 8, status: 'accepted' });
    },
  }),
  route({
    method: 'get',
    path: '/lots',
    requires: 'material-lot.read',
    summary,
    query: z.object({ ...pageQuery, status: z.enum(['pending', 'accepted']).optional() }),
    reply: { 200: pageOf(LotView) },
    handle: async ({ query }) =>
      ok(page([{ lot: String(query.limit), rev: 1, status: query.status ?? 'pending' }], 'next')),
  }),
  route({
    method: 'get',
    path: '/context',
    requires: 'stock.read',
    summary,
    reply: { 200: z.object({ context: z.record(z.string(), z.unknown()) }) },
    handle: async ({ context }) => ok({ context: { ...context } }),
  }),
  route({
    method: 'post',
    path: '/answers',
    requires: 'public',
    summary,
    body: z.object({ notice: z.string() }),
    reply: { 200: z.object({ bytes: z.number(), actor: z.string() }), 204: null },
    handle: async ({ body, rawBody, context }) =>
      body.notice === 'nothing' ? noContent() : ok({ bytes: rawBody.length, actor: context.actor }),
  }),
  route({
    method: 'get',
    path: '/report.csv',
    requires: 'recall.read',
    summary,
    reply: { 200: media('text/csv') },
    handle: async () => ok('lot,status\n', { fileName: '报告.csv' }),
  }),
];

let app: TestApp;
let open = true;

beforeAll(async () => {
  app = await startTestApp(routes, {
    messages: { 'test-only': { en: 'x', zh: 'y', status: 409 } },
    isOpen: () => open,
    mounts: [
      { path: '/openid', handler: (_request, response) => response.end('provider') },
      { path: '/broken', handler: () => Promise.reject(new Error('a secret inside')) },
    ],
  });
});
afterAll(() => app.stop());

test('a command answers 201 with its version and address', async () => {
  const { status, headers, body } = await app.request('POST', '/lots', { body: { lot: 'L-1042' } });
  expect(status).toBe(201);
  expect(body).toEqual({ lot: 'L-1042', rev: 1, status: 'pending' });
  expect(headers.get('etag')).toBe('"1"');
  expect(headers.get('location')).toBe('/lots/L-1042');
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0\d$/);
});

test('nobody gets in without a good token', async () => {
  const forger = await testTokens();
  const admin = { roles: ['administrator', 'receiver'] as const };
  const unsigned = new UnsecuredJWT({ roles: ['receiver'] })
    .setSubject('x')
    .setIssuer(app.tokens.issuer)
    .setAudience('lotwarden-api');
  const cases: [Record<string, string>, string][] = [
    [{}, 'not-authenticated'],
    [await app.tokens.headers({ ...admin, expiresIn: -60 }), 'token-expired'],
    [await forger.headers(admin), 'token-invalid'],
    [{ authorization: `Bearer ${unsigned.setExpirationTime('1h').encode()}` }, 'token-invalid'],
    [await app.tokens.headers({ ...admin, audience: 'shop' }), 'token-invalid'],
    [{ authorization: 'Basic cm9vdDpyb290' }, 'token-invalid'],
  ];
  for (const [headers, code] of cases) {
    const reply = await app.request('GET', '/lots/L-1042', { as: null, headers });
    expect([reply.status, reply.body.code]).toEqual([401, code]);
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/);
  }
});

test('a permission that is missing is named', async () => {
  const reply = await app.request('POST', '/lots', { as: { roles: ['viewer'] }, body: { lot: 'L-1' } });
  expect([reply.status, reply.body.code]).toEqual([403, 'permission-missing']);
  expect(reply.body.detail).toContain('material-lot.receive');
});

test('bodies that do not fit are refused before anything happens', async () => {
  const large = await app.request('POST', '/lots', { body: { lot: 'x'.repeat(10 * 1024 * 1024) } });
  expect([large.status, large.body.code]).toEqual([413, 'body-too-large']);
  const cases: [unknown, Record<string, string>, number, string][] = [
    ['{"lot": ', {}, 400, 'body-not-json'],
    [Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'body-not-json'],
    ['lot=L-1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'content-type-unsupported'],
    [undefined, {}, 400, 'body-invalid'],
    ['null', {}, 400, 'body-invalid'],
    [{ lot: 'L-1', typo: 1 }, {}, 400, 'body-invalid'],
    [{ lot: 'L-1', quantity: 3 }, { 'content-encoding': 'compress' }, 415, 'content-type-unsupported'],
  ];
  for (const [body, headers, status, code] of cases) {
    const reply = await app.request('POST', '/lots', { body, headers });
    expect([reply.status, reply.body.code]).toEqual([status, code]);
  }
});

test('each wrong field is told where it is, in the caller’s language', async () => {
  const wrong = { lot: 1, quantity: { value: '3' } };
  const english = await app.request('POST', '/lots', { body: wrong });
  expect(english.body.errors).toEqual([
    { path: '/lot', code: 'invalid-type', message: 'Invalid input: expected string, received number' },
    { path: '/quantity/unit', code: 'invalid-type', message: 'Invalid input: expected string, received undefined' },
  ]);
  const chinese = await app.request('POST', '/lots', { body: wrong, headers: { 'accept-language': 'zh-CN,en;q=0.5' } });
  expect(chinese.body.errors[0].message).toMatch(/\p{Script=Han}/u);
  expect(chinese.body.detail).toMatch(/请求正文/);
  expect(chinese.headers.get('content-language')).toBe('zh');
  expect(english.body.detail).toMatch(/^The body/);
});

test('a refusal is a problem document with words, facts and a page of its own', async () => {
  const { status, headers, body } = await app.request('GET', '/lots/held', { headers: { 'x-request-id': 'scan-17' } });
  expect(headers.get('content-type')).toMatch('application/problem+json');
  expect({ status, body }).toEqual({
    status: 409,
    body: {
      type: '/errors/lot-on-hold',
      title: 'Lot on hold',
      status: 409,
      code: 'lot-on-hold',
      detail: expect.stringContaining('Lot L-1042 is on hold (H-RC-2026-1)'),
      instance: '/lots/held',
      requestId: 'scan-17',
      data: { lot: 'L-1042', hold: 'H-RC-2026-1' },
    },
  });
  const documented = await app.request('GET', body.type, { as: null });
  expect(documented.body).toMatchObject({ code: 'lot-on-hold', status: 409, zh: expect.stringMatching('冻结') });
});

test('every kind of failure has its status, and ours tell nothing about our inside', async () => {
  const cases = { missing: 404, raced: 409, down: 503, broken: 500, strange: 409, wrong: 500 };
  for (const [lot, status] of Object.entries(cases)) {
    const reply = await app.request('GET', `/lots/${lot}`);
    expect([lot, reply.status]).toEqual([lot, status]);
    expect(JSON.stringify(reply.body)).not.toMatch(/secret|mongodb|stack|node_modules/);
    if (status === 503) expect(reply.headers.get('retry-after')).toBe('1');
    if (lot !== 'broken') continue;
    expect(reply.body.detail).toContain(reply.body.requestId);
    expect(app.logged).toContainEqual(expect.objectContaining({ level: 'error', requestId: reply.body.requestId }));
  }
  expect((await app.request('GET', '/lots/%E0%A4%A')).body.code).toBe('path-invalid');
});

test('a request that takes too long is answered, and told what to do', async () => {
  const hasty = await startTestApp(routes, { timeoutMs: 100 });
  expect((await hasty.request('GET', '/lots/never')).body).toMatchObject({ status: 503, code: 'request-timeout' });
  await hasty.stop();
});

test('what nobody serves is told as such', async () => {
  expect((await app.request('GET', '/nowhere')).body.code).toBe('not-found');
  const wrong = await app.request('DELETE', '/lots');
  expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([405, 'method-not-allowed', 'POST, GET']);
});

test('a change needs the version that was seen', async () => {
  const change = (headers: Record<string, string>) =>
    app.request('PUT', '/lots/L-1', { body: { lot: 'L-1' }, headers });
  expect((await change({})).body).toMatchObject({ status: 428, code: 'precondition-required' });
  expect((await change({ 'if-match': '"6"' })).body).toMatchObject({ status: 412, code: 'version-stale' });
  expect((await change({ 'if-match': 'seven' })).body).toMatchObject({ status: 400, code: 'header-invalid' });
  expect((await change({ 'if-match': '"7"' })).headers.get('etag')).toBe('"8"');
  const headers = { ...(await app.tokens.headers({ roles: ['viewer'] })), 'if-none-match': '"7"' };
  expect((await request(`${app.url}/lots/L-1`, { headers })).statusCode).toBe(304);
});

test('lists are typed by their query', async () => {
  expect((await app.request('GET', '/lots?limit=2&status=accepted')).body).toEqual({
    items: [{ lot: '2', rev: 1, status: 'accepted' }],
    next: 'next',
  });
  for (const query of ['limit=0', 'limit=x', 'status=eaten', 'statsu=accepted', 'limit=1&limit=2'])
    expect((await app.request('GET', `/lots?${query}`)).body.code).toBe('query-invalid');
});

test('who, why, where and when come from the token and the headers', async () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { body, headers: answered } = await app.request('GET', '/context', {
    as: { sub: 'wang.li', roles: ['viewer'] },
    headers: {
      'x-reason': encodeURIComponent('复检,见 NC-7'),
      'x-device': 'scanner-4',
      'x-site': 'SZ',
      'x-occurred-at': '2026-11-01T08:00:00+08:00',
      'x-request-id': 'repeatable',
      traceparent: trace,
    },
  });
  expect(body.context).toMatchObject({
    actor: 'wang.li',
    reason: '复检,见 NC-7',
    device: 'scanner-4',
    site: 'SZ',
    occurredAt: '2026-11-01T00:00:00.000Z',
    trace,
  });
  expect(answered.get('traceparent')).toBe(trace);
  // The caller chooses the request id and may repeat it; what causes an event must be one attempt.
  expect(body.context.causationId).toMatch(/^[\w-]{36}$/);
  const wrong = [
    { 'x-reason': '%zz' },
    { 'x-reason': 'a%0Ab' },
    { 'x-site': 'x'.repeat(101) },
    { 'x-occurred-at': 'yesterday' },
    { 'x-occurred-at': '2999-01-01T00:00:00Z' },
  ];
  for (const headers of wrong)
    expect((await app.request('GET', '/context', { headers })).body.code).toBe('header-invalid');
});

test('a public route sees the bytes as they came, and takes no actor’s name', async () => {
  const answer = await app.request('POST', '/answers', { as: null, body: '{ "notice": "N-1" }' });
  expect(answer.body).toEqual({ bytes: 19, actor: 'anonymous' });
  expect((await app.request('POST', '/answers', { as: null, body: { notice: 'nothing' } })).status).toBe(204);
});

test('what is not JSON leaves as it is', async () => {
  const { headers, body } = await app.request('GET', '/report.csv');
  expect(body).toBe('lot,status\n');
  expect(headers.get('content-type')).toMatch('text/csv');
  expect(headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${encodeURIComponent('报告.csv')}`);
});

test('health answers always, the rest only while the service is open', async () => {
  open = false;
  expect((await app.request('GET', '/lots/L-1')).body).toMatchObject({ status: 503, code: 'service-closed' });
  expect((await app.request('GET', '/health/live', { as: null })).body).toEqual({ ok: true });
  open = true;
});

test('what is mounted speaks for itself; when it fails we answer for it', async () => {
  expect((await app.request('GET', '/openid/jwks', { as: null })).body).toBe('provider');
  const broken = await app.request('GET', '/broken', { as: null });
  expect(broken.body).toMatchObject({ status: 500, code: 'internal' });
  expect(JSON.stringify(broken.body)).not.toContain('secret');
});

test('who asks too often waits, others do not', async () => {
  const small = await startTestApp(routes, { rateLimits: { person: 2, anonymous: 1 } });
  const ask = async (sub: string) =>
    (await small.request('GET', '/lots/L-1', { as: { sub, roles: ['viewer'] } })).status;
  expect([await ask('a'), await ask('a'), await ask('a'), await ask('b')]).toEqual([200, 200, 429, 200]);
  const guess = () => small.request('GET', '/lots/L-1', { as: null, headers: { authorization: 'Bearer guess' } });
  expect((await guess()).status).toBe(401);
  const limited = await guess();
  expect([limited.status, limited.body.code]).toEqual([429, 'rate-limited']);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  await small.stop();
});

test('headers keep browsers out of trouble', async () => {
  const { headers } = await app.request('GET', '/lots/L-1');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('cache-control')).toBe('private, no-cache');
});

test('the API describes itself in valid OpenAPI 3.1', async () => {
  const { body } = await app.request('GET', '/openapi.json', { as: null });
  const validator = new Validator();
  expect(await validator.validate(body)).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
  const receive = body.paths['/lots'].post;
  expect(receive).toMatchObject({ 'x-permission': 'material-lot.receive', security: [{ bearer: [] }] });
  expect(receive.responses['409'].description).toContain('lot-on-hold');
  expect(body.paths['/lots/{lot}'].put.responses['428'].description).toContain('precondition-required');
  expect(body.paths['/answers'].post.security).toEqual([]);
});

test('an application with a route nobody guards does not start', () => {
  const options = { service: 'x', messages: {}, routes: [] } as unknown as HttpAppOptions;
  const unguarded = { ...routes[0]!, requires: undefined } as unknown as Route;
  expect(() => createHttpApp({ ...options, routes: [[unguarded]] })).toThrow('POST /lots: declares no permission');
  expect(() => createHttpApp({ ...options, routes: [routes, routes] })).toThrow('declared twice');
  expect(() => createHttpApp({ ...options, routes: [[{ ...routes[0]!, path: '/lots/{lot}' }]] })).toThrow(
    '/:parameter',
  );
});
