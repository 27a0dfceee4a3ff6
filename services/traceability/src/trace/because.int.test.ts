import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { startTestApp, type TestApp } from '@lotwarden/platform/testing/http';
import { at, createHistory, line } from '../../test/history.ts';
import { memoryReplica } from '../../test/memory-replica.ts';
import type { Replica } from '../graph/replica.client.ts';
import { messages } from '../messages.ts';
import { traceRoutes } from './trace.routes.ts';

/** Reel R1 until 10:00, then R2; board B1 while R1 alone was on, B2 across the change; both went through a load. */
function line2() {
  const { facts, tell } = createHistory();
  for (const reel of ['R1', 'R2']) tell.received(reel, 5000, reel, 'CAP-100');
  tell.received('SOLDER', 100, 'SOLDER', 'SOLDER');
  for (const board of ['B1', 'B2']) tell.declared(board, 'intermediate');
  const make = (id: string, lot: string, from: string, to: string) =>
    tell.operation(id, { in: [['SOLDER', 1]], out: [[lot, 10]], more: { startedAt: at(from), endedAt: at(to) } });
  make('op-1', 'B1', '09:00', '09:30');
  make('op-2', 'B2', '09:30', '10:30');
  tell.mounted('MT-MES-SZ:7', 'R1', '08:00', { sourceMount: '7' });
  tell.unmounted('MT-MES-SZ:7', '10:00', { sourceMount: '7' });
  tell.mounted('MT-MES-SZ:8', 'R2', '10:00', { sourceMount: '8' });
  tell.load('LD-1', { sourceLoad: 'cycle 4', members: [line('B1', 10)] });
  return facts;
}

const R1 = {
  kind: 'mount',
  id: 'MT-MES-SZ:7',
  equipment: 'SMT-2',
  position: 'F1',
  from: at('08:00'),
  to: at('10:00'),
  sure: true,
  document: { system: 'MES-SZ', code: '7' },
};
const LOAD = {
  kind: 'load',
  id: 'LD-1',
  equipment: null,
  position: null,
  from: at('09:00'),
  to: at('12:00'),
  sure: true,
  document: { system: 'MES-SZ', code: 'cycle 4' },
};

let app: TestApp;
beforeAll(async () => {
  const replica = memoryReplica(line2()) as Pick<Replica, 'ask'> as Replica;
  app = await startTestApp(traceRoutes(replica), { messages });
});
afterAll(() => app.stop());

const ask = async (root: string, direction: string) =>
  (await app.request('POST', '/traces', { body: { roots: [root], direction } })).body;
const get = async (path: string) => (await app.request('GET', path)).body;

test('a link that follows from a mounted reel names the reel: in the line, in the table, and on the path of a lot', async () => {
  const { trace, lots } = await ask('R1', 'forward');
  const via = Object.fromEntries(lots.items.map((one: { lot: string; via: object }) => [one.lot, one.via]));
  expect(via).toEqual({
    R1: null,
    B1: expect.objectContaining({ certainty: 'backflushed', because: [R1] }),
    B2: expect.objectContaining({ certainty: 'possible', taken: null, because: [R1] }),
  });
  const rows: Record<string, string>[] = parse(await get(`/traces/${String(trace)}/lots?format=csv`), {
    columns: true,
  });
  expect(JSON.parse(rows.find(({ lot }) => lot === 'B2')?.['via.because'] ?? '')).toEqual([R1]);
  const { path } = await get(`/traces/${String(trace)}/lots/B2`);
  const none = { value: '0', unit: 'EA' };
  expect(path).toEqual([
    { lot: 'R1', operation: 'op-2', edge: 'material', certainty: 'possible', taken: null, takenAtLeast: none, takenAtMost: null, given: { value: '10', unit: 'EA' }, because: [R1] }, // prettier-ignore
    { lot: 'B2', operation: null, edge: null, certainty: null, taken: null, takenAtLeast: null, takenAtMost: null, given: null, because: [] }, // prettier-ignore
  ]);
  const steps: Record<string, string>[] = parse(await get(`/traces/${String(trace)}/lots/B2?format=csv`), {
    columns: true,
  });
  expect(steps).toMatchObject([
    { lot: 'R1', operation: 'op-2', certainty: 'possible', because: JSON.stringify([R1]), complete: 'true' },
    { lot: 'B2', operation: '', certainty: '', because: '' },
  ]);
});

test('back: each input by its own reason; a load stands for itself; what the operation names needs no reason', async () => {
  const { trace, lots } = await ask('B1', 'backward');
  const via = Object.fromEntries(
    lots.items.map((one: { lot: string; via: { because: object } | null }) => [one.lot, one.via?.because]),
  );
  expect(via).toEqual({ B1: undefined, R1: [R1], SOLDER: [], 'LD-1': [LOAD] });
  const { path } = await get(`/traces/${String(trace)}/lots/LD-1`);
  expect(path).toMatchObject([{ lot: 'B1', operation: 'LD-1/B1', edge: 'exposure', because: [LOAD] }, { lot: 'LD-1' }]);
  const { items } = await get(`/traces/${String(trace)}/operations`);
  const [made] = items.filter(({ operation }: { operation: string }) => operation === 'op-1');
  expect(made.inputs).toMatchObject([
    { lot: 'SOLDER', quantity: { value: '1' } },
    { lot: 'R1', quantity: null },
  ]);
  expect(made.inputs.map((one: { lot: string; because: object }) => [one.lot, one.because])).toEqual([['SOLDER', []], ['R1', [R1]]]); // prettier-ignore
});
