import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EventOf } from '@lotwarden/contracts/events';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { testTokens } from '@lotwarden/platform/testing/tokens';
import { until } from '@lotwarden/platform/testing/until';
import mesBridge from '../services/mes-bridge/src/service.ts';
import traceability from '../services/traceability/src/service.ts';

/** From what a MES logs at a line to what a trace says: mes-bridge and traceability on real servers. */

const world = testEnvironment();
const tokenSet = await testTokens();
let others: Neighbours;
let floor: TestService;
let asks: TestService;

beforeAll(async () => {
  floor = await startService(mesBridge, { world, tokenSet });
  asks = await startService(traceability, { world, tokenSet });
  others = await neighbours(world.topicPrefix);
});
afterAll(async () => {
  await others.close();
  await asks.end();
  await floor.end();
});

const at = (time: string): string => `2026-11-02T${time}:00.000Z`;
const mes = (code: string) => ({ system: 'MES-SZ', code });
const ea = (value: number) => ({ value: String(value), unit: 'EA' });

type Inbound = EventOf<'mes.inbound.v1'>;
type Verb<T extends Inbound['type']> = Omit<Extract<Inbound, { type: T }>, 'sourceSystem' | 'messageId' | 'site' | 'operator'>; // prettier-ignore
let messages = 0;
async function report<T extends Inbound['type']>(key: string, event: Verb<T>): Promise<void> {
  messages += 1;
  const head = { sourceSystem: 'MES-SZ', messageId: `m-${messages}`, site: 'SZ1', operator: 'wang' };
  await others.say('mes.inbound.v1', key, { ...head, ...event } as unknown as Inbound);
}

const make = (operation: string, from: string, to: string, load: string | null = null) =>
  report<'OperationRecorded'>(operation, {
    type: 'OperationRecorded',
    occurredAt: at(to),
    operation,
    kind: 'make',
    workOrder: 'WO-1',
    equipment: 'SMT-2',
    parameters: [],
    tools: ['STENCIL-4'],
    gauges: [],
    softwareVersion: 'SMT 4.2',
    labelVersion: null,
    load,
    startedAt: at(from),
    endedAt: at(to),
    inputs: [],
    outputs: [{ lot: mes(`B-${operation}`), product: 'BRD-10', quantity: ea(800), serials: [] }],
    scrap: [],
  });
const place = { equipment: 'SMT-2', position: 'F1' };
const mount = (id: string, reel: string, from: string) =>
  report<'MaterialMounted'>(id, { type: 'MaterialMounted', mount: id, occurredAt: at(from), ...place, lot: mes(reel), quantity: ea(5000), mixing: false }); // prettier-ignore
const unmount = (id: string, until_: string) =>
  report<'MaterialUnmounted'>(id, { type: 'MaterialUnmounted', mount: id, occurredAt: at(until_), ...place, lot: null, remaining: ea(0) }); // prettier-ignore

interface Answer {
  readonly code?: string;
  readonly lots?: { readonly items: readonly { readonly lot: string; readonly certainty: string }[] };
  readonly items?: readonly { readonly certainty: string }[];
  readonly evidence?: readonly object[];
  readonly scope?: object;
  readonly lot?: string;
  readonly trace?: string;
  readonly path?: readonly { readonly because: readonly object[] }[];
}

async function ask(service: TestService, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = await tokenSet.headers({ sub: 'rm.chen', roles: ['recall-manager', 'production-lead'] as never });
  const response = await fetch(service.address + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}
const idOf = async (code: string) => (await ask(floor, 'GET', `/production-lots/${code}?system=MES-SZ`)).lot ?? '';
/** Certainties of what the root affects, the root itself left out. */
async function reached(...roots: (string | object)[]): Promise<string[]> {
  const { lots } = await ask(asks, 'POST', '/traces', { roots });
  const names = new Map(await Promise.all(['B-one', 'B-two', 'B-three'].map(async (code) => [await idOf(code), code] as const))); // prettier-ignore
  return (lots?.items ?? [])
    .flatMap(({ lot, certainty }) => (names.has(lot) ? [`${names.get(lot) ?? ''} ${certainty}`] : []))
    .sort();
}

test('what a MES logs at a line decides what its boards were made of; the missing half of the log clears what it said', async () => {
  await make('one', '14:00', '15:00');
  await make('two', '15:00', '16:00', 'CLEAN-7');
  await make('three', '17:00', '18:00');
  await mount('m-1', 'REEL-1', '13:00');
  await unmount('m-1', '16:30');
  await mount('m-2', 'REEL-2', '14:30');
  await until(async () => (await reached(mes('REEL-2'))).length === 3);
  expect(await reached(mes('REEL-1'))).toEqual(['B-one possible', 'B-two possible']);
  expect(await reached(mes('REEL-2'))).toEqual(['B-one possible', 'B-three backflushed', 'B-two possible']);

  // Which reel it was, and by which record of the line's own, is said with each link.
  const { trace } = await ask(asks, 'POST', '/traces', { roots: [mes('REEL-2')] });
  const { path } = await ask(asks, 'GET', `/traces/${String(trace)}/lots/${await idOf('B-three')}`);
  expect(path?.[0]?.because).toMatchObject([
    { kind: 'mount', id: 'MT-MES-SZ:m-2', ...place, from: at('14:30'), to: null, sure: true, document: mes('m-2') },
  ]);

  const missing = await ask(asks, 'POST', '/traces/shrink', { roots: [mes('REEL-1')] });
  expect(missing).toMatchObject({
    scope: { lots: 3 },
    evidence: [{ kind: 'mount-log', ...place, from: at('14:00'), to: at('16:00'), clears: { lots: 2, units: 1600 } }],
    notWeighed: 0,
  });
  expect(await ask(asks, 'GET', '/lots/REEL-1/uses?system=MES-SZ')).toMatchObject({
    possibleMinimum: '0',
    possibleMaximum: '5000',
    items: [{ certainty: 'possible', positions: ['F1'], maximum: ea(5000) }, { certainty: 'possible' }],
  });

  // The log of the other day: it had come off at once.
  await report<'MaterialMountVoided'>('m-1', { type: 'MaterialMountVoided', mount: 'm-1', occurredAt: at('19:00'), reason: 'wrong end', replacedBy: 'm-3' }); // prettier-ignore
  await mount('m-3', 'REEL-1', '13:00');
  await unmount('m-3', '13:30');
  await until(async () => (await reached(mes('REEL-1'))).length === 0);
  expect(await reached(mes('REEL-2'))).toEqual(['B-one possible', 'B-three backflushed', 'B-two backflushed']);
});

test('a load exposes what says that it was in it, and its members; they do not expose each other', async () => {
  const load = 'LD-MES-SZ:CLEAN-7';
  const member = { lot: mes('B-one'), quantity: ea(800), serials: [], containers: [] };
  await report<'ProcessLoadRecorded'>('CLEAN-7', {
    type: 'ProcessLoadRecorded',
    occurredAt: at('20:00'),
    load: 'CLEAN-7',
    kind: 'cleanroom',
    equipment: null,
    startedAt: at('12:00'),
    endedAt: null,
    parameters: [],
    members: [member],
    operations: [],
    serves: [],
  });
  await until(async () => (await reached(load)).length === 2);
  expect(await reached(load)).toEqual(['B-one scanned', 'B-two scanned']);
  expect(await reached(mes('B-one'))).toEqual(['B-one scanned']);
});
