import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { createCodec } from '@lotwarden/contracts/codec';
import type { EventOf } from '@lotwarden/contracts/events';
import type { KafkaPort, Subscription } from '@lotwarden/platform/kafka';
import { startService, type TestService } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import type { Fact } from '../src/genealogy/facts.ts';
import traceability from '../src/service.ts';
import { createHistory, line, serials } from './history.ts';

type ScopeChanged = Extract<EventOf<'traceability.scope.v1'>, { type: 'ScopeChanged' }>;

const codec = createCodec();
const L1042 = 'M-SZ1-261101-00001';
const { facts, tell } = createHistory();
const said: { event: ScopeChanged; at: number; trace: string | undefined }[] = [];
/** Of the request and of the fact that lead to an answer. */
const [ASKED, LATE] = ['4bf92f3577b34da6a3ce929d0e0e4736', '0af7651916cd43dd8448eb211c80319c'] as const;
let running: TestService;
let kafka: KafkaPort;
let scope: Subscription;
const NOTHING = { unread: [], parked: [], unpublished: [] };
/** What each owner says that nobody can see yet. */
const missing = new Map<string, typeof NOTHING | { unread: { group: string; topic: string; count: number }[] }>();
let owners: Server;
let published = 0;
let lives = 0;

/** What the owners' relays would do: facts on their topics, keyed, with their headers. */
async function publish(trace?: string): Promise<{ topic: string; partition: number; next: number }[]> {
  const news = facts.slice(published);
  published = facts.length;
  const positions = await kafka.send(news.map((fact) => message(fact, trace)));
  return positions.map(({ partition, offset }, index) => ({ topic: news[index]!.topic, partition, next: offset + 1 }));
}

const message = ({ topic, aggregate, version, id, occurredAt, event }: Fact, trace?: string) => ({
  topic,
  key: aggregate,
  value: codec.encode(topic, event),
  headers: {
    ce_id: id,
    ce_subject: encodeURIComponent(aggregate),
    ce_aggregateversion: String(version),
    ce_occurredat: occurredAt,
    ce_time: occurredAt,
    ce_actor: 'mes-1',
    ce_source: '/mes-bridge',
    ...(trace !== undefined && { traceparent: `00-${trace}-00f067aa0ba902b7-01` }),
  },
});

async function request(
  method: string,
  path: string,
  body?: unknown,
  own: Record<string, string> = {},
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- replies are compared with what is expected
): Promise<{ status: number; body: any }> {
  const authorization = await running.tokens.headers({ roles: ['quality-manager'] });
  const reply = await fetch(`${running.address}${path}`, {
    method,
    headers: { ...authorization, 'content-type': 'application/json', ...own },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: await reply.json() };
}

const start = async (world?: TestService['world']) => {
  const build: typeof traceability.build = (deps) => {
    ({ kafka } = deps);
    return traceability.build(deps);
  };
  const { port } = owners.address() as AddressInfo;
  running = await startService(
    { ...traceability, build },
    {
      ...(world && { world }),
      environment: { OWNERS_EVERY: '100' },
      locate: (owner) => `http://127.0.0.1:${String(port)}/${owner}`,
      tokens: { token: () => Promise.resolve('t'), refused: () => undefined },
    },
  );
  scope = await kafka.consume({
    group: `test.scope.${lives++}`,
    topics: ['traceability.scope.v1'],
    onBatch: async ({ messages }, { done }) => {
      for (const { value, headers } of messages) {
        const event = codec.decode('traceability.scope.v1', value!);
        if (event.type === 'ScopeChanged')
          said.push({ event, at: performance.now(), trace: headers['traceparent']?.split('-')[1] });
      }
      await done(messages.at(-1)!.offset + 1);
    },
  });
  await scope.ready;
  await until(async () => !(await gapsNow()).some((gap) => gap.startsWith('owner-unheard')));
};

const gapsNow = async (): Promise<string[]> => (await request('GET', '/watermarks')).body.gaps;

beforeAll(async () => {
  owners = createServer((request, reply) => {
    const owner = (request.url ?? '').split('/')[1] ?? '';
    reply.setHeader('content-type', 'application/json');
    reply.end(JSON.stringify({ ...NOTHING, ...missing.get(owner) }));
  });
  await new Promise<void>((resolve) => owners.listen(0, '127.0.0.1', resolve));
  await start();
  tell.received(L1042, 1000, 'L-1042');
  tell.declared('B1', 'intermediate');
  for (const lot of ['F1', 'F5']) tell.declared(lot);
  tell.operation('OP-1', { in: [[L1042, 100]], out: [['B1', 50]] });
  tell.operation('OP-2', { in: [['B1', 10]], out: [['F1', 10]] });
  tell.operation('OP-5', { in: [], out: [['F5', 5]], missing: 'CAP-100: expected 10, seen none' });
  tell.commissioned('F1', serials(1, 10));
  tell.stocked('F1', 10);
  tell.dispatched('S-1', 'HOSPITAL', [line('F1', 2, serials(1, 2))]);
  tell.arrived('S-1', 'HOSPITAL', line('F1', 2, serials(1, 2)));
});
afterAll(async () => {
  await scope.stop();
  await running.end();
  owners.close();
});

test('what was published is traced, by any name, with what is missing', async () => {
  const minOffsets = await publish();
  const { status, body } = await request('POST', '/traces', { roots: ['L-1042'], minOffsets });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    roots: [{ is: 'known', lots: 1 }],
    totalLots: 3,
    byCertainty: { scanned: 1, 'lot-inferred': 2 },
    lots: {
      items: [
        { lot: L1042, via: null },
        { lot: 'B1', hops: 1 },
        { lot: 'F1', hops: 2 },
      ],
      next: null,
    },
    custodians: 1,
    complete: false,
    gaps: ['operation-input-missing OP-5: CAP-100: expected 10, seen none'],
  });
  const part = async (name: string) => (await request('GET', `/traces/${String(body.trace)}/${name}`)).body;
  expect(await part('custodians')).toMatchObject({
    items: [{ custodian: 'HOSPITAL', lines: [{ lot: 'F1', quantity: { value: '2', unit: 'EA' } }] }],
  });
  expect(await part('lots/F1')).toMatchObject({ path: [{ lot: L1042 }, { lot: 'B1' }, { lot: 'F1' }] });
  expect(await part('operations')).toMatchObject({ items: [{ kind: 'make' }, { kind: 'make' }], next: null });
  expect(await part('lots/F5')).toMatchObject({ code: 'lot-not-in-trace' });
  expect(
    (await request('POST', '/traces', { roots: [{ system: 'MES-SZ', code: 'mes-F1' }], direction: 'backward' })).body,
  ).toMatchObject({ lots: { items: [{ lot: 'F1' }, { lot: 'B1' }, { lot: L1042 }] } });
});

test('a trace starts from filters and units, and its lists are tables too; what nobody knows is named', async () => {
  const ask = async (...roots: (object | string)[]) => (await request('POST', '/traces', { roots })).body;
  const bySupplier = await ask({ lotsWhere: { supplier: 'SUP-HX', item: 'CAP-100' } });
  expect(bySupplier).toMatchObject({ roots: [{ is: 'known' }], byCertainty: { 'lot-inferred': 2 } });
  const byMachine = await ask({ operationsWhere: { equipment: 'SMT-2' } });
  expect(byMachine.roots).toMatchObject([{ is: 'known', lots: 0 }]);
  const table = async (part: string) => {
    const headers = await running.tokens.headers({ roles: ['recall-manager'] });
    return (
      await fetch(`${running.address}/traces/${String(bySupplier.trace)}/${part}?format=csv`, { headers })
    ).text();
  };
  const lots = (await table('lots')).trim().split(/\r?\n/);
  expect(lots[0]).toContain('lot,item,quantity.value,quantity.unit');
  expect(lots.filter((row) => row.startsWith('F1,'))).toHaveLength(1);
  expect(await request('GET', `/traces/${String(bySupplier.trace)}/stock`)).toMatchObject({ status: 200 });
  expect(await request('GET', `/traces/${String(bySupplier.trace)}/users`)).toMatchObject({
    body: { items: [], next: null },
  });
  expect(await request('GET', '/traces/forgotten/lots')).toMatchObject({
    status: 404,
    body: { code: 'trace-not-kept' },
  });
  expect(await ask('L-1042', { operation: 'OP-NONE' }, { container: 'C-NONE' })).toMatchObject({
    code: 'roots-unknown',
    detail: expect.stringContaining('OP-NONE, C-NONE'),
  });
  const skipped = await request('POST', '/traces', { roots: ['L-1042', 'L-NONE'], skipUnknown: true });
  expect(skipped).toMatchObject({ status: 200, body: { roots: [{ is: 'known' }, { is: 'unknown' }], totalLots: 3 } });
});

test('every affected unit is had as a row, however many there are, or page by page', async () => {
  tell.declared('F9');
  tell.commissioned('F9', serials(500_001, 800_000));
  const minOffsets = await publish();
  const roots = ['F9', { lot: 'F1', serials: serials(999_998, 999_999) }];
  const { body } = await request('POST', '/traces', { roots, minOffsets });
  expect(body).toMatchObject({ totalUnits: 300_002 });
  const headers = await running.tokens.headers({ roles: ['recall-manager'] });
  const reply = await fetch(`${running.address}/traces/${String(body.trace)}/serials?format=csv`, { headers });
  const rows = (await reply.text()).trim().split(/\r?\n/);
  expect([rows.length, rows[0], rows[1]]).toEqual([
    300_003,
    'lot,item,gtin,serial,certainty,hops,complete',
    'F9,IP-200,06901234567892,IP500001,scanned,0,false',
  ]);
  expect(new Set(rows).size).toBe(300_003);
  const first = await request('GET', `/traces/${String(body.trace)}/serials?limit=500`);
  expect(first.body.items).toHaveLength(500);
  const second = await request(
    'GET',
    `/traces/${String(body.trace)}/serials?limit=1&cursor=${String(first.body.next)}`,
  );
  expect(second.body.items).toMatchObject([{ lot: 'F9', serial: 'IP500501' }]);
});

test('a standing question is answered at once, and a late edge is said without being asked', async () => {
  const question = { question: 'RC-2026-1', roots: [L1042] };
  const asked = await request('POST', '/standing-questions', question, {
    traceparent: `00-${ASKED}-00f067aa0ba902b7-01`,
  });
  expect(asked).toMatchObject({ status: 201, body: { status: 'open', sequence: 1, totalLots: 3, complete: false } });
  expect(await request('POST', '/standing-questions', question)).toMatchObject({
    body: { sequence: 1, roots: [L1042] },
  });
  await until(() => said.length === 1);
  expect(said[0]!.trace).toBe(ASKED);

  tell.late('OP-5', L1042, 10);
  const minOffsets = await publish(LATE);
  await until(() => said.length === 2);
  expect(said[1]!.trace).toBe(LATE);
  expect(said[1]!.event).toMatchObject({
    question: 'RC-2026-1',
    sequence: 2,
    lots: [{ lot: 'F5', path: [{ lot: L1042, operation: 'OP-5' }, { lot: 'F5' }] }],
    custodians: [],
    totalLots: 4,
    complete: true,
  });

  const evaluated = await request('POST', '/standing-questions/RC-2026-1/evaluate', { minOffsets });
  expect(evaluated).toMatchObject({ status: 200, body: { sequence: 2, totalLots: 4, complete: true, gaps: [] } });
  const behind = minOffsets.map((offset) => ({ ...offset, next: offset.next + 1_000 }));
  const impatient = await request('POST', '/traces', { roots: [L1042], minOffsets: behind });
  expect(impatient).toMatchObject({ status: 503, body: { code: 'not-caught-up' } });
});

test('what an owner of facts has not read, parked or not published is a gap, and is said when it comes and goes', async () => {
  const watermarks = async () => (await request('GET', '/watermarks')).body;
  await until(async () => (await watermarks()).complete);
  const from = said.length;
  missing.set('mes-bridge', { unread: [{ group: 'mes-bridge.operation', topic: 'mes.inbound.v1', count: 3 }] });
  const gaps = ['owner-unread mes-bridge mes.inbound.v1 (3)'];
  await until(async () => (await watermarks()).gaps.length > 0);
  expect(await watermarks()).toMatchObject({ complete: false, gaps });
  expect((await request('POST', '/traces', { roots: [L1042] })).body).toMatchObject({ complete: false, gaps });
  await until(() => said.length > from);
  expect(said[from]!.event).toMatchObject({ lots: [], custodians: [], totalLots: 4, complete: false, gaps });

  missing.clear();
  await until(() => said.length > from + 1);
  expect(said[from + 1]!.event).toMatchObject({ lots: [], complete: true, gaps: [] });

  const before = owners.listeners('request');
  owners.removeAllListeners('request').on('request', (_, reply) => reply.writeHead(503).end());
  await until(async () => (await watermarks()).gaps.includes('owner-unheard warehouse'));
  owners.removeAllListeners('request');
  for (const listener of before) owners.on('request', listener as () => void);
  await until(async () => (await watermarks()).complete);
  await until(() => said.at(-1)!.event.complete);
});

test('balance, holdings, search and timeline tell the same story', async () => {
  expect((await request('GET', '/lots/F1/balance')).body).toMatchObject({
    source: { made: { value: '10' } },
    buckets: { onHand: { value: '8' }, atCustodian: { value: '2' }, unaccounted: { value: '0' } },
    balanced: true,
  });
  expect((await request('POST', '/balances', { lots: ['F1', 'L-1042'] })).body.items).toHaveLength(2);
  expect((await request('GET', '/custodians/HOSPITAL/holdings')).body.items).toMatchObject([
    { lot: 'F1', held: { value: '2' }, serials: serials(1, 2) },
  ]);
  expect((await request('GET', '/lots/L-1042')).body).toMatchObject({
    lot: L1042,
    usedBy: [{ operation: 'OP-1' }, { operation: 'OP-5' }],
  });
  const found = async (q: string) => (await request('GET', `/search?q=${encodeURIComponent(q)}`)).body.items;
  await until(async () => (await found('l-10')).length === 1 && (await found('IP000007')).length === 1);
  expect(await found('l-10')).toMatchObject([{ kind: 'alias', system: 'supplier:SUP-HX', subject: L1042 }]);
  expect(await found('IP000007')).toMatchObject([{ kind: 'serial', subject: 'F1' }]);
  const timeline = async () => (await request('GET', '/lots/F1/timeline?limit=100')).body.items as { type: string }[];
  const types = async () => [...new Set((await timeline()).map(({ type }) => type))].sort();
  await until(async () => (await types()).length === 8);
  expect(await types()).toEqual([
    'CustodyGained',
    'OperationRecorded',
    'ProductionLotDeclared',
    'ScopeChanged',
    'SerialsCommissioned',
    'ShipmentDispatched',
    'StockReceived',
    'StockShipped',
  ]);
  const first = (await request('GET', '/lots/F1/timeline?limit=3')).body;
  expect((await request('GET', `/lots/F1/timeline?limit=100&cursor=${first.next}`)).body.items).toHaveLength(
    (await timeline()).length - 3,
  );
});

test('numbers are looked into, divided and compared, and a pasted list is found; as tables too', async () => {
  expect((await request('GET', '/lots/F1/balance/onHand')).body).toMatchObject({
    total: { value: '8', unit: 'EA' },
    items: [{ quantity: { value: '10' } }, { quantity: { value: '-2' }, cause: 'shipment', of: 'S-1' }],
  });
  const divided = await request('POST', '/aggregates', { of: { roots: ['L-1042'] }, by: ['custodian'] });
  expect(divided.body.items).toMatchObject([
    { custodian: 'HOSPITAL', atCustodian: { value: '2' }, onHand: { value: '0' } },
    { custodian: null, onHand: { value: '8' } },
  ]);
  const scopes = ['B1', 'L-1042'].map((name) => ({ name, roots: [name] }));
  expect((await request('POST', '/scopes/compare', { scopes })).body).toMatchObject({
    scopes: [
      { name: 'B1', onlyHere: 0 },
      { name: 'L-1042', custodians: 1 },
    ],
  });
  const authorization = await running.tokens.headers({ roles: ['quality-manager'] });
  const pasted = await fetch(`${running.address}/search/bulk`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/json', accept: 'text/csv' },
    body: JSON.stringify({ text: 'L-1042\nIP000003, nobody' }),
  });
  expect(pasted.headers.get('content-type')).toContain('text/csv');
  expect((await pasted.text()).split('\r\n').map((row) => row.split(',').slice(0, 4).join())).toEqual([
    'input,line,times,outcome',
    'L-1042,1,1,found',
    'IP000003,2,1,found',
    'nobody,2,1,unknown',
    '',
  ]);
});

test('what nobody knows is said so', async () => {
  expect(await request('GET', '/lots/F-SZ1-261101-09999')).toMatchObject({
    status: 404,
    body: { code: 'lot-unknown' },
  });
  expect(await request('GET', '/custodians/NOBODY/holdings')).toMatchObject({ status: 404 });
  expect(await request('GET', '/standing-questions/RC-X')).toMatchObject({ status: 404 });
});

test('after a restart the graph is rebuilt from the streams, and nothing is said twice', async () => {
  const { world } = running;
  await scope.stop();
  await running.stop();
  said.length = 0;
  await start(world);
  tell.voided('OP-2');
  tell.dispatched('S-2', 'DIST', [line('F5', 1)]);
  const minOffsets = await publish();
  const { body } = await request('POST', '/standing-questions/RC-2026-1/evaluate', { minOffsets });
  expect(body).toMatchObject({ totalLots: 3, complete: true });
  await until(() => said.some(({ event }) => event.sequence === body.sequence));
  const news = said.filter(({ event }) => event.sequence > 2).map(({ event }) => event);
  expect(news.flatMap(({ lots }) => lots)).toEqual([]);
  expect(news.flatMap(({ custodians }) => custodians)).toEqual(
    expect.arrayContaining([expect.objectContaining({ custodian: 'DIST' }), { custodian: 'HOSPITAL', lines: [] }]),
  );
  expect(said.map(({ event }) => event.sequence)).toEqual(said.map((_, index) => index + 1));
});

test('the API describes itself', async () => {
  const { body } = await request('GET', '/openapi.json');
  expect(await new Validator().validate(body)).toMatchObject({ valid: true });
});
