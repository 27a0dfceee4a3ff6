import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SignedRecord } from '@lotwarden/platform/signature';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { testEnvironment } from '@lotwarden/platform/testing/service';
import { testTokens, type TestClaims, type TestTokens } from '@lotwarden/platform/testing/tokens';
import { until } from '@lotwarden/platform/testing/until';
import { besides, type Beside } from '../services/recall/test/beside.ts';
import type { Fact } from '../services/traceability/src/genealogy/facts.ts';
import { createHistory, line, serials } from '../services/traceability/test/history.ts';

interface Span {
  readonly service: string | null;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
}

const folder = mkdtempSync(join(tmpdir(), 'lotwarden-spans-'));
const spansFile = join(folder, 'spans.jsonl');
const world = testEnvironment();
const heard: IncomingMessage[] = [];
let issuer: Server;
let hospital: Server;
let keys: Beside;
let others: Neighbours;
let tokens: TestTokens;
let services: ChildProcess;
let addresses: Readonly<Record<string, string>>;
let output = '';

const spans = (): readonly Span[] =>
  existsSync(spansFile)
    ? readFileSync(spansFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Span)
    : [];

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

const MANAGER: TestClaims = { sub: 'rm.chen', roles: ['administrator', 'recall-manager', 'auditor'] };

/** A request in a trace; what it leads to is looked for by the trace's id. */
async function call<Reply>(
  traceId: string,
  path: string,
  body?: unknown,
  claims: TestClaims = MANAGER,
): Promise<Reply> {
  const [service = '', ...rest] = path.split('/');
  const reply = await fetch(`${addresses[service] ?? ''}/${rest.join('/')}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(await tokens.headers(claims)),
      'content-type': 'application/json',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = (await reply.json()) as Reply;
  expect([reply.status, answer]).toEqual([body === undefined ? 200 : 201, answer]);
  return answer;
}

beforeAll(async () => {
  tokens = await testTokens();
  keys = await besides();
  const token = await tokens.sign({ sub: 'service:recall', kind: 'service', roles: ['service'] });
  issuer = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/token' ? { access_token: token, expires_in: 600 } : tokens.jwks));
  });
  hospital = createServer((request, response) => {
    heard.push(request);
    request.resume();
    response.writeHead(204).end();
  });
  const issuerUrl = await listening(issuer);
  const environment = {
    PATH: process.env['PATH'],
    ...world.environment,
    // The five gates, without which no recall is frozen and no party told, and those that find, decide and tell.
    // field books who has goods, from shipments and from what partners tell.
    SERVICE: 'receiving,mes-bridge,serialization,warehouse,qms,field,traceability,recall,notification',
    FIELD_OWN_PARTIES: '0614141999996',
    LOTWARDEN_SPANS_FILE: spansFile,
    OIDC_ISSUER: tokens.issuer,
    JWKS_URL: `${issuerUrl}/jwks`,
    TOKEN_URL: `${issuerUrl}/token`,
    SIGNING_KEYS_URL: `${keys.url}/signing-keys`,
    NOTIFICATION_ALLOW_LOOPBACK: 'true',
  };
  const program = ['--import', './platform/src/telemetry.ts', 'services/main.ts'];
  services = spawn(process.execPath, program, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  services.stdout?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ready = (): string | undefined => output.split('\n').find((line) => line.startsWith('{"ready"'));
  await until(() => ready() !== undefined || services.exitCode !== null, 100_000);
  addresses = (JSON.parse(ready() ?? '{}') as { ready: Record<string, string> }).ready;
  others = await neighbours(world.topicPrefix);
});

afterAll(async () => {
  const ended = new Promise((resolve) => services.once('exit', resolve));
  services.kill('SIGTERM');
  expect(await ended).toBe(0);
  await others.close();
  issuer.close();
  hospital.close();
  keys.close();
  await world.drop();
  rmSync(folder, { recursive: true });
});

test('one trace leads from a request over the outbox and Kafka into the service that hears of it', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const part = {
    part: 'CAP-1',
    revision: 'A',
    name: 'Capacitor',
    unit: 'EA',
    validFrom: '2026-01-01T00:00:00.000Z',
    characteristics: [],
  };
  await call(traceId, 'receiving/parts', part);

  const named = (name: string, service: string): Span | undefined =>
    spans().find((span) => span.traceId === traceId && span.name === name && span.service === service);
  await until(() => named('process receiving.part.v1', 'qms') !== undefined);
  const request = named('POST /parts', 'receiving');
  expect(request?.parentSpanId).toBe('00f067aa0ba902b7');
  expect(named('send receiving.part.v1', 'receiving')).toBeDefined();
  // What MongoDB was asked to do is in the trace too, on both sides.
  expect(named('insert outbox', 'receiving')?.parentSpanId).toBeDefined();
  await until(() => named('insert consumer_offsets', 'qms') !== undefined);
});

const { facts, tell } = createHistory();
let published = 0;

async function publish(context: { trace?: string } = {}): Promise<void> {
  const news: readonly Fact[] = facts.slice(published);
  published = facts.length;
  for (const { topic, aggregate, event } of news) await others.say(topic, aggregate, event, context);
}

test('one trace leads from the launch, and one from a fact that widens the scope, to the webhook it causes', async () => {
  const [drafting, launching, shipping] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string];
  const told = (traceId: string): boolean =>
    heard.some(({ headers }) => String(headers['traceparent']).split('-')[1] === traceId);
  const root = 'M-SZ1-261101-00001';
  tell.received(root, 100, 'L-1042');
  tell.operation('pump', { in: [[root, 10]], out: [['F1', 10]] });
  tell.dispatched('S-1', 'HOSPITAL', [line('F1', 2, serials(1, 2))]);
  await publish();
  const endpoint = { endpoint: 'HOSPITAL-1', party: 'HOSPITAL', url: await listening(hospital) };
  await call(drafting, 'notification/endpoints', endpoint);

  interface Case {
    readonly case: string;
    readonly scope: { readonly custodians: number };
  }
  const drafted = await call<Case>(drafting, 'recall/cases', { title: 'IP-200', reason: 'smoke', roots: [root] });
  const at = `recall/cases/${drafted.case}`;
  await until(async () => (await call<Case>(drafting, at)).scope.custodians === 1, 30_000);
  const what = { recallClass: 'I', instructions: 'Stop use', instructionsZh: '停止使用' };
  const record = await call<SignedRecord>(launching, `${at}/launch-record?${new URLSearchParams(what).toString()}`);
  await call(launching, `${at}/launches`, { ...what, signature: await keys.sign(record, 'launch') });
  await until(() => told(launching), 40_000);

  tell.dispatched('S-2', 'HOSPITAL', [line('F1', 1, serials(3, 3))]);
  await publish({ trace: `00-${shipping}-00f067aa0ba902b7-01` });
  await until(() => told(shipping), 40_000);
  expect(told(drafting)).toBe(false);

  // Every service on the road has its part in the fact's trace.
  const on = (service: string): boolean =>
    spans().some((span) => span.traceId === shipping && span.service === service);
  await until(() => ['traceability', 'recall', 'notification'].every(on));
});

test('a custodian known only from what a partner captured in EPCIS is told', async () => {
  const [shipper, hospitalOfNobody] = ['0614141000012', '0614141000029'];
  const told: IncomingMessage[] = [];
  const ninth = createServer((request, response) => {
    told.push(request);
    request.resume();
    response.writeHead(204).end();
  });
  const traceId = 'd'.repeat(32);
  await call(traceId, 'notification/endpoints', {
    endpoint: 'NINTH-1',
    party: hospitalOfNobody,
    url: await listening(ninth),
  });
  tell.dispatched('S-3', shipper, [line('F1', 3, serials(4, 6))]);
  await publish();
  const held = async (party: string) =>
    (await call<{ items: { quantities: { value: string }[] }[] }>(traceId, `field/custody?custodian=${party}&lot=F1`))
      .items[0]?.quantities[0]?.value;
  await until(async () => (await held(shipper)) === '3', 30_000);
  const event = {
    '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
    type: 'ObjectEvent',
    eventID: 'urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8',
    eventTime: '2026-11-10T08:00:00Z',
    eventTimeZoneOffset: '+08:00',
    action: 'OBSERVE',
    bizStep: 'shipping',
    epcList: [4, 5].map((n) => `https://id.gs1.org/01/06901234567892/21/IP00000${String(n)}`),
    sourceList: [{ type: 'possessing_party', source: `https://id.gs1.org/417/${shipper}` }],
    destinationList: [{ type: 'possessing_party', destination: `https://id.gs1.org/417/${hospitalOfNobody}` }],
  };
  const partner: TestClaims = { sub: 'd1-system', kind: 'system', roles: ['partner-epcis'], party: shipper };
  await call(traceId, 'traceability/epcis/events', event, partner);
  await until(async () => (await held(hospitalOfNobody)) === '2', 30_000);
  await until(() => told.length > 0, 40_000);
  ninth.close();
});
