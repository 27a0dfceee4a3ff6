import { afterAll, beforeAll, expect, test } from '@jest/globals';
import field from '@lotwarden/field';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { testTokens } from '@lotwarden/platform/testing/tokens';
import { until } from '@lotwarden/platform/testing/until';
import traceability from '@lotwarden/traceability';

const world = testEnvironment();
const LOT = 'F-SZ1-261101-00001';
const D1 = '0614141000012';
const H9 = '0614141000029';
const gln = (party: string) => `https://id.gs1.org/417/${party}`;
let services: TestService[] = [];
let others: Neighbours;

beforeAll(async () => {
  const tokenSet = await testTokens();
  services = [
    await startService(field, { world, tokenSet, environment: { FIELD_OWN_PARTIES: '0614141999996' } }),
    await startService(traceability, { world, tokenSet }),
  ];
  others = await neighbours(world.topicPrefix);
  await others.say('mes-bridge.production-lot.v1', LOT, {
    type: 'ProductionLotDeclared',
    lot: LOT,
    product: 'PUMP',
    revision: 'A',
    kind: 'finished',
    site: 'SZ1',
    workOrder: 'WO-1',
    aliases: [],
    placeholder: false,
  });
  await others.say('warehouse.shipment.v1', 'S-1', {
    type: 'ShipmentDispatched',
    shipment: 'S-1',
    site: 'SZ1',
    soldTo: D1,
    shipTo: D1,
    custodian: D1,
    market: 'CN',
    purpose: 'sale',
    origin: 'command',
    dispatchedAt: '2026-11-05T08:00:00.000Z',
    lines: [
      {
        lot: LOT,
        quantity: { value: '10', unit: 'EA' },
        serials: [{ gtin: '09520123456788', prefix: 'IP', width: 6, first: 1, last: 10 }],
        containers: [],
      },
    ],
    violations: [],
  });
}, 60_000);
afterAll(async () => {
  await others.close();
  for (const service of services) await service.stop();
  await world.drop();
});

async function call(which: 0 | 1, method: string, path: string, body?: unknown, claims: object = {}) {
  const service = services[which]!;
  const signedIn = await service.tokens.headers({ roles: ['system-epcis', 'recall-manager'], ...claims });
  const reply = await fetch(service.address + path, {
    method,
    headers: { 'content-type': 'application/json', ...signedIn },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
}

const passedOn = (eventID: string, serials: readonly number[], more: object = {}) => ({
  '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
  type: 'ObjectEvent',
  eventID,
  eventTime: '2026-11-10T08:00:00Z',
  eventTimeZoneOffset: '+08:00',
  action: 'OBSERVE',
  bizStep: 'shipping',
  epcList: serials.map((n) => `https://id.gs1.org/01/09520123456788/21/IP${String(n).padStart(6, '0')}`),
  sourceList: [{ type: 'possessing_party', source: gln(D1) }],
  destinationList: [{ type: 'possessing_party', destination: gln(H9) }],
  ...more,
});
const held = async (custodian: string) =>
  (await call(0, 'GET', `/custody?custodian=${custodian}&lot=${LOT}`)).body.items[0]?.quantities[0]?.value;

test('a custodian known only from EPCIS is in the scope of a recall, with the units it has', async () => {
  await until(async () => (await held(D1)) === '10');
  const partner = { sub: 'd1-system', kind: 'system', roles: ['partner-epcis'], party: D1 };
  const taken = await call(1, 'POST', '/epcis/events', passedOn('urn:uuid:e-1', [2, 3]), partner);
  expect(taken.status).toBe(201);
  await until(async () => (await held(H9)) === '2');
  expect(await held(D1)).toBe('8');
  await until(async () => {
    const { body } = await call(1, 'POST', '/traces', { roots: [LOT] });
    const holders = await call(1, 'GET', `/traces/${String(body.trace)}/custodians`);
    return holders.body.items?.some(({ custodian }: { custodian: string }) => custodian === H9);
  });
});

test('who tells of goods that are not his moves nothing; what is declared wrong is taken back, in any order', async () => {
  const stranger = { sub: 'h9-system', kind: 'system', roles: ['partner-epcis'], party: H9 };
  expect((await call(1, 'POST', '/epcis/events', passedOn('urn:uuid:e-2', [4]), stranger)).status).toBe(201);
  const wrong = {
    errorDeclaration: { declarationTime: '2026-11-11T08:00:00Z', reason: 'did_not_occur' },
  };
  await call(1, 'POST', '/epcis/events', passedOn('urn:uuid:e-3', [5], wrong));
  await call(1, 'POST', '/epcis/events', passedOn('urn:uuid:e-1', [2, 3], wrong));
  await until(async () => (await held(H9)) === '0');
  await call(1, 'POST', '/epcis/events', passedOn('urn:uuid:e-4', [6]));
  await until(async () => (await held(H9)) === '1');
  expect(await held(D1)).toBe('9');
});
