import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import consoleService from '@lotwarden/console';
import identity from '@lotwarden/identity';
import { signIn } from '@lotwarden/platform/sign-in';
import { supervise, type Supervised } from '@lotwarden/platform/supervise';
import { testEnvironment, type TestEnvironment } from '@lotwarden/platform/testing/service';

const ACCOUNT = 'administrator';
const FIRST = 'first-start-once-only';
const PASSWORD = 'a sentence that nobody guesses';

let world: TestEnvironment;
let running: Supervised;
let gateway: string;

beforeAll(async () => {
  const port = await freePort();
  gateway = `http://127.0.0.1:${port}`;
  world = testEnvironment({
    CONSOLE_PORT: String(port),
    OIDC_ISSUER: `${gateway}/openid`,
    IDENTITY_ADMINISTRATOR_PASSWORD: FIRST,
    LOG_LEVEL: 'error', // services that are not there are part of this
  });
  running = supervise([identity, consoleService], world.environment);
  await running.ready();
});
afterAll(async () => {
  await running.stop();
  await world.drop();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function redrive(...words: string[]): Promise<{ readonly code: number; readonly said: string }> {
  const child = spawn(process.execPath, ['tools/redrive.ts', ...words], {
    env: { GATEWAY: gateway, ACCOUNT, PASSWORD },
  });
  const [out, error, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1))),
  ]);
  return { code, said: out + error };
}

test('a person signs in, works and signs through one origin', async () => {
  const issuer = `${gateway}/openid`;
  const token = await signIn({ issuer, account: ACCOUNT, password: FIRST, newPassword: PASSWORD });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

  const me = await fetch(`${gateway}/api/identity/accounts/me`, { headers });
  expect(await me.json()).toMatchObject({ account: ACCOUNT, roles: ['administrator'] });

  const act = {
    account: ACCOUNT,
    password: PASSWORD,
    recordType: 'lot-release',
    recordId: 'F-1',
    recordVersion: 1,
    recordHash: 'a'.repeat(64),
    meaning: 'release',
    reason: 'not my role',
  };
  const signed = await fetch(`${gateway}/api/identity/signatures`, {
    method: 'POST',
    headers,
    body: JSON.stringify(act),
  });
  expect(signed.status).toBe(403);
  expect(await signed.json()).toMatchObject({
    code: 'signature-meaning-not-yours',
    type: '/errors/signature-meaning-not-yours',
  });
  expect((await fetch(`${gateway}/errors/signature-meaning-not-yours`)).status).toBe(200);
  expect((await fetch(`${gateway}/api/identity/openapi.json`)).status).toBe(200);
});

test('redrive says what is parked, and what it does not understand', async () => {
  expect(await redrive('SERVICE=identity')).toEqual({ code: 0, said: 'identity: nothing is parked\n' });
  expect(await redrive('SERVICE=identity', 'KEY=x')).toEqual({
    code: 0,
    said: 'identity: nothing is parked under x\n',
  });
  const all = await redrive('ALL=1');
  expect(all).toMatchObject({ code: 0, said: expect.stringContaining('receiving: not here') });
  expect(await redrive('SERVICE=qms', 'ALL=1')).toMatchObject({
    code: 1,
    said: expect.stringContaining('cannot be reached'),
  });
  expect(await redrive()).toMatchObject({ code: 1, said: expect.stringContaining('make redrive SERVICE=') });
});
