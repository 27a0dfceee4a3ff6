import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { RecordOf } from '@lotwarden/contracts/events';
import { consumer } from '../consumer/consumer.ts';
import { Rejected } from '../errors.ts';
import type { Role } from '../permissions/permissions.ts';
import { service } from '../service/service.ts';
import { neighbours, type Neighbours } from '../testing/neighbours.ts';
import { startService, type TestService } from '../testing/service.ts';
import { until } from '../testing/until.ts';

const TOPIC = 'receiving.part.v1';
const GROUP = 'qms.parts';

/** A service that refuses some revisions of parts, and says one thing about itself. */
const refusing = (refused: ReadonlySet<string>, heard: string[], broken: string[]) =>
  service('qms', z.object({}), () => ({
    consumers: [
      consumer({
        topic: TOPIC,
        group: GROUP,
        on: {
          PartSpecified: ({ event: { part, revision } }) => {
            if (refused.has(`${part}${revision}`)) throw new Rejected('part-unwanted', { part });
            heard.push(`${part}${revision}`);
          },
        },
      }),
    ],
    invariants: () =>
      Promise.resolve([
        { invariant: 'nothing-is-broken', violators: broken.map((subject) => ({ subject, detail: 'broken' })) },
      ]),
  }));

interface Parked {
  readonly key: string;
  readonly first: { readonly partition: number; readonly offset: number } | null;
}

const refused = new Set(['P1A']);
const heard: string[] = [];
const broken: string[] = [];
let running: TestService;
let others: Neighbours;

beforeAll(async () => {
  running = await startService(refusing(refused, heard, broken));
  others = await neighbours(running.world.topicPrefix);
});
afterAll(async () => {
  await others.close();
  await running.end();
});

async function call(method: string, path: string, body?: unknown, roles: Role[] = ['administrator']) {
  const reply = await fetch(running.address + path, {
    method,
    headers: {
      ...(await running.tokens.headers({ sub: 'li.na', roles })),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- replies are compared with what is expected
  return { status: reply.status, body: (await reply.json()) as any };
}

const specified = (part: string, revision: string): RecordOf<typeof TOPIC, 'PartSpecified'> => ({
  type: 'PartSpecified',
  part,
  revision,
  name: 'Capacitor',
  unit: 'EA',
  validFrom: '2026-01-01T00:00:00.000Z',
  characteristics: [],
});

const waiting = async (): Promise<readonly Parked[]> =>
  ((await call('GET', '/operations/parked')).body as { items: Parked[] }).items;

test('what a consumer refuses is seen everywhere, and a person who may go on without it says why', async () => {
  for (const revision of ['A', 'B']) await others.say(TOPIC, 'P1', specified('P1', revision));
  await others.say(TOPIC, 'P2', specified('P2', 'A'));
  await until(async () => (await waiting()).length === 1 && heard.includes('P2A'));
  await until(async () => (await call('GET', '/operations/parked')).body.items[0].count === 2);
  const parked = (await waiting())[0];
  expect(parked).toMatchObject({
    group: GROUP,
    topic: TOPIC,
    key: 'P1',
    reason: 'refused',
    detail: 'part-unwanted {"part":"P1"}',
    first: { version: 1 },
  });
  expect((await call('GET', '/health/ready')).body).toMatchObject({
    ok: true,
    checks: { parked: { ok: false, detail: { refused: 1 } } },
  });

  const { version: _, ...place } = parked?.first as { partition: number; offset: number; version: number };
  const without = { group: GROUP, topic: TOPIC, key: 'P1', ...place, reason: 'was specified by mistake' };
  expect(await call('POST', '/operations/pass-over', without, ['auditor'])).toMatchObject({ status: 403 });
  expect(await call('POST', '/operations/pass-over', { ...without, reason: ' ' })).toMatchObject({ status: 400 });
  expect(await call('POST', '/operations/pass-over', { ...without, group: 'qms.others' })).toMatchObject({
    status: 409,
    body: { code: 'parked-message-unknown' },
  });
  expect(await call('POST', '/operations/pass-over', without)).toMatchObject({
    status: 200,
    body: { remaining: 0, reason: null },
  });
  expect(heard.filter((part) => part.startsWith('P1'))).toEqual(['P1B']);
  expect((await call('GET', '/operations/passed-over', undefined, ['auditor'])).body).toMatchObject({
    items: [{ key: 'P1', ...place, version: 1, actor: 'li.na', reason: without.reason }],
    next: null,
  });
  expect(await waiting()).toEqual([]);
  expect((await call('GET', '/health/ready')).body).toMatchObject({ checks: { parked: { ok: true } } });
});

test('a service says its own invariants and that no fact is kept waiting; what may pass has a minute', async () => {
  const rules = async () => (await call('GET', '/operations/invariants', undefined, ['auditor'])).body.invariants;
  expect(await rules()).toEqual([
    { invariant: 'nothing-is-broken', violators: [] },
    { invariant: 'no-fact-is-kept-waiting', violators: [] },
  ]);
  broken.push('P2');
  refused.add('P3A');
  await others.say(TOPIC, 'P3', specified('P3', 'A'));
  await until(async () => (await waiting()).length === 1);
  expect(await rules()).toMatchObject([{ violators: [{ subject: 'P2' }] }, { violators: [] }]);
  const change = (state: object) =>
    running.world.inDatabase('qms', (db) =>
      db.collection('parked_keys').updateOne({ 'state.key': 'P3' }, { $set: state }),
    );
  await change({ 'state.since': '2026-01-01T00:00:00.000Z' });
  expect((await rules())[1]).toEqual({
    invariant: 'no-fact-is-kept-waiting',
    violators: [{ subject: `${TOPIC} P3`, detail: `${GROUP}: 1 parked, refused: part-unwanted {"part":"P3"}` }],
  });
  await change({ 'state.since': new Date().toISOString() });
  expect((await rules())[1].violators).toEqual([]);
  // A bug does not pass by itself.
  await change({ 'state.reason': 'failed' });
  expect((await rules())[1].violators).toHaveLength(1);
});
