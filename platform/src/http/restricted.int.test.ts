import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Role } from '../permissions/permissions.ts';
import { startTestApp, type TestApp } from '../testing/http.ts';
import { readPdf } from '../testing/pdf.ts';
import { restricted } from './restricted.ts';
import { created, ok, page, pageOf, pageQuery, route, table } from './route.ts';

const LotView = z.object({
  lot: z.string(),
  supplier: restricted('source.read', z.string()),
  people: z.array(z.object({ role: z.string(), name: restricted('operator.read', z.string()) })),
});
const lot = { lot: 'L-1', supplier: 'SUP-HX', people: [{ role: 'operator', name: 'Wang' }] };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp([
    route({
      method: 'get',
      path: '/lots',
      requires: 'material-lot.read',
      summary: { en: 'Lots', zh: '批次' },
      query: z.object({ ...pageQuery, supplier: restricted('source.read', z.string().optional()) }),
      reply: { 200: pageOf(LotView) },
      csv: table(LotView),
      handle: () => Promise.resolve(ok(page([lot]))),
    }),
    route({
      method: 'get',
      path: '/lots/:lot',
      requires: 'material-lot.read',
      summary: { en: 'A lot', zh: '批次' },
      reply: { 200: LotView },
      print: ({ lot: id, supplier, people }, { language }) => ({
        title: language === 'zh' ? '批次' : 'A lot',
        parts: [
          {
            kind: 'fields',
            fields: [
              ['lot', id],
              ['supplier', supplier],
              ['people', JSON.stringify(people)],
            ],
          },
        ],
        foot: id,
      }),
      handle: () => Promise.resolve(ok(lot)),
    }),
    route({
      method: 'post',
      path: '/lots',
      requires: 'trace.read',
      summary: { en: 'Ask', zh: '查询' },
      body: z.object({ where: z.object({ supplier: restricted('source.read', z.string().optional()) }) }),
      reply: { 201: LotView },
      handle: () => Promise.resolve(created(lot)),
    }),
  ]);
});
afterAll(() => app.stop());

const get = async (role: Role, path: string, accept = 'application/json') => {
  const reply = await fetch(`${app.url}${path}`, {
    headers: { accept, ...(await app.tokens.headers({ roles: [role] })) },
  });
  return { status: reply.status, withheld: reply.headers.get('lotwarden-withheld'), text: await reply.text() };
};

test('a field is there for those who may see it and left out for all others, who are told so', async () => {
  expect(await get('quality-manager', '/lots')).toEqual({
    status: 200,
    withheld: null,
    text: JSON.stringify({ items: [lot], next: null }),
  });
  expect(await get('viewer', '/lots')).toEqual({
    status: 200,
    withheld: 'items.supplier, items.people.name',
    text: JSON.stringify({ items: [{ lot: 'L-1', people: [{ role: 'operator' }] }], next: null }),
  });
  expect((await get('buyer', '/lots')).withheld).toBe('items.people.name');
});

test('the same in tables', async () => {
  const csv = await get('viewer', '/lots', 'text/csv');
  expect(csv.withheld).toBe('items.supplier, items.people.name');
  expect(csv.text).toBe('lot,people\r\nL-1,"[{""role"":""operator""}]"\r\n');
  expect((await get('quality-manager', '/lots', 'text/csv')).text).toContain('SUP-HX');
  const lines = await get('viewer', '/lots', 'application/x-ndjson');
  expect(lines.text).not.toMatch(/SUP-HX|Wang/);
  expect(lines.text).toContain('L-1');
});

test('nobody asks by what he may not see', async () => {
  expect((await get('viewer', '/lots?supplier=SUP-HX')).status).toBe(403);
  expect((await get('buyer', '/lots?supplier=SUP-HX')).status).toBe(200);
  const asked = (role: Role, where: object) => app.request('POST', '/lots', { as: { roles: [role] }, body: { where } });
  expect(await asked('viewer', { supplier: 'SUP-HX' })).toMatchObject({
    status: 403,
    body: { code: 'permission-missing', data: { permission: 'source.read' } },
  });
  expect((await asked('viewer', {})).body).toEqual({ lot: 'L-1', people: [{ role: 'operator' }] });
});

test('programs learn from the document that such a field may be absent', async () => {
  const { body } = await app.request('GET', '/openapi.json');
  const item = body.paths['/lots'].post.responses['201'].content['application/json'].schema;
  expect(item.required).toEqual(['lot', 'people']);
  expect(item.properties.supplier).toMatchObject({ 'x-restricted': 'source.read' });
});

test('the same in documents: they say what the answer says, and what is left out', async () => {
  const print = async (
    role: Role,
    path = '/lots/L-1',
    headers: Record<string, string> = { accept: 'application/pdf' },
  ) => {
    const reply = await fetch(`${app.url}${path}`, {
      headers: { ...headers, ...(await app.tokens.headers({ roles: [role] })) },
    });
    return { reply, ...(await readPdf(await reply.bytes())) };
  };
  const whole = await print('quality-manager');
  expect(whole.text).toMatch(/SUP-HX[^]*Wang/);
  const less = await print('viewer', '/lots/L-1?format=pdf', { 'accept-language': 'zh-CN' });
  expect(less.title).toBe('批次');
  expect(less.text).not.toMatch(/SUP-HX|Wang/);
  expect(less.text).toContain('对当前读者不显示: supplier, people.name');
  expect(Object.fromEntries(less.reply.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': "attachment; filename*=UTF-8''lots-L-1.pdf",
    'lotwarden-withheld': 'supplier, people.name',
  });
});

test('a route that is no document is asked for none', async () => {
  expect((await get('viewer', '/lots?format=pdf')).status).toBe(400);
  expect((await get('viewer', '/lots/L-1?format=csv')).status).toBe(400);
});
