import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { startTestApp, type TestApp } from '@lotwarden/platform/testing/http';
import { at, createHistory, line, serials } from '../../test/history.ts';
import { memoryReplica } from '../../test/memory-replica.ts';
import type { Replica } from '../graph/replica.client.ts';
import { messages } from '../messages.ts';
import { traceRoutes } from './trace.routes.ts';

/** One capacitor lot in three pump lots, made on two machines; the second has no serials, the third was mixed up with them. */
function factory() {
  const { facts, tell } = createHistory();
  tell.received('M-1', 1000, 'L-1042');
  for (const lot of ['F1', 'F2', 'F3', 'BIG']) tell.declared(lot);
  const run = (id: string, out: string, quantity: number, equipment: string, from: string, to: string) =>
    tell.operation(id, {
      in: [['M-1', 100]],
      out: [[out, quantity]],
      more: { equipment, startedAt: at(from), endedAt: at(to) },
    });
  run('OP-1', 'F1', 40, 'SMT-1', '08:00', '09:00');
  run('OP-2', 'F2', 50, 'SMT-1', '08:30', '09:30');
  run('OP-3', 'F3', 30, 'SMT-2', '08:00', '09:00');
  tell.commissioned('F1', [...serials(1, 10), ...serials(31, 60)]);
  tell.commissioned('F3', serials(101, 130));
  tell.commissioned('BIG', serials(200_000, 999_999));
  for (const [lot, quantity] of [['F1', 40], ['F2', 50], ['F3', 30]] as const) tell.stocked(lot, quantity); // prettier-ignore
  tell.packed('C-1', [line('F1', 5, serials(1, 5))]);
  tell.dispatched('S-1', 'EAST', [line('F1', 5, serials(1, 5)), line('F2', 20)]);
  tell.arrived('S-1', 'EAST', line('F1', 5, serials(1, 5)));
  tell.arrived('S-1', 'EAST', line('F2', 20));
  tell.used('EAST', line('F1', 2, serials(4, 5)));
  return facts;
}

let app: TestApp;
beforeAll(async () => {
  const replica = memoryReplica(factory()) as Pick<Replica, 'ask'> as Replica;
  app = await startTestApp(traceRoutes(replica), { messages });
});
afterAll(() => app.stop());

const ask = async (roots: readonly unknown[], more: object = {}) =>
  (await app.request('POST', '/traces', { body: { roots, ...more } })).body;
const lotsOf = (answer: { lots: { items: { lot: string }[] } }) => answer.lots.items.map(({ lot }) => lot).sort();
const list = async (trace: string, part: string, query = '') =>
  (await app.request('GET', `/traces/${trace}/${part}?${query}`)).body;

/** All items, page by page; each page says how far it goes. */
async function pages(trace: string, part: string, limit: string) {
  const items: unknown[] = [];
  for (let cursor = ''; ;) {
    const body = await list(trace, part, `${limit}${cursor}`);
    expect(body).toMatchObject({ complete: true, gaps: [] });
    items.push(...body.items);
    if (body.next === null) return items;
    cursor = `&cursor=${encodeURIComponent(body.next)}`;
  }
}

const table = async (trace: string, part: string): Promise<Record<string, string>[]> =>
  parse(await list(trace, part, 'format=csv'), { columns: true });

test.each([
  ['a lot by its own name', ['M-1'], ['F1', 'F2', 'F3', 'M-1']],
  ["a lot by its supplier's number", [{ lot: { system: 'supplier:SUP-HX', code: 'L-1042' } }], ['F1', 'F2', 'F3', 'M-1']], // prettier-ignore
  ['a unit', [{ serials: serials(31, 31) }], ['F1']],
  ['a container', [{ container: 'C-1' }], ['F1']],
  ['an operation', [{ operation: 'OP-2' }], ['F2']],
  ['a supplier and part', [{ lotsWhere: { supplier: 'SUP-HX', item: 'CAP-100' } }], ['F1', 'F2', 'F3', 'M-1']],
  ['a machine', [{ operationsWhere: { equipment: 'SMT-1' } }], ['F1', 'F2']],
  ['a machine in a window', [{ operationsWhere: { equipment: 'SMT-1', from: at('09:10') } }], ['F2']],
  ['what else was on the machine in that hour', [{ alongside: { lot: 'F1', minutes: 0 } }], ['F1', 'F2']],
  ['any mix', [{ operation: 'OP-2' }, { serials: serials(110, 110) }], ['F2', 'F3']],
])('forward from %s', async (_, roots, lots) => {
  const answer = await ask(roots);
  expect(lotsOf(answer)).toEqual(lots);
  expect(answer.roots.every(({ is }: { is: string }) => is === 'known')).toBe(true);
});

test('backward from an operation is what went in, siblings of a lot what else came of it', async () => {
  expect(lotsOf(await ask([{ operation: 'OP-1' }], { direction: 'backward' }))).toEqual(['M-1']);
  expect(lotsOf(await ask(['F1'], { direction: 'siblings' }))).toEqual(['F1', 'F2', 'F3', 'M-1']);
});

test('a filter that matches nothing says so', async () => {
  expect(await ask([{ operationsWhere: { tool: 'T-9' } }])).toMatchObject({ roots: [{ is: 'nothing' }], totalLots: 0 });
});

test('what nobody knows is named, each; the rest is traced on request', async () => {
  const roots = ['F1', 'L-NONE', { operation: 'OP-NONE' }, { serials: serials(150_000, 150_001) }];
  expect(await ask(roots)).toMatchObject({ code: 'roots-unknown', detail: expect.stringMatching(/L-NONE, OP-NONE, 06901234567892 IP150000–IP150001\./) }); // prettier-ignore
  const some = await ask(roots, { skipUnknown: true });
  expect(some.roots.map(({ is }: { is: string }) => is)).toEqual(['known', 'unknown', 'unknown', 'unknown']);
  expect(lotsOf(some)).toEqual(['F1']);
});

test('every list is the same page by page and as a table, whatever the size of its pages', async () => {
  const { trace, totalUnits } = await ask(['M-1']);
  const units = (await table(trace, 'serials')).map(({ lot, serial, complete }) => [lot, serial, complete]);
  expect(units).toHaveLength(totalUnits);
  expect(units[10]).toEqual(['F1', 'IP000031', 'true']);
  for (const limit of ['limit=1', 'limit=7', 'limit=40', 'limit=500'])
    expect((await pages(trace, 'serials', limit)).map((unit) => (unit as { serial: string }).serial)).toEqual(
      units.map(([, serial]) => serial),
    );
  for (const part of ['lots', 'operations', 'custodians'])
    expect(await pages(trace, part, 'limit=1')).toEqual(await pages(trace, part, 'limit=100'));
  expect((await table(trace, 'lots')).map(({ lot }) => lot).sort()).toEqual(['F1', 'F2', 'F3', 'M-1']);
});

test('an operation of a trace: machine, operator, time, what went in and how sure that is, what came out', async () => {
  const back = await ask(['F3'], { direction: 'backward' });
  expect(await pages(back.trace, 'operations', '')).toEqual([
    {
      operation: 'OP-3',
      kind: 'make',
      site: 'SZ1',
      equipment: 'SMT-2',
      operator: 'op-7',
      startedAt: at('08:00'),
      endedAt: at('09:00'),
      inputs: [
        {
          lot: 'M-1',
          quantity: { value: '100', unit: 'EA' },
          inScope: true,
          edge: 'material',
          certainty: 'lot-inferred',
          because: [],
        },
      ],
      outputs: [{ lot: 'F3', quantity: { value: '30', unit: 'EA' }, inScope: true }],
      scrap: [],
    },
  ]);
});

test('goods of affected lots: where they lie, who used which units', async () => {
  const { trace } = await ask([{ lot: 'F1', serials: [...serials(5, 10), ...serials(31, 40)] }]);
  expect(await pages(trace, 'stock', '')).toMatchObject([{ lot: 'F1', affected: 'some', quantity: { value: '15' } }]);
  expect(await pages(trace, 'users', '')).toMatchObject([{ lot: 'F1', party: 'EAST', serials: serials(5, 5) }]);
  expect(await list(trace, 'stock', 'cursor=nonsense')).toMatchObject({ code: 'cursor-invalid' });
});

test('eight hundred thousand units leave as rows in constant memory', async () => {
  const { trace } = await ask(['BIG']);
  const headers = { ...(await app.tokens.headers({ roles: ['recall-manager'] })), accept: 'application/x-ndjson' };
  const reply = await fetch(`${app.url}/traces/${String(trace)}/serials`, { headers });
  const collect = garbageCollector();
  const living: number[] = [];
  let rows = 0;
  for await (const chunk of reply.body ?? []) {
    rows +=
      Buffer.from(chunk as Uint8Array)
        .toString('latin1')
        .split('\n').length - 1;
    if (rows < 100_000 + living.length * 200_000) continue;
    collect();
    const { heapUsed, external } = process.memoryUsage();
    living.push(heapUsed + external);
  }
  // And one line about the whole.
  expect(rows).toBe(800_000 + 1);
  const [early = 0, ...later] = living;
  expect(later).toHaveLength(3);
  // 600,000 rows are 50 MB as text and more as objects.
  expect((Math.max(...later) - early) / 2 ** 20).toBeLessThan(25);
}, 60_000);

/** What is left after it is alive; sizes without it are mostly garbage that nobody has collected yet. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
