import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  AvroDeserializer,
  AvroSerializer,
  SchemaRegistryClient,
  SerdeType,
  SubjectNameStrategyType,
  type AvroSerializerConfig,
} from '@confluentinc/schemaregistry';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCodec } from '../src/codec.ts';
import { released } from '../src/generated/released.ts';
import { REGISTRY_CONTENT_TYPE, registryHandler } from '../src/registry.ts';

/**
 * What an outside system does with nothing of ours: the stock Confluent client, our registry over HTTP, our topic.
 * Its serializer takes the wire's own values: a decimal is its two's-complement bytes, an instant its milliseconds.
 */
const TOPIC = 'lims.inbound.v1';
const RECORD = 'lotwarden.lims.inbound.ResultReported';
const SUBJECT = `${TOPIC}-${RECORD}`;

const codec = createCodec();
const schema = released.find(({ subject }) => subject === SUBJECT)!;

const onTheWire = {
  sourceSystem: 'lims-sz',
  messageId: 'R-1',
  occurredAt: Date.UTC(2026, 10, 1, 8),
  site: 'SZ1',
  operator: null,
  sample: 'S-1',
  lot: { system: 'lotwarden', code: 'M-SZ1-261101-00001' },
  stage: 'incoming',
  characteristic: 'capacitance',
  value: Buffer.from('3b9aca00', 'hex'), // 1.000000000
  unit: 'C26',
  method: 'M-7',
  instrument: null,
};
const asEvent = { ...onTheWire, type: 'ResultReported', occurredAt: '2026-11-01T08:00:00.000Z', value: '1' } as const;

let server: Server;
let client: SchemaRegistryClient;
const asked: string[] = [];

beforeAll(async () => {
  const handle = registryHandler();
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://registry');
      asked.push(`${request.method ?? ''} ${decodeURIComponent(pathname)}`);
      const reply = handle({
        method: request.method ?? 'GET',
        path: pathname,
        query: Object.fromEntries(searchParams),
        body: body === '' ? undefined : JSON.parse(body),
      });
      response.writeHead(reply.status, { 'content-type': REGISTRY_CONTENT_TYPE }).end(JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = new SchemaRegistryClient({ baseURLs: [`http://127.0.0.1:${String(port)}`], maxRetries: 0 });
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

const serializer = (config: AvroSerializerConfig): AvroSerializer =>
  new AvroSerializer(client, SerdeType.VALUE, {
    autoRegisterSchemas: false,
    subjectNameStrategy: () => SUBJECT,
    ...config,
  });

test('with the latest version it finds the schema, and we read what it wrote', async () => {
  const bytes = await serializer({ useLatestVersion: true }).serialize(TOPIC, onTheWire);
  expect(codec.decode(TOPIC, bytes)).toEqual(asEvent);
  expect(asked).toContain(`GET /subjects/${SUBJECT}/versions/latest`);
});

test('with a schema of its own it finds it by content, under topic and record', async () => {
  const bytes = await serializer({ useSchemaId: schema.id }).serialize(TOPIC, onTheWire);
  expect(codec.decode(TOPIC, bytes)).toEqual(asEvent);
  expect(asked).toContain(`POST /subjects/${SUBJECT}`);
});

test('what it would derive from a message alone is refused by name', async () => {
  await expect(serializer({}).serialize(TOPIC, onTheWire)).rejects.toThrow('Error code: 40403');
  await expect(serializer({ autoRegisterSchemas: true }).serialize(TOPIC, onTheWire)).rejects.toThrow(
    'Error code: 42205',
  );
});

test('it asks for ids, versions and subjects as of any registry', async () => {
  const info = { schemaType: 'AVRO', schema: schema.schema };
  await expect(client.getId(SUBJECT, info)).resolves.toBe(schema.id);
  await expect(client.getVersion(SUBJECT, info)).resolves.toBe(1);
  await expect(client.register(SUBJECT, info)).resolves.toBe(schema.id);
  await expect(client.getAllSubjects()).resolves.toContain(SUBJECT);
  await expect(client.getAllVersions(SUBJECT)).resolves.toEqual([1]);
  await expect(client.getBySubjectAndId(SUBJECT, 999_999)).rejects.toThrow('Error code: 40403');
  await expect(client.getLatestSchemaMetadata('nobody')).rejects.toThrow('Error code: 40401');
});

// Its own TOPIC_RECORD strategy names no subject before it has the schema; a function does, and readers need neither.
test.each([
  ['its own strategy', { subjectNameStrategyType: SubjectNameStrategyType.TOPIC_RECORD }],
  ['a subject', { subjectNameStrategy: () => SUBJECT }],
])('it reads what we wrote, by %s', async (_, config) => {
  const deserializer = new AvroDeserializer(client, SerdeType.VALUE, config);
  const message: unknown = await deserializer.deserialize(TOPIC, codec.encode(TOPIC, asEvent));
  expect(message).toMatchObject(onTheWire);
});
