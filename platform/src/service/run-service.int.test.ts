import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { ConfigInvalid } from '../config/config.ts';
import { consumer } from '../consumer/consumer.ts';
import type { RecordOf } from '@lotwarden/contracts/events';
import type { Gate } from '../gate/gate.ts';
import { created } from '../http/replies.ts';
import { route } from '../http/route.ts';
import { createLog } from '../log/log.ts';
import { startService, testEnvironment, type TestEnvironment, type TestService } from '../testing/service.ts';
import { testTokens } from '../testing/tokens.ts';
import { until } from '../testing/until.ts';
import { runService } from './run-service.ts';
import { service, type AnyService } from './service.ts';
import { supervise } from './supervise.ts';

type Registered = RecordOf<'receiving.supplier.v1', 'SupplierRegistered'>;

interface Supplier {
  readonly name: string | null;
}

/** A service in small: registers suppliers over HTTP, hears of them from its own topic. */
const receiving = (heard: string[] = []): AnyService =>
  service('receiving', z.object({}), (deps) => {
    const suppliers = deps.aggregate<Supplier, Registered>({
      collection: 'suppliers',
      topic: 'receiving.supplier.v1',
      initial: { name: null },
      evolve: (_supplier, { name }) => ({ name }),
    });
    const register = route({
      method: 'post',
      path: '/suppliers/:supplier',
      requires: 'supplier.manage',
      summary: { en: 'Register', zh: '登记' },
      reply: { 201: z.object({ supplier: z.string(), version: z.number() }) },
      handle: async ({ params: { supplier }, context }) => {
        const event: Registered = { type: 'SupplierRegistered', supplier, name: `Name of ${supplier}`, country: 'DE' };
        const { version } = await suppliers.change(supplier, context, () => [event]);
        return created({ supplier, version });
      },
    });
    const hear = consumer({
      topic: 'receiving.supplier.v1',
      group: 'receiving.echo',
      on: { SupplierRegistered: ({ event }) => void heard.push(event.supplier) },
    });
    return { http: [[register]], consumers: [hear] };
  });

const post = async (running: TestService, path: string): Promise<Response> =>
  fetch(`${running.address}${path}`, {
    method: 'POST',
    headers: await running.tokens.headers({ roles: ['administrator'] }),
  });

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- replies are compared with what is expected
const get = async (running: TestService, path: string): Promise<any> =>
  (
    await fetch(`${running.address}${path}`, { headers: await running.tokens.headers({ roles: ['administrator'] }) })
  ).json();

let world: TestEnvironment;
beforeAll(() => void (world = testEnvironment()));
afterAll(() => world.drop());

test('from a request over the outbox and Kafka to a consumer, visible to operations, and an orderly end', async () => {
  const heard: string[] = [];
  const running = await startService(receiving(heard), { world });
  expect((await post(running, '/suppliers/S1')).status).toBe(201);
  await until(() => heard.includes('S1'));
  await until(async () => (await get(running, '/operations/watermarks')).unpublished.count === 0);
  expect(await get(running, '/operations/watermarks')).toMatchObject({
    positions: [{ group: 'receiving.echo', topic: 'receiving.supplier.v1', next: 1 }],
    parked: 0,
  });
  expect(await get(running, '/operations/parked')).toEqual({ items: [], next: null });
  expect(await get(running, '/operations/dead-letters')).toEqual({ items: [], next: null });
  expect(await get(running, '/health/ready')).toMatchObject({
    ok: true,
    checks: { store: { ok: true }, streams: { ok: true } },
  });
  expect(await get(running, '/health/live')).toMatchObject({ ok: true });

  await running.stop();
  await running.stop();
  await expect(fetch(`${running.address}/health/live`)).rejects.toThrow();
});

test('a database that was restored to before what it published gets a new incarnation and its events back', async () => {
  const { mongo } = { mongo: world.environment['MONGO_URL']! };
  const client = await MongoClient.connect(mongo);
  const db = client.db(`${world.databasePrefix}receiving`);
  const incarnation = async (): Promise<unknown> =>
    (await db.collection('meta').findOne({ _id: 'incarnation' } as object))?.['value'];
  const first = await incarnation();

  const again = await startService(receiving(), { world });
  expect(await incarnation()).toBe(first);
  await again.stop();

  for (const name of ['suppliers', 'outbox']) await db.collection(name).deleteMany({});
  const log = createLog({ service: 'receiving', level: 'silent' });
  const restored = await startService(receiving(), { world, log });
  expect(await incarnation()).not.toBe(first);
  expect(await db.collection('suppliers').findOne({ _id: 'S1' } as object)).toMatchObject({
    version: 1,
    state: { name: 'Name of S1' },
  });
  expect(((await (await post(restored, '/suppliers/S1')).json()) as { version: number }).version).toBe(2);
  await restored.stop();
  await client.close();
});

test('what it cannot start with is told, and nothing is left running', async () => {
  await expect(runService(receiving(), { ...world.environment, LOG_LEVEL: 'loud' })).rejects.toThrow(ConfigInvalid);
  const running = await startService(receiving(), { world });
  const taken = { ...world.environment, RECEIVING_PORT: new URL(running.address).port };
  await expect(runService(receiving(), taken)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await running.stop();
});

test('of several services in a process one that dies is started again; the others do not notice', async () => {
  const own = testEnvironment({ LOG_LEVEL: 'silent' });
  const { verifier } = await testTokens();
  let lives = 0;
  let die: (error: Error) => void = () => undefined;
  const mortal: Gate = {
    name: 'qms',
    assertOpen: () => undefined,
    status: () => ({ gate: 'qms', closed: null, applied: 0, holdEnd: null, lastTick: null }),
    start: async () => {
      lives += 1;
      // The first start fails too.
      if (lives === 1) throw new Error('not yet');
      return { failed: new Promise<Error>((resolve) => (die = resolve)), stop: () => Promise.resolve() };
    },
  };
  const qms = service('qms', z.object({}), () => ({ gates: [mortal] }));
  const supervised = supervise([receiving(), qms], own.environment, { verifier, backoff: 50 });
  await supervised.ready();
  const before = supervised.addresses();
  expect(Object.keys(before).sort()).toEqual(['qms', 'receiving']);
  expect(lives).toBe(2);

  die(new Error('gave up'));
  await until(() => lives === 3 && supervised.addresses()['qms'] !== undefined);
  await supervised.ready();
  expect(supervised.addresses()['receiving']).toBe(before['receiving']);
  expect((await fetch(`${before['receiving']}/health/ready`)).status).toBe(200);

  await supervised.stop();
  await expect(fetch(`${before['receiving']}/health/live`)).rejects.toThrow();
  await own.drop();
});
