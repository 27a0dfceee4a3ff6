import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testEnvironment } from '@lotwarden/platform/testing/service';
import { testTokens, type TestTokens } from '@lotwarden/platform/testing/tokens';
import { until } from '@lotwarden/platform/testing/until';

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
let issuer: Server;
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

beforeAll(async () => {
  tokens = await testTokens();
  issuer = createServer((_request, response) => response.end(JSON.stringify(tokens.jwks)));
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const environment = {
    PATH: process.env['PATH'],
    ...world.environment,
    SERVICE: 'receiving,qms',
    LOTWARDEN_SPANS_FILE: spansFile,
    OIDC_ISSUER: tokens.issuer,
    JWKS_URL: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`,
  };
  const program = ['--import', './platform/src/telemetry.ts', 'services/main.ts'];
  services = spawn(process.execPath, program, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  services.stdout?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ready = (): string | undefined => output.split('\n').find((line) => line.startsWith('{"ready"'));
  await until(() => ready() !== undefined || services.exitCode !== null, 60_000);
  addresses = (JSON.parse(ready() ?? '{}') as { ready: Record<string, string> }).ready;
});

afterAll(async () => {
  const ended = new Promise((resolve) => services.once('exit', resolve));
  services.kill('SIGTERM');
  expect(await ended).toBe(0);
  issuer.close();
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
  const reply = await fetch(`${addresses['receiving']}/parts`, {
    method: 'POST',
    headers: {
      ...(await tokens.headers({ roles: ['administrator'] })),
      'content-type': 'application/json',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    },
    body: JSON.stringify(part),
  });
  expect(reply.status).toBe(201);

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
