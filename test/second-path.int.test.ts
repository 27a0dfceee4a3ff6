import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SignedRecord } from '@lotwarden/platform/signature';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { testTokens } from '@lotwarden/platform/testing/tokens';
import { until } from '@lotwarden/platform/testing/until';
import recall from '../services/recall/src/service.ts';
import { besides, type Beside } from '../services/recall/test/beside.ts';
import traceability from '../services/traceability/src/service.ts';
import type { Fact } from '../services/traceability/src/genealogy/facts.ts';
import { createHistory } from '../services/traceability/test/history.ts';

/** Traceability and recall, as they talk to each other; the owners of the facts are played by the test. */

const world = testEnvironment();
const tokenSet = await testTokens();
const { facts, tell } = createHistory();
let published = 0;
let keys: Beside;
let others: Neighbours;
let asks: TestService;
let holds: TestService;

beforeAll(async () => {
  keys = await besides();
  const authorization = await tokenSet.headers({ sub: 'service:recall', kind: 'service', roles: ['service'] });
  const token = authorization['authorization']!.replace(/^Bearer /, '');
  asks = await startService(traceability, { world, tokenSet });
  holds = await startService(recall, {
    world,
    tokenSet,
    environment: { SIGNING_KEYS_URL: `${keys.url}/signing-keys` },
    locate: () => asks.address,
    tokens: { token: () => Promise.resolve(token), refused: () => undefined },
  });
  others = await neighbours(world.topicPrefix);
});
afterAll(async () => {
  await others.close();
  await holds.end();
  await asks.end();
  keys.close();
});

async function publish(): Promise<void> {
  const news: readonly Fact[] = facts.slice(published);
  published = facts.length;
  for (const { topic, aggregate, event } of news) await others.say(topic, aggregate, event);
}

interface Body extends SignedRecord {
  readonly case: string;
  readonly hold: string;
  readonly held: number;
  readonly code: string;
  readonly operations: readonly string[];
}

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const headers = await tokenSet.headers({ sub: 'rm.chen', roles: ['recall-manager', 'auditor'] as never });
  const response = await fetch(holds.address + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

test('a second path to a released lot, reported late, holds it again, and those made of it', async () => {
  const [root, side] = ['M-SZ1-261101-00001', 'M-SZ1-261101-00002'];
  tell.received(root, 100, 'L-1042');
  tell.received(side, 100, 'L-2001');
  tell.operation('board', { in: [[root, 10]], out: [['B1', 10]] });
  tell.operation('pump', { in: [['B1', 5]], out: [['F1', 5]] });
  tell.operation('coat', { in: [[side, 5]], out: [['B2', 5]] });
  tell.operation('clean', { in: [['B2', 5]], out: [['F2', 5]] });
  await publish();

  const { body: drafted } = await call('POST', '/cases', { title: 'IP-200', reason: 'smoke', roots: [root] });
  const held = async () => (await call('GET', `/cases/${drafted.case}`)).body.held;
  await until(async () => (await held()) === 3);

  const release = async (lots: readonly string[]) => {
    const { operations } = (await call('POST', `/holds/${drafted.hold}/reviews`, { lots })).body;
    const what = { lots, reviewedOperations: operations, reason: 'tested' };
    const record = (await call('POST', `/holds/${drafted.hold}/release-records`, what)).body;
    const signatures = await Promise.all(
      ['rm.chen', 'qa.li'].map((signer) => keys.sign(record, 'hold-release', signer)),
    );
    return call('POST', `/holds/${drafted.hold}/releases`, { ...what, signatures });
  };
  expect(await release(['B1', 'F1'])).toMatchObject({ status: 201, body: { reviewedOperations: ['board', 'pump'] } });
  expect(await held()).toBe(1);

  // Through an operation that was reviewed, but from a lot that was not in it then. F1's shortest path stays what it was.
  tell.late('coat', root, 1);
  await publish();
  await until(async () => (await held()) === 3);
  tell.late('board', 'B2', 1);
  await publish();
  await until(async () => (await held()) === 5);
  expect((await call('POST', `/holds/${drafted.hold}/reviews`, { lots: ['F1'] })).body.operations).toEqual([
    'board',
    'coat',
    'pump',
  ]);
});
