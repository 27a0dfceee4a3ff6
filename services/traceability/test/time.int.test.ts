import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { createCodec } from '@lotwarden/contracts/codec';
import type { KafkaPort } from '@lotwarden/platform/kafka';
import { startService, type TestService } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import traceability from '../src/service.ts';
import { createHistory, line, serials } from './history.ts';

const codec = createCodec();
const { facts, tell } = createHistory();
const GTIN = '06901234567892';
let running: TestService;
let kafka: KafkaPort;
let published = 0;

/** What was told since, as its owners recorded it at that moment. */
async function publish(recordedAt: string) {
  const news = facts.slice(published);
  published = facts.length;
  const positions = await kafka.send(
    news.map(({ topic, aggregate, version, id, occurredAt, event }) => ({
      topic,
      key: aggregate,
      value: codec.encode(topic, event),
      headers: {
        ce_id: id,
        ce_subject: encodeURIComponent(aggregate),
        ce_aggregateversion: String(version),
        ce_occurredat: occurredAt,
        ce_time: recordedAt,
        ce_actor: 'mes-1',
        ce_source: '/mes-bridge',
      },
    })),
  );
  return positions.map(({ partition, offset }, index) => ({ topic: news[index]!.topic, partition, next: offset + 1 }));
}

async function request(
  method: string,
  path: string,
  body?: unknown,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- replies are compared with what is expected
): Promise<{ status: number; body: any; text: string }> {
  const authorization = await running.tokens.headers({ roles: ['quality-manager'] });
  const reply = await fetch(`${running.address}${path}`, {
    method,
    headers: { ...authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
}

const seeing = (minOffsets: unknown): string => `minOffsets=${encodeURIComponent(JSON.stringify(minOffsets))}`;

let decided: { topic: string; partition: number; next: number }[];
let later: typeof decided;

beforeAll(async () => {
  const build: typeof traceability.build = (deps) => {
    ({ kafka } = deps);
    return traceability.build(deps);
  };
  running = await startService(
    { ...traceability, build },
    { environment: { OWNERS_EVERY: '60000', GAP_GRACE: '0', GAPS_EVERY: '100' } },
  );
  tell.received('M1', 100, 'L-7');
  for (const lot of ['F1', 'F2']) tell.declared(lot);
  tell.operation('OP-1', { in: [['M1', 10]], out: [['F1', 10]] });
  tell.operation('OP-2', { in: [], out: [['F2', 10]] });
  tell.commissioned('F1', serials(1, 10));
  tell.dispatched('S-1', 'HOSPITAL', [line('F1', 2, serials(1, 2))]);
  tell.arrived('S-1', 'HOSPITAL', line('F1', 2, serials(1, 2)));
  tell.packed('CARTON', [line('F1', 2)]);
  tell.packed('PALLET', [line('F1', 2)], ['CARTON'], 'pallet');
  tell.dispatched('S-2', 'DIST', [{ ...line('F1', 2), containers: ['PALLET'] }]);
  decided = await publish('2026-11-01T09:00:00.000Z');
  tell.late('OP-2', 'M1', 5);
  tell.operation('OP-3', { kind: 'split', in: [['F1', 1]], out: [['F2', 1]] });
  tell.serialsMoved('F1', 'F2', serials(3, 3), 'OP-3');
  tell.used('HOSPITAL', line('F1', 1, serials(1, 1)));
  later = await publish('2026-11-03T09:00:00.000Z');
});
afterAll(() => running.end());

test('a timeline tells who, when, where, status and document; what was told late stands right behind its event', async () => {
  const { body } = await request('GET', `/lots/M1/timeline?${seeing(later)}`);
  expect(body.items.map(({ type }: { type: string }) => type)).toEqual([
    'OperationRecorded',
    'OperationInputAdded',
    'recorded-late',
    'MaterialLotReceived',
  ]);
  expect(body.items.at(-1)).toMatchObject({
    status: 'pending',
    documents: [{ kind: 'purchase-order', id: 'PO-1' }],
    where: [
      { kind: 'site', id: 'SZ1' },
      { kind: 'location', id: 'DOCK' },
    ],
    source: { topic: 'receiving.material-lot.v1', aggregate: 'M1', version: 1, system: 'receiving' },
  });
  const recorded = await request(
    'GET',
    '/lots/M1/timeline?order=recorded&kinds=OperationInputAdded&from=2026-11-02T00:00:00Z',
  );
  expect(recorded.body.items).toMatchObject([{ entry: 'event' }, { entry: 'finding', type: 'recorded-late' }]);
  const then = await request('GET', '/lots/M1/timeline?asOf=2026-11-02T00:00:00Z');
  expect(then.body.items).toHaveLength(2);
  const csv = await request('GET', '/lots/M1/timeline?format=csv');
  expect(csv.text.split('\r\n')).toHaveLength(6);
  const first = (await request('GET', '/lots/M1/timeline?limit=1')).body;
  expect((await request('GET', `/lots/M1/timeline?cursor=${first.next}`)).body.items).toHaveLength(3);
});

test('a unit has the lots it was in, and of these only what is its; party and operation have theirs', async () => {
  const { body } = await request('GET', `/serials/${GTIN}/IP000003/timeline?${seeing(later)}`);
  expect(body.lots).toMatchObject([
    { lot: 'F1', from: null, broughtBy: null, takenBy: 'OP-3' },
    { lot: 'F2', to: null, broughtBy: 'OP-3', takenBy: null },
  ]);
  const types = new Set(body.items.map(({ type }: { type: string }) => type));
  expect(types).toContain('SerialsMovedIn');
  expect(types).not.toContain('UnitsUsed');
  const used = await request('GET', `/serials/${GTIN}/IP000001/timeline`);
  expect(used.body.items.map(({ type }: { type: string }) => type)).toContain('UnitsUsed');
  expect(await request('GET', `/serials/${GTIN}/IP999999/timeline`)).toMatchObject({
    status: 404,
    body: { code: 'serial-unknown' },
  });
  const party = await request('GET', '/custodians/HOSPITAL/timeline');
  expect(party.body.items.filter(({ entry }: { entry: string }) => entry === 'event')).toHaveLength(3);
  const operation = await request('GET', '/operations/OP-2/timeline');
  expect(operation.body.items).toMatchObject([
    { type: 'OperationRecorded', status: 'recorded' },
    { type: 'OperationInputAdded' },
    { entry: 'finding', type: 'recorded-late' },
  ]);
});

test('what happened to a pallet happened to the carton in it, while it was in it', async () => {
  const { body } = await request('GET', `/containers/CARTON/timeline?${seeing(later)}`);
  expect(body.inside).toMatchObject([{ container: 'PALLET', to: null }]);
  expect(body.items.map(({ type }: { type: string }) => type).sort()).toEqual([
    'ContainerPacked',
    'ContainerPacked',
    'ShipmentDispatched',
  ]);
  expect((await request('GET', '/containers/PALLET/timeline')).body.items).toHaveLength(2);
});

test('as of a moment an answer is made of what had been recorded; what was recorded later is named', async () => {
  const ask = { roots: ['M1'], asOf: '2026-11-02T00:00:00Z', minOffsets: later };
  const { status, body } = await request('POST', '/traces/as-of', ask);
  expect(status).toBe(200);
  expect(body).toMatchObject({ totalLots: 2, lots: [{ lot: 'M1' }, { lot: 'F1' }], complete: false });
  expect(body.recordedLater.total).toBe(5);
  // Nobody but this service runs here: what the owners know may be of then as well.
  const ofThen = (gaps: readonly string[]) => gaps.filter((gap) => !gap.startsWith('owner-unheard '));
  expect(ofThen(body.gaps)).toEqual([expect.stringContaining('recorded-later 5 facts')]);
  expect(body.gaps).toContain('owner-unheard warehouse');
  const table = await request('POST', '/traces/as-of?format=csv', ask);
  expect(table.text).toMatch(/^lot,item.*,complete\r\nM1,/);
  const now = await request('POST', '/traces/as-of', { ...ask, asOf: '2026-12-01T00:00:00Z' });
  expect(now.body).toMatchObject({ totalLots: 3, complete: false });
  expect(ofThen(now.body.gaps)).toEqual([]);
});

test('a lot and its balance as they were known then', async () => {
  const then = 'asOf=2026-11-02T00:00:00Z';
  expect((await request('GET', `/lots/M1?${then}`)).body).toMatchObject({
    usedBy: [{ operation: 'OP-1' }],
    complete: false,
    gaps: expect.arrayContaining([expect.stringMatching(/^recorded-later \d+ facts/)]),
  });
  expect((await request('GET', '/lots/M1')).body).toMatchObject({
    usedBy: [{ operation: 'OP-1' }, { operation: 'OP-2' }],
  });
  const consumed = async (query: string) =>
    (await request('GET', `/lots/M1/balance?${query}`)).body.consumedInto.map(({ of }: { of: string }) => of);
  expect(await consumed(then)).toEqual(['OP-1']);
  expect((await request('GET', `/lots/M1/balance?${then}`)).body).toMatchObject({
    complete: false,
    gaps: expect.arrayContaining([expect.stringMatching(/^recorded-later \d+ facts/)]),
  });
  expect(await consumed('')).toEqual(['OP-1', 'OP-2']);
  expect(await request('GET', '/lots/M1?asOf=2026-10-01T00:00:00Z')).toMatchObject({ status: 404 });
});

test('as of a moment a trace starts from whatever one of now starts from, as it was known then', async () => {
  tell.received('M90', 10);
  for (const lot of ['F90', 'F91']) tell.declared(lot);
  tell.operation('OP-90', { in: [['M90', 1]], out: [['F90', 1]], more: { equipment: 'SMT-90' } });
  await publish('2026-11-02T09:00:00.000Z');
  tell.alias('F90', 'ERP', 'N-90');
  tell.operation('OP-91', { in: [['M90', 1]], out: [['F91', 1]], more: { equipment: 'SMT-90' } });
  tell.voided('OP-90');
  const minOffsets = await publish('2026-11-04T09:00:00.000Z');
  const [asOf, to] = ['2026-11-03T00:00:00Z', '2026-12-01T00:00:00Z'];
  const filter = { operationsWhere: { equipment: 'SMT-90', from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' } };
  const lots = async (roots: unknown[], moment = asOf) => {
    const { body } = await request('POST', '/traces/as-of', { roots, asOf: moment, minOffsets });
    return body.lots.map(({ lot }: { lot: string }) => lot);
  };
  expect([await lots([filter]), await lots([filter], to)]).toEqual([['F90'], ['F91']]);
  expect(await lots([{ serials: serials(1, 1) }])).toEqual(['F1']);
  expect(await lots([{ container: 'PALLET' }])).toEqual(['F1']);
  expect(await lots([{ operation: 'OP-90' }, { lot: 'L-7' }], '2026-11-02T10:00:00Z')).toEqual(['F90', 'M1', 'F1']);
  expect(await lots([{ lotsWhere: { supplier: 'SUP-HX', item: 'CAP-100' } }])).toEqual(['M1', 'M90', 'F1', 'F90']);

  const named = await request('POST', '/traces/as-of', { roots: ['N-90'], asOf, minOffsets });
  expect(named.body).toMatchObject({ totalLots: 0, roots: [{ is: 'unknown' }], complete: false });
  expect(named.body.gaps).toContain('root-unknown N-90');
  expect(named.body.recordedLater.first.map(({ type }: { type: string }) => type)).toContain('LotAliasAssigned');
  expect(await request('GET', `/lots/N-90?asOf=${asOf}`)).toMatchObject({
    status: 404,
    body: { code: 'lot-unknown-then' },
  });
  expect(await request('GET', `/lots/N-90/balance?asOf=${asOf}`)).toMatchObject({ status: 404 });
  expect((await request('GET', `/lots/N-90?asOf=${to}`)).body.lot).toBe('F90');
  expect((await request('GET', `/lots/N-90/timeline?asOf=${asOf}`)).body.items).toEqual([]);
  expect(await request('GET', `/lots/N-91/timeline?asOf=${asOf}`)).toMatchObject({ status: 404 });
  expect((await request('GET', `/lots/N-90/handled-outside?asOf=${asOf}`)).body.items).toEqual([]);
  expect(await request('POST', '/traces/as-of', { roots: ['NOBODY', 'M90'], asOf })).toMatchObject({
    status: 404,
    body: { code: 'roots-unknown' },
  });
  const skipped = await request('POST', '/traces/as-of', { roots: ['NOBODY', 'M90'], asOf, skipUnknown: true });
  expect(skipped.body).toMatchObject({ totalLots: 2, roots: [{ is: 'unknown' }, { is: 'known' }] });

  const difference = { roots: [filter], from: asOf, to, minOffsets };
  const { body } = await request('POST', '/scope-differences', difference);
  expect(body).toMatchObject({
    rootsBefore: [{ is: 'known', operations: 1 }],
    rootsAfter: [{ is: 'known', operations: 1 }],
    totals: { 'lots came': 1, 'lots went': 1 },
  });
  expect(body.items.slice(0, 2)).toMatchObject([
    { subject: 'F90', change: 'went', because: expect.arrayContaining([expect.objectContaining({ type: 'OperationVoided' })]) }, // prettier-ignore
    { subject: 'F91', change: 'came' },
  ]);
  const csv = await request('POST', '/scope-differences?format=csv', difference);
  expect(csv.text).toMatch(/\r\nlot,F90,went,/);
});

test('what we knew when we decided, and what brought the rest', async () => {
  const ask = { roots: ['M1'], from: '2026-11-02T00:00:00Z', to: '2026-12-01T00:00:00Z' };
  const { body } = await request('POST', '/scope-differences', ask);
  expect(body.totals).toMatchObject({ 'lots came': 1 });
  expect(body.items[0]).toMatchObject({
    what: 'lot',
    subject: 'F2',
    change: 'came',
    because: expect.arrayContaining([expect.objectContaining({ type: 'OperationInputAdded', aggregate: 'OP-2' })]),
  });
  const table = await request('POST', '/scope-differences?format=csv', ask);
  expect(table.text.split('\r\n')).toHaveLength(Number(body.total) + 2);
  const paged = await request('POST', '/scope-differences', { ...ask, limit: 1 });
  expect(paged.body).toMatchObject({ items: [{ subject: 'F2' }], total: body.total });
  expect(await request('POST', '/scope-differences', { ...ask, to: '2026-11-01T00:00:00Z' })).toMatchObject({
    status: 400,
    body: { code: 'moments-out-of-order' },
  });
});

test('between two things that a standing question said lies what came in between', async () => {
  await request('POST', '/standing-questions', { question: 'RC-9', roots: ['M1'] });
  await until(async () => (await request('GET', '/standing-questions/RC-9')).body.sequence >= 1);
  const ask = { roots: ['M1'], from: { question: 'RC-9', sequence: 99 } };
  expect(await request('POST', '/scope-differences', ask)).toMatchObject({
    status: 404,
    body: { code: 'sequence-unknown' },
  });
  const known = { ...ask, from: { question: 'RC-9', sequence: 1 } };
  await until(async () => (await request('POST', '/scope-differences', known)).status === 200);
  expect((await request('POST', '/scope-differences', known)).body).toMatchObject({ total: 0, items: [] });
});

test('standing questions are listed, with everything each said and what lies between two of its numbers', async () => {
  const { items } = (await request('GET', '/standing-questions?status=open')).body;
  expect(items).toMatchObject([{ question: 'RC-9', totalLots: 3 }]);
  const answers = (await request('GET', '/standing-questions/RC-9/answers')).body.items;
  expect(answers[0]).toMatchObject({ sequence: 1, lots: 3, custodians: 2, totalLots: 3 });
  const between = async (query: string) => (await request('GET', `/standing-questions/RC-9/differences?${query}`)).body;
  expect((await between('to=1')).items).toMatchObject([
    { what: 'lot', change: 'came', sequence: 1 },
    { what: 'lot' },
    { what: 'lot' },
    { what: 'custodian', subject: 'DIST' },
    { what: 'custodian', subject: 'HOSPITAL', before: null },
  ]);
  const first = await between('to=1&limit=3');
  expect((await between(`cursor=${first.next}`)).items).toMatchObject([{ what: 'custodian' }, { what: 'custodian' }]);
  expect((await between('from=1&to=1')).items).toEqual([]);
  expect(await request('GET', '/standing-questions/RC-9/differences?from=99')).toMatchObject({ status: 404 });
});

test("what is missing is somebody's work until it is there, and nobody can close it by hand", async () => {
  tell.operation('OP-9', { in: [], out: [['F9', 1]] });
  await publish('2026-11-03T10:00:00.000Z');
  const gaps = async (query: string) => (await request('GET', `/gaps?${query}`)).body.items;
  await until(async () => (await gaps('source=mes-bridge&team=mes')).length === 2);
  const [gap] = await gaps('kind=operation-without-inputs');
  expect(gap).toMatchObject({ state: 'open', subject: 'OP-9', source: 'mes-bridge', team: 'mes', overdue: false });
  await until(async () => (await request('GET', `/gaps/${gap.gap}`)).body.impact !== null);
  expect((await request('GET', `/gaps/${gap.gap}`)).body.impact).toMatchObject({
    lots: 1,
    inScopeOf: [],
    mayWiden: ['RC-9'],
  });
  expect(await gaps('kind=owner-unheard')).toHaveLength(6);

  const taken = await request('POST', `/gaps/${gap.gap}/assignments`, { reason: 'line 2 is mine' });
  expect(taken).toMatchObject({ status: 201, body: { state: 'taken', reason: 'line 2 is mine' } });
  await request('POST', `/gaps/${gap.gap}/comments`, { comment: 'MES had a gap in its log' });
  const dueAt = '2099-01-01T00:00:00.000Z';
  const postponed = await request('POST', `/gaps/${gap.gap}/postponements`, { dueAt, reason: 'waits for MES' });
  expect(postponed).toMatchObject({ status: 201, body: { dueAt, comments: [{ text: 'MES had a gap in its log' }] } });
  expect(await request('DELETE', `/gaps/${gap.gap}`)).toMatchObject({ status: 405 });

  tell.late('OP-9', 'M1', 1);
  await publish('2026-11-03T11:00:00.000Z');
  await until(async () => (await request('GET', `/gaps/${gap.gap}`)).body.state === 'closed');
  expect(await request('POST', `/gaps/${gap.gap}/comments`, { comment: 'x' })).toMatchObject({
    status: 409,
    body: { code: 'gap-closed' },
  });
  const csv = await request('GET', '/gaps?state=standing&format=csv');
  expect(csv.text.split('\r\n').length).toBeGreaterThan(7);
  const named = (await request('GET', '/watermarks/gaps?limit=3')).body;
  expect(named).toMatchObject({ items: [{ kind: 'lot-undeclared', subject: 'F9' }, {}, {}], next: expect.any(String) });
});

test('how old each source is stands beside how far it was read', async () => {
  const { body } = await request('GET', '/watermarks');
  expect(body.sources.map(({ system }: { system: string }) => system)).toContain('MES-SZ');
  expect(body.sources[0].text).toMatch(/ d old$/);
  expect(body.written.length).toBeGreaterThan(5);
  const csv = await request('GET', '/watermarks?format=csv');
  const rows = parse<Record<string, string>>(csv.text, { columns: true });
  expect(rows.find(({ system }) => system === 'MES-SZ')).toMatchObject({
    read: expect.stringMatching(/^\d+=\d+/),
    written: expect.stringMatching(/^\d+=\d+/),
    age: expect.stringMatching(/^\d+$/),
    complete: String(body.complete),
  });
  expect(new Set(rows.map(({ topic }) => topic))).toEqual(
    new Set([...body.offsets, ...body.written].map(({ topic }: { topic: string }) => topic)),
  );
});

test('a lot and its balance are a row of a table, now and as of a moment', async () => {
  const rowOf = async (path: string) =>
    parse<Record<string, string>>((await request('GET', path)).text, { columns: true });
  const { body } = await request('GET', '/lots/M1');
  expect(await rowOf('/lots/M1?format=csv')).toMatchObject([
    {
      lot: 'M1',
      item: body.item,
      'source.received.value': body.source.received.value,
      complete: String(body.complete),
    },
  ]);
  expect(await request('GET', '/lots/M1?format=csv&asOf=2026-10-01T00:00:00Z')).toMatchObject({ status: 404 });
  const balance = (await request('GET', '/lots/M1/balance')).body;
  expect(await rowOf('/lots/M1/balance?format=csv')).toMatchObject([
    { lot: 'M1', 'buckets.onHand.value': balance.buckets.onHand.value, balanced: String(balance.balanced) },
  ]);
});

test('whoever asks for more than is read is told how far it is', async () => {
  const beyond = decided.map((offset) => ({ ...offset, next: offset.next + 1000 }));
  expect(await request('GET', `/containers/X/timeline?${seeing(beyond)}`)).toMatchObject({
    status: 503,
    body: { code: 'not-caught-up' },
  });
  expect(await request('GET', '/containers/X/timeline?minOffsets=nonsense')).toMatchObject({ status: 400 });
});

test('what we did to a unit while a customer had it is told, as of any moment', async () => {
  tell.declared('F70');
  tell.dispatched('S-70', 'HOSPITAL', [line('F70', 3, serials(71, 73))], '2026-11-05T08:00:00.000Z');
  tell.returnReceived('RT-70', 'HOSPITAL', [line('F70', 1, serials(71, 71))], '2026-11-09T08:00:00.000Z');
  const during = { startedAt: '2026-11-06T08:00:00.000Z', endedAt: '2026-11-06T09:00:00.000Z' };
  const units = (n: number) => ['F70', 1, { serials: serials(n, n) }] as const;
  tell.operation('OP-71', { kind: 'repair', in: [units(71)], out: [['F70', 1, serials(71, 71)]], more: during });
  await publish('2026-11-10T09:00:00.000Z');
  tell.operation('OP-72', { kind: 'repair', in: [units(72)], out: [['F70', 1, serials(72, 72)]], more: during });
  const told = await publish('2026-11-12T09:00:00.000Z');
  const { body } = await request('GET', `/lots/F70/handled-outside?${seeing(told)}`);
  const [left, back] = ['2026-11-05T08:00:00.000Z', '2026-11-09T08:00:00.000Z'];
  expect(body.items).toMatchObject([
    { by: 'OP-71', serials: serials(71, 71), shipment: 'S-70', custodian: 'HOSPITAL', leftAt: left, backAt: back },
    { by: 'OP-72', serials: serials(72, 72), shipment: 'S-70', leftAt: left, backAt: null },
  ]);
  const first = (await request('GET', '/lots/F70/handled-outside?limit=1')).body;
  expect([first.items.length, first.next]).toEqual([1, '1']);
  expect((await request('GET', '/lots/F70/handled-outside?asOf=2026-11-11T00:00:00Z')).body.items).toHaveLength(1);
  const { text } = await request('GET', '/lots/F70/handled-outside?format=csv');
  expect(text.split('\r\n')[1]).toMatch(/^IP000071,S-70,HOSPITAL,/);
});

test('of what nobody ever mentioned there is no timeline, rather than an empty one that looks complete', async () => {
  const codes = { containers: 'container-unknown', custodians: 'custodian-unknown', operations: 'operation-unknown' };
  for (const [what, code] of Object.entries(codes))
    expect(await request('GET', `/${what}/NOBODY/timeline`)).toMatchObject({ status: 404, body: { code } });
  const before = await request('GET', '/operations/OP-2/timeline?asOf=2020-01-01T00:00:00Z');
  expect(before).toMatchObject({ status: 200, body: { items: [] } });
});

test('what did not happen is told as an error of each event that told of it, also where both come at once', async () => {
  tell.operation('OP-80', { in: [['M80', 10]], out: [['F80', 10]] });
  tell.late('OP-80', 'M81', 5);
  await publish('2026-11-10T09:00:00.000Z');
  tell.voided('OP-80');
  tell.operation('OP-81', { in: [['M80', 1]], out: [['F80', 1]] });
  tell.voided('OP-81');
  const told = await publish('2026-11-12T09:00:00.000Z');
  await request('GET', `/lots/F80/timeline?${seeing(told)}`);
  const events = async (search: string) =>
    (await request('GET', `/epcis/facts/events?${search}`)).body.epcisBody.queryResults.resultsBody.eventList;
  const errors = await events('EXISTS_errorDeclaration=true');
  const of = (operation: string) => errors.filter((one: { transformationID: string }) => one.transformationID === `urn:lotwarden:operation:${operation}`); // prettier-ignore
  expect([of('OP-80'), of('OP-81')].map((one) => one.length)).toEqual([2, 1]);
  expect(of('OP-81')).toMatchObject([
    {
      type: 'TransformationEvent',
      outputQuantityList: [{ epcClass: 'urn:lotwarden:lot:F80' }],
      errorDeclaration: { reason: 'did_not_occur', declarationTime: '2026-11-12T09:00:00.000Z', 'lotwarden:reason': 'entered twice' }, // prettier-ignore
    },
  ]);
  const [first] = of('OP-80');
  expect(await events(`EQ_eventID=${encodeURIComponent(first.eventID)}`)).toHaveLength(2);
});

test('a serial that does not end in a number is nobody’s unit', async () => {
  for (const serial of ['ABC', '%00'])
    expect(await request('GET', `/serials/${GTIN}/${encodeURIComponent(serial)}/timeline`)).toMatchObject({
      status: 404,
      body: { code: 'serial-unknown' },
    });
});

test('what must have been seen is refused where no such stream is', async () => {
  const typo = encodeURIComponent(JSON.stringify([{ topic: 'mes-bridge.operatoin.v1', partition: 0, next: 1 }]));
  expect(await request('GET', `/lots/M1/timeline?minOffsets=${typo}`)).toMatchObject({ status: 400 });
});
