import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { startTestApp, type TestApp } from '@lotwarden/platform/testing/http';
import { createHistory, line, serials } from '../../test/history.ts';
import { asOfIn } from '../../test/recorded.ts';
import { memoryReplica } from '../../test/memory-replica.ts';
import { aggregateRoutes } from '../aggregate/aggregate.routes.ts';
import { balanceRoutes } from '../balance/balance.routes.ts';
import type { Replica } from '../graph/replica.client.ts';
import { messages } from '../messages.ts';
import { compareRoutes } from './compare.routes.ts';

/** Two capacitor lots: M-1 went into F1 and F2, M-2 into F2 and F3; a fourth pump has neither. */
function factory() {
  const { facts, tell } = createHistory();
  tell.received('M-1', 1000, 'L-1042');
  tell.received('M-2', 1000);
  for (const lot of ['F1', 'F2', 'F3', 'F4']) tell.declared(lot);
  tell.operation('OP-1', { in: [['M-1', 100]], out: [['F1', 50]] });
  tell.operation('OP-2', { in: [['M-1', 40], ['M-2', 60]], out: [['F2', 50]] }); // prettier-ignore
  tell.operation('OP-3', { in: [['M-2', 100]], out: [['F3', 50]] });
  tell.received('M-3', 1000, 'L-3', 'CAP-200');
  tell.operation('OP-4', { in: [['M-3', 90]], out: [['F4', 90]] });
  tell.commissioned('F1', serials(1, 50));
  for (const [lot, quantity] of [['F1', 50], ['F2', 50], ['F3', 50], ['F4', 90]] as const) tell.stocked(lot, quantity); // prettier-ignore
  tell.dispatched('S-1', 'EAST', [line('F1', 10), line('F2', 20)]);
  tell.arrived('S-1', 'EAST', line('F1', 10));
  tell.arrived('S-1', 'EAST', line('F2', 20));
  tell.used('EAST', line('F1', 4));
  tell.dispatched('S-2', 'NORTH', [line('F4', 30)]);
  tell.adjusted('F3', -5);
  // F2 is not released: what is on hand of it helps nobody.
  for (const lot of ['F1', 'F3', 'F4']) tell.released(lot);
  return facts;
}

const SCOPES = [
  { name: 'L-1042', roots: ['L-1042'] },
  { name: 'both', roots: ['M-1', 'M-2'] },
];
let app: TestApp;
let memory: ReturnType<typeof memoryReplica>;

beforeAll(async () => {
  memory = memoryReplica(factory());
  const replica = memory as Pick<Replica, 'ask'> as Replica;
  const now = () => new Date('2026-11-11T08:00:00.000Z');
  const asOf = asOfIn([], 1);
  const written = { offsets: () => Promise.resolve([]), until: () => Promise.resolve() };
  const factLimits = () => Promise.resolve({ offsets: [], gaps: [], untold: [] });
  const balances = balanceRoutes({ replica, asOf, written, factLimits });
  app = await startTestApp([...compareRoutes(replica, now), ...aggregateRoutes(replica), ...balances], { messages });
});
afterAll(() => app.stop());

const post = (path: string, body: unknown) => app.request('POST', path, { body });
const get = (path: string) => app.request('GET', path);

test('scopes stand side by side, with what is left to supply', async () => {
  const { status, body } = await post('/scopes/compare', { scopes: SCOPES, days: 30 });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    scopes: [
      { name: 'L-1042', lots: 3, onlyHere: 0, units: 50, lotsWithoutSerials: 2, custodians: 1 },
      { name: 'both', lots: 5, onlyHere: 2, units: 50, lotsWithoutSerials: 4, custodians: 1 },
    ],
    inAll: 3,
    inAny: 5,
    days: 30,
    complete: true,
  });
  const pumps = body.scopes.map(({ products }: { products: { item: string }[] }) =>
    products.find(({ item }) => item === 'IP-200'),
  );
  // On hand: F1 40, F2 30, F3 45, F4 60; 60 shipped in 30 days.
  expect(pumps).toMatchObject([
    {
      lots: 2,
      onHand: { value: '70' },
      atCustodian: { value: '26' },
      used: { value: '4' },
      supply: {
        onHandNotAffected: { value: '105' },
        usableNotAffected: { value: '105' },
        shippedPerDay: { value: '2' },
        daysLeft: '52.5',
      },
    },
    { lots: 3, onHand: { value: '115' }, supply: { onHandNotAffected: { value: '60' }, daysLeft: '30.0' } },
  ]);
  const csv = await post('/scopes/compare?format=csv', { scopes: SCOPES, days: 30 });
  const rows: Record<string, string>[] = parse(csv.body, { columns: true });
  expect(
    rows.map((row) => [row['name'], row['item'], row['onHand.value'], row['supply.daysLeft'], row['complete']]),
  ).toEqual([
    ['L-1042', 'CAP-100', '0', '', 'true'],
    ['L-1042', 'IP-200', '70', '52.5', 'true'],
    ['both', 'CAP-100', '0', '', 'true'],
    ['both', 'IP-200', '115', '30.0', 'true'],
  ]);
});

test('what is usable of a lot that is partly affected is the rest; what is not released does not count', async () => {
  const some = { lot: 'F1', serials: serials(1, 7) };
  const { body } = await post('/scopes/compare', {
    scopes: [
      { name: 'some of F1', roots: [some] },
      { name: 'M-2', roots: ['M-2'] },
    ],
    days: 30,
  });
  const supplies = body.scopes.map(
    ({ products }: { products: { item: string; supply: object }[] }) =>
      products.find(({ item }) => item === 'IP-200')?.supply,
  );
  // 10 of F1 left without their serials: 7 of those on hand may be affected, and 4 of those at EAST.
  expect(body.scopes[0]).toMatchObject({
    lots: 1,
    partly: 1,
    atMost: 1,
    products: [{ onHand: { value: '7' }, atCustodian: { value: '6' }, used: { value: '4' } }],
  });
  // Released: F1 40, F3 45, F4 60.
  expect(supplies).toMatchObject([{ usableNotAffected: { value: '138' } }, { usableNotAffected: { value: '100' } }]);
});

test('which lots only one of them has, and which all have, page by page', async () => {
  const lotsOf = async (shown: string, limit = 50) => {
    const found: { lot: string; scopes: string[] }[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { body } = await post('/scopes/compare/lots', { scopes: SCOPES, shown, limit, ...(cursor && { cursor }) });
      found.push(...body.items);
      cursor = body.next as string | null;
    }
    return found;
  };
  expect(await lotsOf('differing')).toMatchObject([
    { lot: 'M-2', item: 'CAP-100', scopes: ['both'] },
    { lot: 'F3', item: 'IP-200', scopes: ['both'] },
  ]);
  expect((await lotsOf('in-all')).map(({ lot }) => lot).sort()).toEqual(['F1', 'F2', 'M-1']);
  expect(await lotsOf('all', 1)).toEqual(await lotsOf('all'));
  expect(await lotsOf('all')).toHaveLength(5);
  const csv = await post('/scopes/compare/lots?format=csv', { scopes: SCOPES, shown: 'all', limit: 1 });
  expect(parse(csv.body, { columns: true })).toHaveLength(5);
});

test('a trace goes as far as when it was found, in whatever is made of it later', async () => {
  const { expected } = memory.known;
  memory.known.expected = { ...expected, missing: ['owner-parked mes-bridge (3)'] };
  const question = { roots: [{ lot: 'M-1' }], direction: 'forward', first: 0, skipUnknown: false } as const;
  const { answer } = await memory.ask('traceFrom', question);
  const first = await post('/scopes/compare/lots', { scopes: SCOPES, shown: 'all', limit: 1 });
  memory.known.expected = expected;
  const trace = answer?.trace;
  const lacking = { complete: false, gaps: ['owner-parked mes-bridge (3)'] };
  const mixed = [{ name: 'then', trace }, { name: 'now', roots: ['M-1'] }]; // prettier-ignore
  expect((await post('/aggregates', { of: { trace }, by: ['item'] })).body).toMatchObject(lacking);
  expect((await post('/scopes/compare', { scopes: mixed })).body).toMatchObject(lacking);
  const cursor: unknown = first.body.next;
  expect((await post('/scopes/compare/lots', { scopes: SCOPES, shown: 'all', cursor })).body).toMatchObject(lacking);
  expect(await post('/aggregates', { of: { trace: 'gone' }, by: ['item'] })).toMatchObject({
    body: { code: 'trace-not-kept' },
  });
});

test('filters, operations and containers are scopes like lots', async () => {
  const { body } = await post('/scopes/compare', {
    scopes: [
      { name: 'supplier', roots: [{ lotsWhere: { supplier: 'SUP-HX' } }] },
      { name: 'one operation', roots: [{ operation: 'OP-3' }] },
    ],
  });
  expect(body).toMatchObject({
    scopes: [
      { lots: 7, onlyHere: 6 },
      { lots: 1, onlyHere: 0 },
    ],
    inAll: 1,
    inAny: 7,
  });
});

test('what cannot be compared is refused by name', async () => {
  const refused = async (body: unknown, path = '/scopes/compare') => (await post(path, body)).body.code;
  expect(await refused({ scopes: SCOPES.slice(1) })).toBe('body-invalid');
  expect(await refused({ scopes: [SCOPES[0], SCOPES[0]] })).toBe('body-invalid');
  expect(await refused({ scopes: [SCOPES[0], { name: 'x', roots: ['NOBODY'] }] })).toBe('lot-unknown');
  expect(await refused({ scopes: [SCOPES[0], { name: 'x', trace: 'gone' }] })).toBe('trace-not-kept');
  expect(await refused({ scopes: SCOPES, cursor: 'x' }, '/scopes/compare/lots')).toBe('cursor-invalid');
  expect(await refused({ of: { trace: 'gone' } }, '/aggregates')).toBe('trace-not-kept');
});

test('a kept trace may be a scope, and what is added up', async () => {
  const { body } = await post('/scopes/compare', { scopes: SCOPES });
  const [{ trace }] = body.scopes;
  const again = await post('/scopes/compare', { scopes: [{ name: 'kept', trace }, SCOPES[1]] });
  expect(again.body.scopes[0]).toMatchObject({ name: 'kept', lots: 3 });
  const sums = await post('/aggregates', { of: { trace }, by: ['item'] });
  expect(sums.body).toMatchObject({
    lots: 3,
    items: [
      { item: 'CAP-100', lots: 1 },
      { item: 'IP-200', lots: 2 },
    ],
  });
});

test('everything, divided; the parts are the whole', async () => {
  const whole = (await post('/aggregates', { of: { all: true } })).body;
  expect(whole).toMatchObject({ lots: 7, unbalanced: 1, items: [{ unit: 'EA', onHand: { value: '175' } }] });
  const parts = (await post('/aggregates', { of: { all: true }, by: ['custodian', 'month'] })).body.items;
  expect(parts).toMatchObject([
    {
      custodian: 'EAST',
      month: '2026-11',
      atCustodian: { value: '26' },
      used: { value: '4' },
      shipped: { value: '30' },
    },
    { custodian: 'NORTH', inTransit: { value: '30' } },
    { custodian: null, onHand: { value: '175' }, unaccounted: { value: '5' } },
  ]);
  const csv = await post('/aggregates?format=csv', { of: { lots: ['F1', 'F4'] }, by: ['custodian'] });
  expect(parse(csv.body, { columns: true })).toMatchObject([
    { custodian: 'EAST', 'atCustodian.value': '6', 'atCustodian.unit': 'EA' },
    { custodian: 'NORTH', 'inTransit.value': '30' },
    { custodian: '', 'onHand.value': '100' },
  ]);
});

test('a number of a balance is looked into, page by page, and at a place', async () => {
  const { body } = await get('/lots/F1/balance');
  expect(body).toMatchObject({ lot: 'F1', buckets: { onHand: { value: '40' } }, complete: true, gaps: [] });
  expect(await get('/lots/F1/balance/onHand?limit=1')).toMatchObject({
    status: 200,
    body: { lot: 'F1', number: 'onHand', total: { value: '40' }, lines: 2, items: [{ quantity: { value: '50' } }] },
  });
  const csv = await get('/lots/F1/balance/onHand?format=csv');
  expect(parse(csv.body, { columns: true })).toMatchObject([
    { 'quantity.value': '50', cause: 'receipt', complete: 'true' },
    { 'quantity.value': '-10', cause: 'shipment', of: 'S-1' },
  ]);
  expect((await get('/lots/F3/balance/onHand?site=SZ1&location=STORE')).body).toMatchObject({ total: { value: '45' } });
  expect((await get('/lots/F3/balance/unaccounted')).body.items).toMatchObject([
    { quantity: { value: '5' }, of: 'count' },
  ]);
  expect((await get('/lots/F1/balance/everything')).body.code).toBe('path-invalid');
  expect((await get('/lots/NOBODY/balance/onHand')).body.code).toBe('lot-unknown');
});

test('operations and custodians have balances too', async () => {
  expect((await get('/operations/OP-2/balance')).body).toMatchObject({
    kind: 'make',
    items: [
      { item: 'CAP-100', in: { value: '100' }, lots: ['M-1', 'M-2'] },
      { item: 'IP-200', out: { value: '50' } },
    ],
    balanced: true,
  });
  expect((await get('/operations/NONE/balance')).body.code).toBe('operation-unknown');
  expect((await get('/custodians/EAST/balance')).body.items).toMatchObject([
    { item: 'IP-200', unit: 'EA', lots: 2, held: { value: '26' }, used: { value: '4' }, dispatched: { value: '30' } },
  ]);
  const csv = await get('/custodians/EAST/holdings?format=csv');
  expect(parse(csv.body, { columns: true })).toMatchObject([{ lot: 'F1', 'held.value': '6' }, { lot: 'F2' }]);
});
