import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createLog } from '@lotwarden/platform/log';
import { startTestApp, type TestApp } from '@lotwarden/platform/testing/http';
import { homeRoutes } from '../home/home.routes.ts';
import { messages } from '../messages.ts';
import { registryMount } from '../registry/registry.routes.ts';
import { errorCodeMount } from './error-codes.routes.ts';
import { gatewayMounts } from './gateway.routes.ts';
import { createProxy, type Proxy } from './proxy.client.ts';
import { serviceQuestions } from './service-questions.client.ts';

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const heard: Heard[] = [];
let service: Server;
let other: Server;
let gateway: TestApp;
let proxy: Proxy;

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A service as far as a gateway can tell. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/never') return;
  if (request.url === '/broken') return void request.socket.destroy();
  if (request.url === '/half') {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => request.socket.destroy());
    return;
  }
  if (request.url === '/errors/lot-already-received') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code: 'lot-already-received', en: 'e', zh: '中', status: 409 }));
    return;
  }
  const body = await text(request);
  heard.push({ method: request.method, url: request.url, headers: request.headers, body });
  response.writeHead(201, {
    'content-type': 'application/json',
    etag: '"7"',
    location: '/lots/1',
    'set-cookie': 'a=b',
    'x-served-by': 'the service',
  });
  response.end('{"ok":true}');
}

beforeAll(async () => {
  service = createServer((request, response) => void answer(request, response));
  other = createServer((_, response) => response.end('not for you'));
  const receiving = await listening(service);
  const elsewhere = await listening(other);
  const addresses: Record<string, string> = {
    receiving,
    identity: receiving,
    'not-listed': elsewhere,
    qms: 'http://127.0.0.1:1',
  };
  const locate = (name: string) => addresses[name];
  proxy = createProxy({ locate, bodyLimit: 100_000, timeout: 300 });
  const questions = serviceQuestions({ locate, log: createLog({ service: 'console', level: 'silent' }) });
  gateway = await startTestApp(homeRoutes(questions), {
    messages,
    mounts: [...gatewayMounts(proxy), registryMount(), errorCodeMount(questions)],
  });
});
beforeEach(() => void heard.splice(0));
afterAll(async () => {
  await gateway.stop();
  await proxy.close();
  service.closeAllConnections();
  service.close();
  other.close();
});

/** The request line as written: no client in between tidies it up. */
const raw = (requestLine: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(gateway.url);
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(`${requestLine} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n`),
    );
    let got = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (got += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(got));
  });

test('a request arrives as it was sent, with who called and in which trace', async () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const reply = await gateway.request('POST', '/api/receiving/lots?x=%2F', {
    as: null,
    headers: {
      authorization: 'Bearer t',
      'idempotency-key': 'k',
      traceparent: trace,
      cookie: 'session=1',
      'x-forwarded-host': 'evil.example',
    },
    body: { lot: '批次' },
  });
  expect(reply).toMatchObject({ status: 201, body: { ok: true } });
  expect(reply.headers.get('etag')).toBe('"7"');
  expect(reply.headers.get('location')).toBe('/api/receiving/lots/1');
  expect(reply.headers.get('set-cookie')).toBeNull();
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  expect(heard[0]).toMatchObject({ method: 'POST', url: '/lots?x=%2F', body: '{"lot":"批次"}' });
  expect(heard[0]!.headers).toMatchObject({
    authorization: 'Bearer t',
    'idempotency-key': 'k',
    'x-forwarded-for': expect.stringContaining('127.0.0.1'),
    'x-forwarded-host': new URL(gateway.url).host,
    traceparent: expect.stringContaining('4bf92f3577b34da6a3ce929d0e0e4736'),
  });
  expect(heard[0]!.headers.cookie).toBeUndefined();
});

test('log-in pages keep their path and their cookies', async () => {
  const reply = await gateway.request('GET', '/openid/auth?x=1', { as: null, headers: { cookie: 'session=1' } });
  expect(heard[0]).toMatchObject({ url: '/openid/auth?x=1', headers: { cookie: 'session=1' } });
  expect(reply.headers.get('set-cookie')).toBe('a=b');
});

test.each([
  ['GET /api/receiving/../not-listed/x', 400],
  ['GET /api/receiving/%2e%2e/not-listed', 400],
  ['GET /api/receiving/..%2fnot-listed', 400],
  ['GET /api//not-listed/x', 400],
  ['GET http://evil.example/api/receiving/x', 400],
  ['GET //evil.example/api/receiving/x', 404],
  ['GET /api/not-listed/x', 404],
  ['GET /api/receiving@127.0.0.1/x', 404],
  ['GET /api/__proto__/x', 404],
  ['GET /openid/../api/receiving/x', 400],
  ['GET /OPENID/auth', 404],
  ['TRACE /api/receiving/x', 405],
])('%s leads nowhere: %s', async (line, status) => {
  expect(await raw(line)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(heard).toEqual([]);
});

test.each([
  ['a service that is not listening', '/api/qms/x', 502, 'service-unreachable'],
  ['a service that nobody knows where', '/api/audit/x', 502, 'service-unreachable'],
  ['a connection that breaks', '/api/receiving/broken', 502, 'service-unreachable'],
  ['a service that does not answer', '/api/receiving/never', 504, 'service-slow'],
])('%s is a problem with words', async (_, path, status, code) => {
  const reply = await gateway.request('GET', path, { as: null, headers: { 'accept-language': 'zh' } });
  expect(reply).toMatchObject({
    status,
    body: { code, type: `/errors/${code}`, detail: expect.stringMatching(/服务/) },
  });
});

test('an answer that breaks off is not taken for a whole one', async () => {
  await expect(gateway.request('GET', '/api/receiving/half', { as: null })).rejects.toThrow();
});

test('a body over the limit is refused, whether its length is told or not', async () => {
  const large = 'x'.repeat(10_000_000);
  const told = await gateway.request('POST', '/api/receiving/lots', { as: null, body: large });
  expect(told).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  const stream = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(60_000));
      if (++pulled === 4) controller.close();
    },
  });
  let pulled = 0;
  const untold = await fetch(`${gateway.url}/api/receiving/lots`, {
    method: 'POST',
    body: stream,
    duplex: 'half',
  });
  expect(untold.status).toBe(413);
});

test('codes of every service have words under one address', async () => {
  const known = await gateway.request('GET', '/errors/lot-already-received', { as: null });
  expect(known).toMatchObject({ status: 200, body: { code: 'lot-already-received', zh: '中' } });
  expect((await gateway.request('GET', '/errors/service-slow', { as: null })).body.status).toBe(504);
  expect((await gateway.request('GET', '/errors/no-such-code', { as: null })).status).toBe(404);
});

test('the first page says what is here, also to somebody who comes back from signing in', async () => {
  const { status, body } = await gateway.request('GET', '/?code=abc&state=x', { as: null });
  expect(status).toBe(200);
  expect(body).toContain('href="/api/receiving/openapi.json"');
  expect(body).toContain('未部署');
  expect(body).not.toContain('<script');
  const index = await gateway.request('GET', '/openapi', { as: null });
  expect(index.body.items).toContainEqual(expect.objectContaining({ openapi: '/api/qms/openapi.json' }));
});

test('the schema registry answers as a Confluent registry does, and takes nothing', async () => {
  const subjects = await gateway.request('GET', '/registry/subjects', { as: null });
  expect(subjects.headers.get('content-type')).toBe('application/vnd.schemaregistry.v1+json');
  expect(subjects.body).toContain('lims.inbound.v1-lotwarden.lims.inbound.ResultReported');
  const missing = await gateway.request('GET', '/registry/subjects/nothing/versions', { as: null });
  expect(missing).toMatchObject({ status: 404, body: { error_code: 40401 } });
  const subject = encodeURIComponent(subjects.body[0]);
  const put = await gateway.request('POST', `/registry/subjects/${subject}/versions`, {
    as: null,
    body: { schema: '"string"' },
  });
  expect(put).toMatchObject({ status: 422, body: { error_code: 42205 } });
});
