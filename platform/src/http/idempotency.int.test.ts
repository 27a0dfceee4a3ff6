import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Rejected } from '../errors.ts';
import { startTestApp, type TestApp } from '../testing/http.ts';
import { openTestStore } from '../testing/store.ts';
import type { IdempotencyStore } from './idempotency.ts';
import { createIdempotencyStore } from './idempotency.store.ts';
import { created, route } from './route.ts';

interface Counter {
  readonly count: number;
}
type Counted = { readonly type: 'Counted' };

const LEASE_MS = 60_000;
const { store, drop } = await openTestStore({ service: 'idempotency' });
const counters = store.aggregate<Counter, Counted>({
  collection: 'counters',
  initial: { count: 0 },
  evolve: (state) => ({ count: state.count + 1 }),
});

let app: TestApp;
let real: IdempotencyStore;
let now = Date.now();
let before = async (): Promise<void> => undefined;
let keeping = true;

const count = route({
  method: 'post',
  path: '/counters/:counter',
  requires: 'stock.adjust',
  summary: { en: 'Count', zh: '计数' },
  body: z.object({ note: z.string().optional() }),
  reply: { 201: z.object({ counter: z.string(), count: z.number(), rev: z.number() }) },
  handle: async ({ params, context }) => {
    await before();
    const { id, state, rev } = await counters.change(params.counter, context, () => [{ type: 'Counted' }]);
    return created({ counter: id, count: state.count, rev });
  },
});

beforeAll(async () => {
  await store.ensureIndexes();
  real = await createIdempotencyStore({ db: store.db, now: () => new Date(now), leaseMs: LEASE_MS });
  const losing: IdempotencyStore = {
    ...real,
    // A process killed between the commit and keeping the answer neither completes nor releases.
    complete: async (...args) => (keeping ? real.complete(...args) : undefined),
  };
  app = await startTestApp([count], { idempotency: losing });
});
afterAll(async () => {
  await app.stop();
  await drop();
});

const post = (counter: string, key: string, { note, sub = 'lin.mei' }: { note?: string; sub?: string } = {}) =>
  app.request('POST', `/counters/${counter}`, {
    as: { sub, roles: ['shipping-lead'] },
    headers: { 'idempotency-key': key },
    body: note === undefined ? {} : { note },
  });
const counted = async (counter: string) => (await counters.get(counter))?.state.count ?? 0;
const fresh = () => [`C-${randomUUID()}`, randomUUID()] as const;

test('a repeat gets the same answer and counts once', async () => {
  const [counter, key] = fresh();
  const first = await post(counter, key);
  const again = await post(counter, key);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('etag')).toBe('"1"');
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await counted(counter)).toBe(1);
});

test('the same key for another body, or another address, is refused', async () => {
  const [counter, key] = fresh();
  await post(counter, key);
  expect((await post(counter, key, { note: 'more' })).body).toMatchObject({
    status: 422,
    code: 'idempotency-key-reused',
  });
  expect((await post('C-other', key)).body.code).toBe('idempotency-key-reused');
  expect(await counted(counter)).toBe(1);
});

test('each caller has keys of his own', async () => {
  const [counter, key] = fresh();
  await post(counter, key);
  expect((await post(counter, key, { sub: 'wang.li' })).body.count).toBe(2);
});

test('of many at once one counts, the others are told to wait', async () => {
  const [counter, key] = fresh();
  let arrived = (): void => undefined;
  let go = (): void => undefined;
  const inside = new Promise<void>((resolve) => (arrived = resolve));
  const gate = new Promise<void>((resolve) => (go = resolve));
  before = () => (arrived(), gate);
  const first = post(counter, key);
  await inside;
  const others = await Promise.all([post(counter, key), post(counter, key)]);
  for (const other of others) expect(other.body).toMatchObject({ status: 409, code: 'idempotency-in-progress' });
  go();
  expect((await first).status).toBe(201);
  before = async () => undefined;
  expect((await post(counter, key)).body).toEqual((await first).body);
  expect(await counted(counter)).toBe(1);
});

test('a refused command may be corrected and sent again with its key', async () => {
  const [counter, key] = fresh();
  before = () => Promise.reject(new Rejected('lot-on-hold', { lot: 'L-1042', hold: 'H-1' }));
  expect((await post(counter, key)).body.code).toBe('lot-on-hold');
  before = async () => undefined;
  expect((await post(counter, key, { note: 'another lot' })).status).toBe(201);
  expect(await counted(counter)).toBe(1);
});

test('a crash between the change and its answer never counts twice', async () => {
  const [counter, key] = fresh();
  keeping = false;
  await post(counter, key);
  keeping = true;
  expect((await post(counter, key)).body.code).toBe('idempotency-in-progress');
  now += LEASE_MS + 1;
  const repeat = await post(counter, key);
  expect(repeat.body).toMatchObject({ status: 409, code: 'idempotency-already-applied' });
  expect(repeat.body.detail).toContain(key);
  expect((await post(counter, key)).body.code).toBe('idempotency-already-applied');
  expect(await counted(counter)).toBe(1);
});

test('only one of many takes over an attempt that was left lying', async () => {
  const id = `http|lin.mei|${randomUUID()}`;
  expect(await real.begin(id, 'f')).toMatchObject({ outcome: 'begun' });
  now += LEASE_MS + 1;
  const outcomes = await Promise.all(Array.from({ length: 8 }, async () => (await real.begin(id, 'f')).outcome));
  expect(outcomes.sort()).toEqual(['begun', ...Array<string>(7).fill('in-progress')]);
});

test('a key that cannot be kept is refused', async () => {
  for (const key of ['', 'a b', 'x'.repeat(201)])
    expect((await post('C-1', key)).body.code).toBe('idempotency-key-invalid');
});
