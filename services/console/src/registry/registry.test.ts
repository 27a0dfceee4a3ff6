import { AvroDeserializer, AvroSerializer, SchemaRegistryClient, SerdeType } from '@confluentinc/schemaregistry';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '@lotwarden/platform/testing/http';
import { registryMount } from './registry.routes.ts';

let gateway: TestApp;

beforeAll(async () => {
  gateway = await startTestApp([], { mounts: [registryMount()] });
});
afterAll(() => gateway.stop());

test('a stock Confluent client needs nothing but the address of the registry', async () => {
  const subject = 'lims.inbound.v1-lotwarden.lims.inbound.ResultReported';
  const client = new SchemaRegistryClient({ baseURLs: [`${gateway.url}/registry`] });
  const serde = { subjectNameStrategy: () => subject };
  const settings = { autoRegisterSchemas: false, useLatestVersion: true, ...serde };
  const write = new AvroSerializer(client, SerdeType.VALUE, settings);
  const read = new AvroDeserializer(client, SerdeType.VALUE, serde);
  const message = {
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
  const bytes = await write.serialize('lims.inbound.v1', message);
  expect(await read.deserialize('lims.inbound.v1', bytes)).toMatchObject({ messageId: 'R-1', sample: 'S-1' });
});

test('a body that is too large or no JSON is refused in our own words', async () => {
  const post = (body: string) => gateway.request('POST', '/registry/subjects/x', { as: null, body });
  expect(await post('x'.repeat(300_000))).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  expect(await post('{')).toMatchObject({ status: 400, body: { code: 'body-not-json' } });
});
