import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startStack, type Stack } from '@lotwarden/deploy/stack';
import { createNarrator } from '@lotwarden/deploy/story/narrator';
import { play } from '@lotwarden/deploy/story/play';
import {
  prepareInstallation,
  startServices,
  type Installation,
  type ServiceProcess,
} from '@lotwarden/deploy/story/services';
import { createWorld } from '@lotwarden/deploy/story/world';
import { neighbours } from '@lotwarden/platform/testing/neighbours';
import { testTokens, type TestTokens } from '@lotwarden/platform/testing/tokens';
import { until } from '@lotwarden/platform/testing/until';

/** Servers of our own, since they are restarted, stopped and woken; services in processes that are killed. */
let stack: Stack;
const started: ServiceProcess[] = [];

beforeAll(async () => {
  stack = await startStack({ env: { ...process.env, STACK: 'local' }, ownSignals: true });
}, 120_000);
afterAll(async () => {
  await Promise.all(started.filter(({ ending }) => ending() === undefined).map(({ kill }) => kill()));
  await stack.stop();
}, 60_000);

async function start(names: string, installation: Installation): Promise<ServiceProcess> {
  const services = await startServices(names, installation, stack.runDir);
  started.push(services);
  return services;
}

const ALL_BUT_RECALL =
  'receiving,mes-bridge,qms,serialization,warehouse,field,traceability,notification,identity,console';

test('Kafka, mongod and Redis restart in the middle, and recall is killed after the launch: it completes', async () => {
  const installation = await prepareInstallation({
    addresses: stack.addresses,
    shared: false,
    answerHours: 30 / 3600,
    apart: ['recall', 'traceability'],
    extra: QUICKLY,
  });
  const [others, first] = await Promise.all([start(ALL_BUT_RECALL, installation), start('recall', installation)]);
  let recall = first;
  const lines: string[] = [];
  const narrator = createNarrator((line) => lines.push(line));
  const world = await createWorld(installation, narrator);
  const done: string[] = [];

  async function killAfterFreeze(): Promise<void> {
    const frozen = async () => {
      const { items } = await world.as['recall.chen'].get<{ items: { case: string }[] }>(
        'recall/cases?status=launched',
      );
      return items.length > 0;
    };
    // The launch must have been answered: a request cut off in the middle is another test's business.
    await until(async () => lines.some((line) => line.includes('status: launched')) && (await frozen()), 100_000);
    await recall.kill();
    recall = await start('recall', installation);
    done.push('recall');
  }
  const restart = async (server: 'kafka' | 'mongo' | 'redis') => {
    await stack.restart(server);
    done.push(server);
  };
  const faults: Readonly<Record<number, () => Promise<void>>> = {
    4: () => restart('kafka'),
    6: () => restart('mongo'),
    7: () => restart('redis'),
    8: killAfterFreeze,
  };
  try {
    await play(world, { beside: (act) => faults[act]?.() ?? Promise.resolve() });
  } catch (error) {
    throw new Error(`${lines.slice(-40).join('\n')}\n${String(error)}`, { cause: error });
  } finally {
    await world.close();
  }
  expect(narrator.failures()).toEqual([]);
  expect(done).toEqual(['kafka', 'mongo', 'redis', 'recall']);
  await recall.stop();
  await others.stop();
  await installation.release();
}, 280_000);

/** Each kill costs the time after which Kafka gives up a dead member of a group: the shortest it takes. */
const QUICKLY = { KAFKA_SESSION_TIMEOUT: '6000' };
const ROUNDS = 3;

test('a service killed between commit and publish: each event comes out once in effect', async () => {
  const tokens = await testTokens();
  const issuer = createServer((_request, response) => response.end(JSON.stringify(tokens.jwks)));
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  issuer.unref(); // it keeps nobody from ending, however this ends
  const installation = await prepareInstallation({
    addresses: stack.addresses,
    shared: true,
    answerHours: 1,
    apart: ['receiving', 'qms'],
    extra: { ...QUICKLY, OIDC_ISSUER: tokens.issuer, JWKS_URL: jwksOf(issuer) },
  });
  const qms = await start('qms', installation);
  let receiving = await start('receiving', installation);
  const lots: string[] = [];
  await masterData(receiving, tokens);

  for (let round = 0; round < ROUNDS; round++) {
    // In every other round Kafka hears nothing, so that the event cannot be out when its service is killed.
    const deaf = round % 2 === 0;
    if (deaf) await stack.kill('kafka', 'SIGSTOP');
    const key = `round-${String(round)}`;
    const { lot } = await receive(receiving, tokens, key);
    await receiving.kill();
    if (deaf) await stack.kill('kafka', 'SIGCONT');
    receiving = await start('receiving', installation);
    // Its client has not heard, and asks again with the same key.
    expect((await receive(receiving, tokens, key)).lot).toBe(lot);
    lots.push(lot);
  }

  const asked = { headers: await tokens.headers({ roles: ['quality-engineer'] }) };
  await until(async () => {
    const inspected = await Promise.all(
      lots.map(async (lot) => {
        const answer = await fetch(`${qms.addresses['qms']}/inspections?lot=${lot}`, asked);
        return ((await answer.json()) as { items: unknown[] }).items.length;
      }),
    );
    return inspected.every((count) => count === 1);
  }, 60_000);

  const heard = await hearing(installation, async (others) => ({
    received: (await others.heard('receiving.material-lot.v1')).filter(({ type }) => type === 'MaterialLotReceived'),
    opened: (await others.heard('qms.inspection.v1')).filter(({ type }) => type === 'InspectionOpened'),
  }));
  expect([...new Set(heard.received.map(({ lot }) => lot))].sort()).toEqual([...lots].sort());
  expect(heard.opened.map((event) => ('lot' in event ? event.lot : '')).sort()).toEqual([...lots].sort());
  await receiving.stop();
  await qms.stop();
  issuer.close();
  await installation.release();
}, 280_000);

const jwksOf = (issuer: Server): string => `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`;

/** Reads topics as another service would; the helper takes its servers from the environment. */
async function hearing<T>(
  { addresses, topicPrefix }: Installation,
  read: (others: Awaited<ReturnType<typeof neighbours>>) => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, {
    KAFKA_BROKERS: addresses.kafka,
    MONGO_URL: addresses.mongo,
    REDIS_URL: addresses.redis,
  });
  const others = await neighbours(topicPrefix);
  try {
    return await read(others);
  } finally {
    await others.close();
    for (const name of ['KAFKA_BROKERS', 'MONGO_URL', 'REDIS_URL'])
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  }
}

async function post<T>(
  service: ServiceProcess,
  tokens: TestTokens,
  path: string,
  body: object,
  key?: string,
): Promise<T> {
  const answer = await fetch(`${service.addresses['receiving']}${path}`, {
    method: 'POST',
    headers: {
      ...(await tokens.headers({ roles: ['administrator', 'receiver', 'buyer'] })),
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

async function masterData(service: ServiceProcess, tokens: TestTokens): Promise<void> {
  await post(service, tokens, '/suppliers', { supplier: 'SUP-HX', name: '华芯电子', country: 'CN' });
  await post(service, tokens, '/parts', {
    part: 'CAP-100',
    revision: 'A',
    name: 'Capacitor',
    unit: 'EA',
    validFrom: '2026-01-01T00:00:00.000Z',
    characteristics: [
      {
        code: 'capacitance-measured',
        name: 'Capacitance, measured',
        kind: 'electrical',
        source: 'inspection',
        unit: '4O',
        lower: '95',
        upper: '105',
      },
    ],
  });
}

const receive = (service: ServiceProcess, tokens: TestTokens, supplierLot: string): Promise<{ lot: string }> =>
  post(
    service,
    tokens,
    '/material-lots',
    {
      part: 'CAP-100',
      supplier: 'SUP-HX',
      supplierLot,
      purchaseOrder: 'PO-1',
      quantity: { value: '10', unit: 'EA' },
      site: 'SZ1',
      location: 'DOCK',
      coa: [],
    },
    supplierLot,
  );
