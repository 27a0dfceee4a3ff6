import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { RecordOf } from '@lotwarden/contracts/events';
import { consumer } from '../consumer/consumer.ts';
import { Poison, Transient } from '../errors.ts';
import { service, type Deps } from '../service/service.ts';
import { neighbours, type Neighbours } from '../testing/neighbours.ts';
import { startService, testEnvironment, type TestService } from '../testing/service.ts';
import { until } from '../testing/until.ts';

type Registered = RecordOf<'receiving.supplier.v1', 'SupplierRegistered'>;

const SUPPLIERS = 'receiving.supplier.v1';
const GROUP = 'qms.suppliers';
const world = testEnvironment();
/** How a supplier is handled; the test says. */
const manners = new Map<string, () => void>();
let running: TestService;
let db: Deps['db'];
let others: Neighbours;

const reader = service('qms', z.object({}), (deps) => {
  ({ db } = deps);
  const hear = consumer({
    topic: SUPPLIERS,
    group: GROUP,
    on: { SupplierRegistered: ({ event }) => manners.get(event.supplier)?.() },
  });
  return { consumers: [hear] };
});

beforeAll(async () => {
  running = await startService(reader, { world });
  others = await neighbours(world.topicPrefix);
});
afterAll(async () => {
  await others.close();
  await running.end();
});

const missing = async (topics: string): Promise<unknown> => {
  const headers = await running.tokens.headers({ roles: ['service'] });
  return (await fetch(`${running.address}/operations/missing?topics=${topics}`, { headers })).json();
};
const say = (supplier: string) => {
  const event: Registered = { type: 'SupplierRegistered', supplier, name: supplier, country: 'DE' };
  return others.say(SUPPLIERS, supplier, event);
};
const NOTHING = { unread: [], parked: [], unpublished: [] };

test('what is not handled, parked or not published is named with its topic and how much it is; other topics are not', async () => {
  expect(await missing(SUPPLIERS)).toEqual(NOTHING);
  manners.set('slow', () => {
    throw new Transient('upstream-unavailable');
  });
  await say('slow');
  await until(async () => JSON.stringify(await missing(SUPPLIERS)).includes('"count":1'));
  expect(await missing(SUPPLIERS)).toEqual({ ...NOTHING, unread: [{ group: GROUP, topic: SUPPLIERS, count: 1 }] });
  expect(await missing('qms.release.v1')).toEqual(NOTHING);
  manners.clear();
  await until(async () => JSON.stringify(await missing(SUPPLIERS)) === JSON.stringify(NOTHING));

  manners.set('bad', () => {
    throw new Poison('no such country');
  });
  await say('bad');
  await say('bad');
  const parked = [{ group: GROUP, topic: SUPPLIERS, count: 1 }];
  await until(async () => JSON.stringify(await missing(SUPPLIERS)) === JSON.stringify({ ...NOTHING, parked }));

  // Nobody takes it: it stays where it is.
  const entry = { topic: 'qms.nobody.v1', aggregate: 'N', version: 1, published: false, createdAt: new Date() };
  await db.collection('outbox').insertOne({ _id: 'qms.nobody.v1|N:1', ...entry } as object);
  expect(await missing(`${SUPPLIERS},qms.nobody.v1`)).toEqual({
    unread: [],
    parked,
    unpublished: [{ topic: 'qms.nobody.v1', count: 1 }],
  });
});
