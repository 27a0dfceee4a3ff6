import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { testEnvironment } from '@lotwarden/platform/testing/service';
import { testTokens, type TestTokens } from '@lotwarden/platform/testing/tokens';
import { until } from '@lotwarden/platform/testing/until';

const world = testEnvironment();
const EVENTS = 3_000;
let tokens: TestTokens;
let issuer: Server;
let others: Neighbours;
let service: ChildProcess;
let address = '';

async function start(): Promise<void> {
  let output = '';
  const environment = {
    PATH: process.env['PATH'],
    ...world.environment,
    SERVICE: 'traceability',
    // How soon the dead member of its groups is given up.
    KAFKA_SESSION_TIMEOUT: '6000',
    OIDC_ISSUER: tokens.issuer,
    JWKS_URL: `http://127.0.0.1:${String((issuer.address() as AddressInfo).port)}/jwks`,
  };
  service = spawn(process.execPath, ['services/main.ts'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  service.stdout?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ready = (): string | undefined => output.split('\n').find((line) => line.startsWith('{"ready"'));
  await until(() => ready() !== undefined || service.exitCode !== null, 60_000);
  address = (JSON.parse(ready() ?? '{}') as { ready: Record<string, string> }).ready['traceability'] ?? '';
}

beforeAll(async () => {
  tokens = await testTokens();
  issuer = createServer((_, response) => response.end(JSON.stringify(tokens.jwks)));
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  await start();
  others = await neighbours(world.topicPrefix);
}, 90_000);
afterAll(async () => {
  const ended = new Promise((resolve) => service.once('exit', resolve));
  service.kill('SIGTERM');
  await ended;
  await others.close();
  issuer.close();
  await world.drop();
});

async function call<Body>(method: string, path: string, body?: object): Promise<{ headers: Headers; body: Body }> {
  const reply = await fetch(address + path, {
    method,
    headers: {
      ...(await tokens.headers({ sub: 'epcis-hub', kind: 'system', roles: ['system-epcis'] })),
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { headers: reply.headers, body: (await reply.json()) as Body };
}

interface Job {
  readonly running: boolean;
  readonly success: boolean;
}
interface Answered {
  readonly epcisBody: { readonly queryResults: { readonly resultsBody: { readonly eventList: readonly object[] } } };
}
const seen = async (): Promise<number> =>
  (await call<Answered>('GET', '/epcis/events?perPage=10&EQ_bizStep=loading')).body.epcisBody.queryResults.resultsBody
    .eventList.length;

const kept = (): Promise<number> =>
  world.inDatabase('traceability', (db) => db.collection('epcis_events').countDocuments());

test('a capture whose service is killed in the middle is not seen by halves, and is whole afterwards, each event once', async () => {
  const eventList = Array.from({ length: EVENTS }, (_, index) => ({
    type: 'ObjectEvent',
    eventID: `urn:uuid:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    eventTime: '2026-11-01T08:00:00Z',
    eventTimeZoneOffset: '+08:00',
    action: 'OBSERVE',
    bizStep: 'loading',
    epcList: [`urn:epc:id:sgtin:0614141.107346.${String(index)}`],
  }));
  const taken = await call<Job>('POST', '/epcis/capture', {
    '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-11-01T08:00:00Z',
    epcisBody: { eventList },
  });
  const job = taken.headers.get('location') ?? '';
  await until(async () => (await kept()) > 0, 30_000);
  const died = new Promise((resolve) => service.once('exit', resolve));
  service.kill('SIGKILL');
  await died;
  expect(await kept()).toBeLessThan(EVENTS);

  await start();
  expect((await call<Job>('GET', job)).body.running).toBe(true);
  expect(await seen()).toBe(0);
  // Nobody waits a minute for the lease of the dead to run out.
  await world.inDatabase('traceability', (db) =>
    db.collection('epcis_captures').updateMany({}, { $set: { leasedUntil: new Date(0) } }),
  );
  await until(async () => !(await call<Job>('GET', job)).body.running, 60_000);
  expect((await call<Job>('GET', job)).body.success).toBe(true);
  expect([await seen(), await kept()]).toEqual([10, EVENTS]);

  const told = async () => (await others.heard('traceability.epcis.v1')).map(({ eventId }) => eventId);
  await until(async () => new Set(await told()).size === EVENTS, 60_000);
}, 180_000);
