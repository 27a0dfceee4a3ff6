import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Deps } from '@lotwarden/platform/service';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { testTokens } from '@lotwarden/platform/testing/tokens';
import { until } from '@lotwarden/platform/testing/until';
import mesBridge from '../services/mes-bridge/src/service.ts';
import traceability from '../services/traceability/src/service.ts';

/** Traceability asks an owner as it is; this one stands for all of them. */

const world = testEnvironment();
const tokenSet = await testTokens();
let owner: TestService;
let asks: TestService;
let db: Deps['db'];

beforeAll(async () => {
  const { authorization = '' } = await tokenSet.headers({ sub: 'service:traceability', roles: ['service'] });
  const token = authorization.replace(/^Bearer /, '');
  const build: typeof mesBridge.build = (deps) => {
    ({ db } = deps);
    return mesBridge.build(deps);
  };
  owner = await startService({ ...mesBridge, build }, { world, tokenSet });
  asks = await startService(traceability, {
    world,
    tokenSet,
    environment: { OWNERS_EVERY: '100' },
    locate: () => owner.address,
    tokens: { token: () => Promise.resolve(token), refused: () => undefined },
  });
});
afterAll(async () => {
  await asks.end();
  await owner.end();
});

async function watermarks(): Promise<{ complete: boolean; gaps: string[] }> {
  const headers = await tokenSet.headers({ roles: ['auditor'] });
  const reply = await fetch(`${asks.address}/watermarks`, { headers });
  return (await reply.json()) as { complete: boolean; gaps: string[] };
}

test('an answer is complete when no owner names anything, and says who parked what', async () => {
  await until(async () => (await watermarks()).complete);
  const parked = db.collection<{ _id: string }>('parked_keys');
  const state = { group: 'mes-bridge.operation', topic: 'mes.inbound.v1', key: 'B1', count: 2, reason: 'failed' };
  await parked.insertOne({ _id: 'mes-bridge.operation|mes.inbound.v1|B1', state } as { _id: string });
  await until(async () => !(await watermarks()).complete);
  expect((await watermarks()).gaps).toContain('owner-parked mes-bridge mes.inbound.v1 (1)');
  await parked.deleteOne({ _id: 'mes-bridge.operation|mes.inbound.v1|B1' });
  await until(async () => (await watermarks()).complete);
});
