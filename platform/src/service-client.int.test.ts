import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { Rejected } from './errors.ts';
import { ok, route } from './http/route.ts';
import { createServiceClients, type ServiceClients } from './service-client.client.ts';
import { startTestApp, type TestApp } from './testing/http.ts';
import { clientCredentials, type TokenSource } from './token-source.client.ts';

const Scope = z.object({ lots: z.array(z.string()) });
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const opened: Server[] = [];

let app: TestApp;
let clients: ServiceClients;
let seen: { trace?: string | undefined; actor?: string } = {};

const scope = route({
  method: 'post',
  path: '/scopes',
  requires: 'scope.question',
  summary: { en: 'Scope', zh: '范围' },
  body: z.object({ roots: z.array(z.string()) }),
  reply: { 200: Scope },
  handle: async ({ body, context }) => {
    seen = { trace: context.trace, actor: context.actor };
    if (body.roots.includes('unknown')) throw new Rejected('lot-on-hold', { lot: 'unknown' });
    return ok({ lots: [...body.roots, '子批'] });
  },
});
const lot = route({
  method: 'get',
  path: '/lots/:lot',
  requires: 'trace.read',
  summary: { en: 'Lot', zh: '批次' },
  reply: { 200: Scope },
  handle: async ({ params }) => {
    if (params.lot === 'bug') throw new Error('boom');
    return ok({ lots: [params.lot] });
  },
});

const own = (): TokenSource => ({
  token: () => app.tokens.sign({ sub: 'recall', kind: 'service', roles: ['service'] }),
  refused: () => undefined,
});

/** A server that does what it is told; `asked` counts. */
async function serve(handler: (request: IncomingMessage, response: ServerResponse, asked: number) => void) {
  const state = { asked: 0, url: '' };
  const server = createServer((request, response) => handler(request, response, ++state.asked));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(server);
  state.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return state;
}

const asking = (url: string | undefined, tokens = own()): ServiceClients => {
  clients = createServiceClients({ locate: () => url, tokens, random: () => 0 });
  return clients;
};

beforeAll(async () => {
  app = await startTestApp([scope, lot]);
});
afterEach(async () => {
  await clients.close();
  for (const server of opened.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => app.stop());

test('a question gets its answer, in the asker’s name and trace', async () => {
  const traceability = asking(app.url).to('traceability');
  expect(await traceability.ask('/scopes', { roots: ['L-1'] }, Scope, { trace: TRACE })).toEqual({
    lots: ['L-1', '子批'],
  });
  expect(seen).toEqual({ trace: TRACE, actor: 'recall' });
  expect(await traceability.get('/lots/L-7', Scope)).toEqual({ lots: ['L-7'] });
});

test('the other side’s no keeps its code, its facts and its status', async () => {
  const refused = asking(app.url)
    .to('traceability')
    .ask('/scopes', { roots: ['unknown'] }, Scope);
  await expect(refused).rejects.toMatchObject({
    name: 'Rejected',
    code: 'lot-on-hold',
    status: 409,
    detail: { lot: 'unknown' },
  });
});

test('our own mistakes are bugs, not answers for whoever asked us', async () => {
  const traceability = asking(app.url).to('traceability');
  await expect(traceability.ask('/scopes', { root: 1 }, Scope)).rejects.toThrow('400 body-invalid');
  await expect(traceability.get('/lots/L-1', z.object({ other: z.string() }))).rejects.toBeInstanceOf(z.ZodError);
  const noRight: TokenSource = { ...own(), token: () => app.tokens.sign({ sub: 'x', roles: ['system-lims'] }) };
  await clients.close();
  await expect(asking(app.url, noRight).to('traceability').get('/lots/L-1', Scope)).rejects.toThrow(
    '403 permission-missing',
  );
});

test('a service that is not there, restarts or breaks is told as such', async () => {
  for (const url of [undefined, 'http://127.0.0.1:1']) {
    const gone = asking(url).to('traceability').get('/lots/L-1', Scope);
    await expect(gone).rejects.toMatchObject({
      name: 'Transient',
      code: 'upstream-unavailable',
      detail: { upstream: 'traceability' },
    });
    await clients.close();
  }
  await expect(asking(app.url).to('traceability').get('/lots/bug', Scope)).rejects.toMatchObject({ name: 'Transient' });
});

test('a broken connection and a restarting service are asked again', async () => {
  const flaky = await serve((request, response, asked) => {
    if (asked === 1) request.socket.destroy();
    else response.writeHead(asked === 2 ? 503 : 200).end('{"lots":["L-1"]}');
  });
  expect(await asking(flaky.url).to('traceability').ask('/scopes', {}, Scope)).toEqual({ lots: ['L-1'] });
  expect(flaky.asked).toBe(3);
});

test('an answer that never comes ends with the deadline', async () => {
  const silent = await serve(() => undefined);
  const asked = asking(silent.url).to('traceability').get('/lots/L-1', Scope, { timeout: 80 });
  await expect(asked).rejects.toMatchObject({ code: 'upstream-unavailable' });
  expect(silent.asked).toBe(1);
});

test('a token is fetched once, again before it ends, and again when it is refused', async () => {
  let now = 0;
  const issuer = await serve((request, response, asked) => {
    expect(request.headers.authorization).toBe(`Basic ${Buffer.from('recall:s%3Acret').toString('base64')}`);
    response.end(JSON.stringify({ access_token: `t${String(asked)}`, expires_in: 300 }));
  });
  const tokens = clientCredentials({
    tokenUrl: new URL(issuer.url),
    clientId: 'recall',
    clientSecret: 's:cret',
    now: () => new Date(now),
  });
  expect(await Promise.all([tokens.token(), tokens.token(), tokens.token()])).toEqual(['t1', 't1', 't1']);
  now = 271_000;
  expect(await tokens.token()).toBe('t2');
  tokens.refused('t1');
  expect(await tokens.token()).toBe('t2');
  const service = await serve((request, response) => {
    const good = request.headers.authorization === 'Bearer t3';
    response.writeHead(good ? 200 : 401).end('{"lots":[]}');
  });
  expect(await asking(service.url, tokens).to('traceability').get('/lots/L-1', Scope)).toEqual({ lots: [] });
  expect(issuer.asked).toBe(3);
});

test('wrong credentials are told apart from an issuer that is away', async () => {
  const source = (url: string) =>
    clientCredentials({ tokenUrl: new URL(url), clientId: 'recall', clientSecret: 'x', now: () => new Date() });
  const strict = await serve((_request, response) => response.writeHead(401).end('{"error":"invalid_client"}'));
  const down = await serve((_request, response) => response.writeHead(502).end());
  asking(undefined);
  await expect(source(strict.url).token()).rejects.toThrow('invalid_client');
  await expect(source(down.url).token()).rejects.toMatchObject({ code: 'upstream-unavailable' });
  await expect(source('http://127.0.0.1:1').token()).rejects.toMatchObject({ code: 'upstream-unavailable' });
});
