import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Envelope } from '@lotwarden/platform/consumer';
import type { Store } from '@lotwarden/platform/store';
import { startTestApp, type TestApp } from '@lotwarden/platform/testing/http';
import { openTestStore } from '@lotwarden/platform/testing/store';
import { createHistory, serials } from '../../test/history.ts';
import type { Limits } from '../graph/questions.ts';
import { messages } from '../messages.ts';
import { createFinder } from './find.store.ts';
import { addToSearch, searchIndex } from './search.projection.ts';
import { searchRoutes } from './search.routes.ts';

const GTIN = '06901234567892';
const LIMITS: Limits = { offsets: [{ topic: 'a', partition: 0, next: 3 }], complete: true, gaps: [] };
const who = { messageId: 'm', actor: 'a', causationId: 'c', correlationId: 'c', occurredAt: '2026-11-01T08:00:00Z' };
let app: TestApp;
let opened: Awaited<ReturnType<typeof openTestStore>>;

const product = { type: 'ProductSpecified', product: 'IP-200', name: 'Infusion pump', nameZh: '输液泵', gtin: GTIN };
const bulk = async (body: unknown, path = '/search/bulk') => app.request('POST', path, { body });
const outcomes = async (text: string) => {
  const { body } = await bulk({ text });
  return (body.items as { input: string; outcome: string }[]).map(({ input, outcome }) => `${input}: ${outcome}`);
};
const found = async (q: string, more = '') =>
  (await app.request('GET', `/search?q=${encodeURIComponent(q)}${more}`)).body.items as {
    kind: string;
    value: string;
    subject: string;
  }[];

beforeAll(async () => {
  opened = await openTestStore({ service: 'traceability' });
  const store: Store = opened.store;
  const index = searchIndex(store);
  await store.ensureIndexes();
  const { facts, tell } = createHistory();
  tell.received('M-1', 100, 'L-1042');
  tell.received('M-2', 100, 'L-77');
  tell.declared('F1');
  tell.declared('F2');
  tell.alias('F1', 'ERP', 'DOUBLE');
  tell.alias('F2', 'LIMS', 'DOUBLE');
  tell.operation('OP-1', { in: [['M-1', 10]], out: [['F1', 10]] });
  tell.commissioned('F1', serials(1, 10));
  tell.commissioned('F2', serials(11, 1_000));
  const events = [
    ...facts.map(({ event }) => event),
    product,
    { type: 'InspectionResultRecorded', sample: 'LIMS-S-9', lot: 'M-1' },
  ];
  await store.work(who, async (work) => {
    for (const event of events) addToSearch({ event } as unknown as Envelope, work);
    await Promise.resolve();
  });
  app = await startTestApp(
    searchRoutes(createFinder(index), async () => LIMITS),
    { messages },
  );
});
afterAll(async () => {
  await app.stop();
  await opened.drop();
});

test('one box finds any name, whatever its case and width, by its beginning', async () => {
  expect(await found('l-10')).toMatchObject([{ kind: 'alias', subject: 'M-1' }]);
  expect(await found('ｌ-1042', '&match=exact')).toMatchObject([{ kind: 'alias', subject: 'M-1' }]);
  expect(await found('L-10\u202e42')).toMatchObject([{ subject: 'M-1' }]);
  expect(await found('lims-s-9')).toMatchObject([{ kind: 'sample', subject: 'M-1' }]);
  expect(await found('PO-1')).toMatchObject([
    { kind: 'purchase-order', subject: 'M-1' },
    { kind: 'purchase-order', subject: 'M-2' },
  ]);
  expect(await found('输液泵')).toMatchObject([{ kind: 'product', subject: 'IP-200' }]);
  expect(await found('.*', '&match=prefix')).toEqual([]);
  expect(await found('(((((')).toEqual([]);
});

test('a serial is found within its range, by its beginning too', async () => {
  expect(await found('ip000007')).toMatchObject([{ kind: 'serial', value: 'IP000007', subject: 'F1' }]);
  expect(await found('IP000007', '&match=exact')).toMatchObject([{ kind: 'serial', subject: 'F1' }]);
  expect(await found('IP00000')).toMatchObject([{ kind: 'serials', value: 'IP000001..IP000010', subject: 'F1' }]);
  expect(await found('IP0000')).toMatchObject([{ subject: 'F1' }, { subject: 'F2' }]);
  expect(await found('IP0005')).toMatchObject([{ subject: 'F2' }]);
  expect(await found('IP001001')).toEqual([]);
  expect(await found('IP00000', '&match=exact')).toEqual([]);
});

test('pages of serials and names follow each other without a gap', async () => {
  const whole = await found('I');
  const paged: unknown[] = [];
  for (let cursor = ''; ;) {
    const { body } = await app.request('GET', `/search?q=I&limit=1${cursor}`);
    paged.push(...body.items);
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(paged).toEqual(whole);
  expect(whole.length).toBeGreaterThan(3);
  const csv = await app.request('GET', '/search?q=I&format=csv');
  expect(parse(csv.body, { columns: true })).toHaveLength(whole.length);
  expect((await app.request('GET', '/search?q=I&cursor=nonsense')).body.code).toBe('cursor-invalid');
});

test('a scanned label finds the unit, else its lot, else its product, and says which', async () => {
  const scanned = async (text: string) => (await bulk({ identifiers: [text] })).body.items[0];
  expect(await scanned(`(01)${GTIN}(10)mes-F1(21)IP000003`)).toMatchObject({
    outcome: 'found',
    scan: { form: 'bracketed' },
    meanings: [
      { kind: 'serial', subject: 'F1' },
      { kind: 'alias', subject: 'F1' },
      { kind: 'gtin', subject: 'IP-200' },
    ],
  });
  expect(await scanned(`]d201${GTIN}10mes-F2\u001d21IP999999`)).toMatchObject({ outcome: 'partly' });
  expect(await scanned(`https://id.gs1.org/01/${GTIN}/10/mes-F2`)).toMatchObject({
    outcome: 'found',
    meanings: [{ kind: 'alias', subject: 'F2' }, { kind: 'gtin' }],
  });
  expect(await scanned(`(01)${GTIN}(10)L-1042`)).toMatchObject({ outcome: 'partly' });
  expect(await scanned(GTIN)).toMatchObject({ outcome: 'found', meanings: [{ kind: 'gtin', subject: 'IP-200' }] });
  expect(await scanned('(01)09520123456788')).toMatchObject({ outcome: 'unknown', meanings: [] });
});

test('hundreds of pasted identifiers: each found, ambiguous or named as unknown', async () => {
  expect(await outcomes('L-1042\r\n"L-77"; L-1042,,\n\n\tIP000005\nDOUBLE\nNOBODY\nF1 F2\nno such words')).toEqual([
    'L-1042: found',
    'L-77: found',
    'IP000005: found',
    'DOUBLE: ambiguous',
    'NOBODY: unknown',
    'F1: found',
    'F2: found',
    'no such words: unknown',
  ]);
  const row = Array.from({ length: 300 }, (_, n) => `IP${String(n + 1).padStart(6, '0')}`).join(' ');
  expect((await bulk({ text: row })).body.totals).toEqual({ identifiers: 300, found: 300 });
  const { body } = await bulk({ text: 'L-1042\n\nL-1042\nWO-1' });
  expect(body).toMatchObject({
    items: [
      { input: 'L-1042', line: 1, times: 2 },
      { input: 'WO-1', line: 4, times: 1 },
    ],
    totals: { identifiers: 2, found: 2 },
    ...LIMITS,
  });
  const csv = await bulk({ text: 'DOUBLE\nNOBODY' }, '/search/bulk?format=csv');
  expect(csv.headers.get('lotwarden-complete')).toBe('true');
  expect(parse(csv.body, { columns: true })).toMatchObject([
    { input: 'DOUBLE', outcome: 'ambiguous', system: 'ERP', subject: 'F1', complete: 'true' },
    { input: 'DOUBLE', outcome: 'ambiguous', system: 'LIMS', subject: 'F2' },
    { input: 'NOBODY', outcome: 'unknown', subject: '' },
  ]);
});

test('hostile lists are bounded and refused by name', async () => {
  const lines = (n: number) => Array.from({ length: n }, (_, at) => `X-${String(at)}`).join('\n');
  expect(await bulk({ text: lines(10_000) })).toMatchObject({ status: 413, body: { code: 'search-too-many' } });
  expect(await bulk({ text: 'x'.repeat(1_000_001) })).toMatchObject({ status: 400, body: { code: 'body-invalid' } });
  expect(await bulk({ text: 'x'.repeat(3_000_000) })).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  expect(await bulk({})).toMatchObject({ status: 400 });
  expect(await outcomes('x'.repeat(999_999))).toEqual([`${'x'.repeat(500)}: too-long`]);
  expect(await bulk({ text: 'a b c d e '.repeat(2_000).trim() })).toMatchObject({ status: 200 });
  expect(await bulk({ text: Array.from({ length: 6_000 }, (_, n) => `w${String(n)}`).join(' ') })).toMatchObject({
    status: 413,
  });
  expect(await bulk({ text: Array.from({ length: 2_000 }, (_, n) => `a b ${String(n)}`).join('\n') })).toMatchObject({
    status: 413,
  });
  const strange = ['.*', '^(a+)+$', '$where', '{"$gt":""}', '\u202eL-1042', '\u0000', '%00', '🦊', '{GS}', '(01)', '+'];
  const answered = await bulk({ identifiers: [...strange, ' '.repeat(900_000)] });
  expect(answered.status).toBe(200);
  expect(answered.body.items[4]).toMatchObject({ input: 'L-1042', outcome: 'found' });
  expect((await bulk({ text: Array.from({ length: 4_000 }, () => 'L-1042').join(' \t\n') })).body.items).toHaveLength(
    1,
  );
});
