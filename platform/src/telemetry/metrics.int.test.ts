import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RecordOf } from '@lotwarden/contracts/events';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { z } from 'zod';
import { consumer } from '../consumer/consumer.ts';
import { created } from '../http/replies.ts';
import { route } from '../http/route.ts';
import { service } from '../service/service.ts';
import { neighbours } from '../testing/neighbours.ts';
import { startService, type TestService } from '../testing/service.ts';
import { until } from '../testing/until.ts';

type Registered = RecordOf<'receiving.supplier.v1', 'SupplierRegistered'>;

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
const provider = new MeterProvider({ readers: [reader] });
const heard: string[] = [];
let running: TestService;

/** A service in small: registers suppliers over HTTP, hears of them from its own topic. */
const receiving = service('receiving', z.object({}), (deps) => {
  const suppliers = deps.aggregate<object, Registered>({
    collection: 'suppliers',
    topic: 'receiving.supplier.v1',
    initial: {},
    evolve: () => ({}),
  });
  const register = route({
    method: 'post',
    path: '/suppliers/:supplier',
    requires: 'supplier.manage',
    summary: { en: 'Register', zh: '登记' },
    reply: { 201: z.object({ version: z.number() }) },
    handle: async ({ params: { supplier }, context }) => {
      const event: Registered = { type: 'SupplierRegistered', supplier, name: supplier, country: 'DE' };
      const { version } = await suppliers.change(supplier, context, () => [event]);
      return created({ version });
    },
  });
  const hear = consumer({
    topic: 'receiving.supplier.v1',
    group: 'receiving.echo',
    on: { SupplierRegistered: ({ event }) => void heard.push(event.supplier) },
  });
  return { http: [[register]], consumers: [hear] };
});

beforeAll(async () => {
  metrics.setGlobalMeterProvider(provider);
  running = await startService(receiving);
  const answer = await fetch(`${running.address}/suppliers/S1`, {
    method: 'POST',
    headers: {
      ...(await running.tokens.headers({ sub: 'wang.li', roles: ['administrator'] })),
      'x-reason': encodeURIComponent('新供应商'),
      'x-device': 'scanner-4',
      'x-site': 'SZ1',
      'x-occurred-at': '2026-11-01T08:00:00+08:00',
    },
  });
  expect(answer.status).toBe(201);
  await until(() => heard.includes('S1'));
});
afterAll(async () => {
  await running.end();
  metrics.disable();
});

test('an event carries who, why, by which device, where, when it happened and when it was recorded', async () => {
  const others = await neighbours(running.world.topicPrefix);
  const [said] = await others.headers('receiving.supplier.v1');
  await others.close();
  expect(said).toMatchObject({
    ce_type: 'SupplierRegistered',
    ce_subject: 'S1',
    ce_aggregateversion: '1',
    ce_source: '/receiving',
    ce_actor: 'wang.li',
    ce_reason: expect.stringMatching(/新供应商|%E6%96%B0/),
    ce_device: 'scanner-4',
    ce_site: 'SZ1',
    ce_occurredat: '2026-11-01T00:00:00.000Z',
    ce_time: expect.stringMatching(/^20\d\d-.*Z$/),
  });
  expect(said?.['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-\d\d$/);
});

test('the way from a request to its consumer is measured, under the name of the service', async () => {
  const measured = async () => {
    await reader.forceFlush();
    const all =
      exporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
    return new Map(all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]));
  };
  await until(async () => (await measured()).has('messaging.client.consumed.messages'));
  const found = await measured();
  const own = { 'service.name': 'receiving' };
  expect(found.get('http.server.request.duration')?.map(({ attributes }) => attributes)).toContainEqual({
    ...own,
    'http.request.method': 'POST',
    'http.route': '/suppliers/:supplier',
    'http.response.status_code': 201,
  });
  for (const name of ['messaging.client.sent.messages', 'messaging.client.consumed.messages'])
    expect(found.get(name)).toContainEqual(
      expect.objectContaining({
        value: 1,
        attributes: expect.objectContaining({ ...own, 'messaging.destination.name': 'receiving.supplier.v1' }),
      }),
    );
  for (const name of ['lotwarden.outbox.waiting', 'lotwarden.parked.keys', 'lotwarden.dead.letters'])
    for (const point of found.get(name) ?? [{ value: 'not measured' }]) expect(point.value).toBe(0);
});
