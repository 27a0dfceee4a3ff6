import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EventOf, SerialRange } from '@lotwarden/contracts/events';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { testTokens } from '@lotwarden/platform/testing/tokens';
import { until } from '@lotwarden/platform/testing/until';
import field from '../services/field/src/service.ts';
import mesBridge from '../services/mes-bridge/src/service.ts';
import serialization from '../services/serialization/src/service.ts';
import traceability from '../services/traceability/src/service.ts';

/** From what a service engineer's system tells of a unit at a hospital to custody, serials and trace, on real servers. */

const world = testEnvironment();
const tokenSet = await testTokens();
let others: Neighbours;
let ticking: NodeJS.Timeout;
const services: TestService[] = [];
let [floor, labels, parties, asks]: TestService[] = [];

beforeAll(async () => {
  for (const one of [mesBridge, serialization, field, traceability])
    services.push(await startService(one, { world, tokenSet }));
  [floor, labels, parties, asks] = services;
  others = await neighbours(world.topicPrefix);
  // Without the recall clock no gate lets anything through.
  ticking = setInterval(() => void others.tick(), 300);
});
afterAll(async () => {
  clearInterval(ticking);
  await others.close();
  for (const one of services) await one.end();
});

const GTIN = '09520123456788';
const at = '2026-11-02T08:00:00.000Z';
const mes = (code: string) => ({ system: 'SERVICE-APP', code });
const ea = (value: number) => ({ value: String(value), unit: 'EA' });
const units = (first: number, last = first): SerialRange[] => [{ gtin: GTIN, prefix: 'IP', width: 6, first, last }];

type Inbound = Extract<EventOf<'mes.inbound.v1'>, { type: 'OperationRecorded' }>;
const report = async (operation: string, kind: string, flows: Pick<Inbound, 'inputs' | 'outputs'>): Promise<void> => {
  await others.say('mes.inbound.v1', operation, {
    type: 'OperationRecorded',
    sourceSystem: 'SERVICE-APP',
    messageId: `m-${operation}`,
    site: 'SZ1',
    operator: 'service.li',
    occurredAt: at,
    operation,
    kind,
    workOrder: null,
    equipment: null,
    parameters: [],
    tools: [],
    gauges: [],
    softwareVersion: null,
    labelVersion: null,
    load: null,
    startedAt: at,
    endedAt: at,
    scrap: [],
    ...flows,
  });
};

interface Answer {
  readonly lot?: string;
  readonly status?: string;
  readonly ranges?: readonly SerialRange[];
  readonly now?: object | null;
  readonly formerly?: object | null;
  readonly items?: readonly { readonly custodian: string; readonly lot: string; readonly serials: readonly SerialRange[] }[]; // prettier-ignore
  readonly lots?: { readonly items: readonly { readonly lot: string; readonly serials: { readonly ranges: readonly SerialRange[] } }[] }; // prettier-ignore
  readonly trace?: string;
}

async function ask(service: TestService | undefined, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = await tokenSet.headers({ sub: 'chen', roles: ['recall-manager', 'production-lead', 'quality-engineer', 'auditor', 'planner', 'warehouse-operator'] as never }); // prettier-ignore
  const response = await fetch((service?.address ?? '') + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}

const idOf = async (code: string) => (await ask(floor, 'GET', `/production-lots/${code}?system=SERVICE-APP`)).lot ?? '';
const held = async (lot: string) =>
  (await ask(parties, 'GET', `/custody?custodian=H1&lot=${lot}`)).items?.[0]?.serials ?? [];

/** Once the lot is heard of and the gate is open. */
const commission = (lot: string, first: number, last: number) =>
  until(async () => {
    const body = { gtin: GTIN, prefix: 'IP', width: 6, first, last };
    return (await ask(labels, 'POST', `/lots/${lot}/serials`, body)).ranges !== undefined;
  });

test('a unit that gets another label at a hospital: one unit, found by both names, in the same custody, in the trace', async () => {
  const pump = { product: 'IP-200', revision: 'A', name: 'Pump', kind: 'finished', unit: 'EA', gtin: GTIN, bom: [] };
  expect(await ask(floor, 'POST', '/products', { ...pump, validFrom: '2026-01-01T00:00:00.000Z' })).toMatchObject({ product: 'IP-200' }); // prettier-ignore
  await report('make', 'make', {
    inputs: [{ lot: mes('BOARDS'), quantity: ea(3), edge: 'material', certainty: 'scanned', serials: [] }],
    outputs: [{ lot: mes('F1'), product: 'IP-200', quantity: ea(3), serials: units(1, 3) }],
  });
  await until(async () => (await idOf('F1')) !== '');
  const F1 = await idOf('F1');
  await commission(F1, 1, 3);
  await others.say('warehouse.shipment.v1', 'S-1', {
    type: 'ShipmentDispatched',
    shipment: 'S-1',
    site: 'SZ1',
    soldTo: 'H1',
    shipTo: 'H1',
    custodian: 'H1',
    market: 'CN',
    purpose: 'sale',
    origin: 'command',
    dispatchedAt: at,
    lines: [{ lot: F1, quantity: ea(3), serials: units(1, 3), containers: [] }],
    violations: [],
  });
  await until(async () => (await held(F1)).length === 1);
  await report('new-label', 'field-relabel', {
    inputs: [{ lot: mes('F1'), quantity: ea(1), edge: 'material', certainty: 'scanned', serials: units(2) }],
    outputs: [{ lot: mes('F1-N'), product: 'IP-200', quantity: ea(1), serials: units(102) }],
  });
  await until(async () => (await idOf('F1-N')) !== '');
  const renewed = await idOf('F1-N');

  await until(async () => (await held(renewed)).length === 1);
  expect(await held(renewed)).toEqual(units(102));
  expect(await held(F1)).toEqual([...units(1), ...units(3)]);

  await commission(renewed, 102, 102);
  const unit = (serial: string) => ask(labels, 'GET', `/serials/${GTIN}/${serial}`);
  await until(async () => (await unit('IP000002')).status === 'relabelled');
  expect((await unit('IP000002')).now).toEqual({ gtin: GTIN, serial: 'IP000102', lot: renewed });
  expect((await unit('IP000102')).formerly).toEqual({ gtin: GTIN, serial: 'IP000002', lot: F1 });

  const goods = async (root: object) => {
    const { trace, lots } = await ask(asks, 'POST', '/traces', { roots: [root], direction: 'forward' });
    const { items } = await ask(asks, 'GET', `/traces/${String(trace)}/custodians`);
    return { lots: lots?.items.map(({ lot, serials }) => [lot, serials.ranges]), items };
  };
  await until(async () => (await goods({ serials: units(2) })).lots?.length === 2);
  await until(async () => JSON.stringify((await goods({ serials: units(2) })).items ?? '').includes(renewed));
  const found = await goods({ serials: units(2) });
  expect(found.lots).toEqual([[F1, units(2)], [renewed, units(102)]]); // prettier-ignore
  expect(found.items).toMatchObject([{ custodian: 'H1', lines: [{ lot: renewed, serials: units(102) }] }]);
  expect((await ask(asks, 'POST', '/traces', { roots: [{ serials: units(102) }], direction: 'backward' })).lots?.items[1]).toMatchObject({ lot: F1, serials: { ranges: units(2) } }); // prettier-ignore
});
