import { expect, test } from '@jest/globals';
import { released } from './generated/released.ts';
import { registryHandler, type RegistryReply } from './registry.ts';

const handle = registryHandler();
const SUBJECT = 'mes.inbound.v1-lotwarden.mes.inbound.UnitsProduced';
const unitsProduced = released.find(({ subject }) => subject === SUBJECT)!;

const get = (path: string, query = {}): RegistryReply => handle({ method: 'GET', path, query });
const post = (path: string, schema: unknown): RegistryReply =>
  handle({ method: 'POST', path, body: { schema: typeof schema === 'string' ? schema : JSON.stringify(schema) } });

test('lists subjects and their versions', () => {
  expect(get('/subjects').body).toContain(SUBJECT);
  expect(get('/subjects', { subjectPrefix: 'mes.inbound.v1-' }).body).toHaveLength(9);
  expect(get(`/subjects/${SUBJECT}/versions`)).toEqual({ status: 200, body: [1] });
});

test('gives a version, the latest, and a schema by id', () => {
  const { id, schema, version } = unitsProduced;
  const view = { subject: SUBJECT, version, id, schemaType: 'AVRO', schema };
  expect(get(`/subjects/${SUBJECT}/versions/1`)).toEqual({ status: 200, body: view });
  expect(get(`/subjects/${SUBJECT}/versions/latest`)).toEqual({ status: 200, body: view });
  expect(get(`/subjects/${SUBJECT}/versions/-1`)).toEqual({ status: 200, body: view });
  expect(get(`/subjects/${encodeURIComponent(SUBJECT)}/versions/1/schema`).body).toEqual(JSON.parse(schema));
  expect(get(`/schemas/ids/${String(id)}`)).toMatchObject({ status: 200, body: { schema } });
  expect(get(`/schemas/ids/${String(id)}/schema`).body).toEqual(JSON.parse(schema));
  expect(get(`/schemas/ids/${String(id)}/versions`).body).toEqual([{ subject: SUBJECT, version: 1 }]);
  expect(get(`/schemas/ids/${String(id)}/subjects`).body).toEqual([SUBJECT]);
  expect(get('/schemas').body).toHaveLength(released.length);
});

test('finds a schema by content, however it is written', () => {
  const found = { status: 200, body: { id: unitsProduced.id, version: 1, subject: SUBJECT } };
  const parsed = JSON.parse(unitsProduced.schema) as { doc: string; fields: { name: string; type: unknown }[] };
  expect(post(`/subjects/${SUBJECT}`, parsed)).toMatchObject(found);
  expect(post(`/subjects/${SUBJECT}`, JSON.stringify(parsed, null, 4))).toMatchObject(found);
  const { doc: _doc, ...undocumented } = parsed;
  expect(post(`/subjects/${SUBJECT}`, undocumented)).toMatchObject(found);
  const spelled = parsed.fields.map((field) =>
    field.type === 'string' ? { ...field, type: { type: 'string', 'avro.java.string': 'String' } } : field,
  );
  expect(post(`/subjects/${SUBJECT}`, { ...parsed, fields: spelled })).toMatchObject(found);
});

test('what reads differently is another schema', () => {
  const text = unitsProduced.schema;
  const others = [
    text.replace('"scale":9', '"scale":8'),
    text.replace('"name":"site"', '"name":"plant"'),
    text.replace('"default":null', '"default":"x"'),
    text.replace('"name":"UnitsProduced"', '"name":"Produced"'),
    text.replace(',"logicalType":"timestamp-millis"', ''),
  ];
  for (const other of others) {
    expect(other).not.toBe(text);
    expect(post(`/subjects/${SUBJECT}`, other)).toMatchObject({ status: 404, body: { error_code: 40403 } });
  }
});

test('registering what is there answers its id; anything new is refused', () => {
  expect(post(`/subjects/${SUBJECT}/versions`, unitsProduced.schema)).toEqual({
    status: 200,
    body: { id: unitsProduced.id },
  });
  const other = unitsProduced.schema.replace('"name":"site"', '"name":"plant"');
  expect(post(`/subjects/${SUBJECT}/versions`, other)).toMatchObject({ status: 422, body: { error_code: 42205 } });
  expect(post('/subjects/new/versions', other)).toMatchObject({ status: 422, body: { error_code: 42205 } });
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    expect(handle({ method, path: `/subjects/${SUBJECT}` })).toMatchObject({
      status: 422,
      body: { error_code: 42205 },
    });
  }
});

test.each([
  ['/subjects/nobody/versions', 404, 40401],
  ['/subjects/nobody/versions/latest', 404, 40401],
  [`/subjects/${SUBJECT}/versions/2`, 404, 40402],
  [`/subjects/${SUBJECT}/versions/first`, 422, 42202],
  ['/schemas/ids/999999', 404, 40403],
  ['/schemas/ids/one', 404, 40403],
  ['/config/nobody', 404, 40401],
  ['/associations/resources/-/mes.inbound.v1', 404, 404],
  ['/subjects/%E0%A4%A', 404, 404],
])('GET %s: %i, code %i', (path, status, code) => {
  expect(get(path)).toMatchObject({ status, body: { error_code: code } });
});

test.each([
  ['no body', undefined],
  ['no schema', {}],
  ['no JSON', { schema: '{' }],
  ['a number', { schema: '7' }],
  ['a record without fields', { schema: '{"type":"record","name":"A"}' }],
  ['nested without end', { schema: '['.repeat(200_000) + ']'.repeat(200_000) }],
  ['a type within a type without end', { schema: '{"type":'.repeat(100_000) + '"int"' + '}'.repeat(100_000) }],
])('%s: an invalid schema', (_, body) => {
  expect(handle({ method: 'POST', path: `/subjects/${SUBJECT}`, body })).toMatchObject({
    status: 422,
    body: { error_code: 42201 },
  });
});

test('says that it is read-only and how it keeps compatible', () => {
  expect(get('/mode').body).toEqual({ mode: 'READONLY' });
  expect(get(`/mode/${SUBJECT}`).body).toEqual({ mode: 'READONLY' });
  expect(get('/config').body).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
  expect(get('/schemas/types').body).toEqual(['AVRO']);
  expect(get('/')).toEqual({ status: 200, body: {} });
});
