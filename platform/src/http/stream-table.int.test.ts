import { once } from 'node:events';
import { get } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { Rejected } from '../errors.ts';
import { startTestApp, type TestApp } from '../testing/http.ts';
import { until } from '../testing/until.ts';
import { ok, page, pageOf, pageQuery, route, table, type Route } from './route.ts';
import { Quantity } from './schemas.ts';

const Row = z.object({ lot: z.string(), quantity: Quantity, note: z.string() });
const summary = { en: 'Rows', zh: '行' };
const ALL = 1201;
const MANY = 1_000_000;
const rowOf = (n: number) => ({
  lot: `L-${String(n)}`,
  quantity: { value: String(n), unit: 'EA' },
  note: '=1+"x", 铝\r\n',
});

const seen = { asked: 0, closed: 0 };
const limits = { complete: z.boolean(), gaps: z.array(z.string()), offsets: z.array(z.unknown()) };

const routes: Route[] = [
  route({
    method: 'get',
    path: '/rows',
    requires: 'stock.read',
    summary,
    query: z.object({ ...pageQuery, refuse: z.string().optional() }),
    reply: { 200: pageOf(Row) },
    csv: table(Row),
    handle: async ({ query: { limit, cursor, refuse } }) => {
      if (refuse !== undefined) throw new Rejected('not-found');
      const from = Number(cursor ?? 0);
      const to = Math.min(ALL, from + limit);
      const items = Array.from({ length: to - from }, (_, n) => rowOf(from + n));
      return ok(page(items, to < ALL ? String(to) : null));
    },
  }),
  route({
    method: 'post',
    path: '/answers',
    requires: 'stock.read',
    summary,
    body: z.object({ lots: z.array(z.string()) }),
    reply: { 200: z.object({ lots: z.array(Row), ...limits }) },
    csv: table(Row, { list: 'lots', columns: { lot: ({ lot }) => lot } }),
    handle: async ({ body }) =>
      ok({
        lots: body.lots.map((lot) => ({ ...rowOf(1), lot })),
        complete: false,
        gaps: ['unread x'],
        offsets: [{ topic: 'a.b.v1', partition: 0, next: '12' }],
      }),
  }),
  route({
    method: 'get',
    path: '/many',
    requires: 'stock.read',
    summary,
    reply: { 200: z.object({ items: z.array(Row) }) },
    csv: table(Row),
    handle: async () => ok({ items: [] }),
    rows: async function* () {
      try {
        for (let at = 0; at < MANY; at += 1000) {
          seen.asked = at;
          yield { items: Array.from({ length: 1000 }, (_, n) => rowOf(at + n)) };
        }
      } finally {
        seen.closed += 1;
      }
    },
  }),
  route({
    method: 'get',
    path: '/breaks',
    requires: 'stock.read',
    summary,
    reply: { 200: z.object({ items: z.array(Row) }) },
    csv: table(Row),
    handle: async () => ok({ items: [] }),
    rows: async function* () {
      yield { items: [rowOf(1)] };
      await Promise.resolve();
      throw new Error('the store is gone');
    },
  }),
];

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp(routes);
});
afterAll(() => app.stop());

const headersNow = () => app.tokens.headers({ roles: ['warehouse-operator'] });

test('a list as CSV is the whole list, exact under RFC 4180', async () => {
  for (const reply of [
    await app.request('GET', '/rows?format=csv&limit=3'),
    await app.request('GET', '/rows', { headers: { accept: 'text/csv' } }),
  ]) {
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(reply.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''rows.csv");
    const rows: Record<string, string>[] = parse(String(reply.body), { columns: true, record_delimiter: '\r\n' });
    expect(rows).toHaveLength(ALL);
    expect(rows[1200]).toEqual({
      lot: 'L-1200',
      'quantity.value': '1200',
      'quantity.unit': 'EA',
      note: '\'=1+"x", 铝\r\n',
    });
  }
});

test('JSON stays the answer of whoever asks for nothing or anything', async () => {
  for (const accept of ['*/*', 'application/json', 'application/json, text/csv', 'text/html, */*;q=0.8']) {
    const reply = await app.request('GET', '/rows?limit=2', { headers: { accept } });
    expect(reply.body.items).toHaveLength(2);
  }
  expect((await app.request('GET', '/rows?format=json', { headers: { accept: 'text/csv' } })).body.items).toHaveLength(
    50,
  );
});

test('a byte order mark on request, and only then', async () => {
  const begin = async (path: string) => {
    const reply = await fetch(`${app.url}${path}`, { headers: await headersNow() });
    return Buffer.from(await reply.arrayBuffer())
      .subarray(0, 6)
      .toString('hex');
  };
  expect(await begin('/rows?format=csv&bom=true')).toBe(`efbbbf${Buffer.from('lot').toString('hex')}`);
  expect(await begin('/rows?format=csv')).toBe(Buffer.from('lot,qu').toString('hex'));
});

test('an answer with limits says them before the first row, in its name and in each row', async () => {
  const reply = await app.request('POST', '/answers?format=csv', { body: { lots: ['A', '-B'] } });
  expect(reply.headers.get('lotwarden-complete')).toBe('false');
  expect(reply.headers.get('lotwarden-gaps')).toBe('1');
  expect(reply.headers.get('lotwarden-offsets')).toBe('a.b.v1/0=12');
  expect(reply.headers.get('content-disposition')).toContain('answers-INCOMPLETE.csv');
  expect(reply.body).toBe("lot,complete\r\nA,false\r\n'-B,false\r\n");
});

test('NDJSON ends with a line about the whole', async () => {
  const reply = await app.request('POST', '/answers?format=ndjson', { body: { lots: ['A'] } });
  const lines = String(reply.body)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual([
    { ...rowOf(1), lot: 'A' },
    { end: { rows: 1, complete: false, gaps: ['unread x'], offsets: [{ topic: 'a.b.v1', partition: 0, next: '12' }] } },
  ]);
});

test('what is refused is refused as ever', async () => {
  expect((await app.request('GET', '/rows?format=csv&refuse=1')).body.code).toBe('not-found');
  expect((await app.request('GET', '/rows?format=xml')).body.code).toBe('query-invalid');
  expect((await app.request('GET', '/rows?format=csv&strange=1')).body.code).toBe('query-invalid');
  expect((await app.request('GET', '/rows?format=csv', { as: { roles: [] } })).status).toBe(403);
});

test('a million rows leave in constant memory', async () => {
  const reply = await fetch(`${app.url}/many?format=csv`, { headers: await headersNow() });
  let lines = 0;
  const most = { early: 0, late: 0 };
  let carried = '';
  for await (const chunk of reply.body ?? []) {
    const text = carried + Buffer.from(chunk as Uint8Array).toString('latin1');
    lines += text.split('L-').length - 1;
    carried = text.endsWith('L') ? 'L' : '';
    const half = lines < MANY / 2 ? 'early' : 'late';
    most[half] = Math.max(most[half], process.memoryUsage().rss);
  }
  expect(lines).toBe(MANY);
  // Half of the text is 20 MB, half of the rows as objects 100 MB; what the second half adds is neither.
  expect((most.late - most.early) / 2 ** 20).toBeLessThan(85);
}, 60_000);

test('a reader who stops reading stops the work, and one who leaves ends it', async () => {
  const before = { ...seen };
  const request = get(`${app.url}/many?format=csv`, { headers: await headersNow() });
  const [reply] = (await once(request, 'response')) as [NodeJS.ReadableStream & { destroy(): void }];
  await once(reply, 'readable');
  // The sockets' buffers take some megabytes; a million rows are far more.
  let stood = { at: -1, looks: 0 };
  await until(() => {
    stood = stood.at === seen.asked ? { at: stood.at, looks: stood.looks + 1 } : { at: seen.asked, looks: 0 };
    return stood.looks > 20;
  });
  expect(seen.asked).toBeLessThan(MANY / 2);
  reply.destroy();
  await until(() => seen.closed > before.closed);
});

test('a list that breaks off breaks the connection: half a list is not taken for a whole one', async () => {
  const headers = await headersNow();
  await expect(fetch(`${app.url}/breaks?format=csv`, { headers }).then((reply) => reply.text())).rejects.toThrow();
  expect(app.logged).toContainEqual(expect.objectContaining({ message: 'a list could not be sent to its end' }));
});

test('the documentation lists the forms', async () => {
  const { body } = await app.request('GET', '/openapi.json', { as: null });
  const { get: list } = body.paths['/rows'];
  expect(Object.keys(list.responses['200'].content)).toEqual(['application/json', 'text/csv', 'application/x-ndjson']);
  expect(list.parameters.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['format', 'bom', 'limit']),
  );
});
