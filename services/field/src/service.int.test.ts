import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LotLine } from '@lotwarden/contracts/events';
import { placeholderLotId } from '@lotwarden/platform/ids';
import { platformMessages } from '@lotwarden/platform/messages';
import { faultyMessages } from '@lotwarden/platform/testing/messages';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import { messages } from './messages.ts';
import field from './service.ts';

const world = testEnvironment();
let service: TestService;
let others: Neighbours;

beforeAll(async () => {
  service = await startService(field, { world });
  others = await neighbours(world.topicPrefix);
});
afterAll(async () => {
  await others.close();
  await service.end();
});

interface Body {
  readonly code?: string;
  readonly items?: {
    readonly custodian: string;
    readonly lot: string;
    readonly quantities: readonly { readonly value: string; readonly unit: string }[];
    readonly serials: readonly object[];
    readonly usedQuantities: readonly { readonly value: string }[];
  }[];
}

async function call(method: string, path: string, body?: unknown) {
  const signedIn = await service.tokens.headers({
    sub: 'zhao',
    roles: ['shipping-lead', 'field-service', 'administrator', 'recall-manager'],
  });
  const response = await fetch(service.address + path, {
    method,
    headers: { 'content-type': 'application/json', ...signedIn },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

const line = (lot: string, first: number, last: number): LotLine => ({
  lot,
  quantity: { value: String(last - first + 1), unit: 'EA' },
  containers: [],
  serials: [{ gtin: '09520123456788', prefix: 'IP', width: 6, first, last }],
});
const shipped = (shipment: string, custodian: string, ...lines: LotLine[]) =>
  others.say('warehouse.shipment.v1', shipment, {
    type: 'ShipmentDispatched',
    shipment,
    site: 'SZ1',
    soldTo: custodian,
    shipTo: custodian,
    custodian,
    market: 'CN',
    purpose: 'sale',
    origin: 'command',
    dispatchedAt: '2026-11-05T08:00:00.000Z',
    lines,
    violations: [],
  });
const returned = (id: string, from: string, ...lines: LotLine[]) =>
  others.say('warehouse.return.v1', id, {
    type: 'ReturnReceived',
    return: id,
    site: 'SZ1',
    from,
    receivedAt: '2026-11-08T08:00:00.000Z',
    lines,
    unidentified: [],
    violations: [],
  });
const holding = async (custodian: string, lot: string) =>
  (await call('GET', `/custody?custodian=${custodian}&lot=${lot}`)).body.items?.[0];
const hospital = {
  party: 'H1',
  name: 'First Hospital',
  nameZh: '第一医院',
  roles: ['hospital', 'custodian'],
  region: 'south',
  channel: 'direct',
  country: 'CN',
  contacts: [{ name: 'Head nurse', role: 'ward', phone: '+86 755 1234567', language: 'zh' }],
};
const use = {
  custodian: 'H1',
  lot: 'F2',
  gtin: '09520123456788',
  usedAt: '2026-11-10T08:00:00Z',
  useToken: 'k3J9xQ2mZ7pL0aBc',
};

test('custody follows shipments, returns and uses', async () => {
  expect((await call('POST', '/parties', hospital)).status).toBe(201);
  await shipped('S-3', 'H1', line('F2', 1, 3));
  await until(async () => (await holding('H1', 'F2'))?.quantities[0]?.value === '3');
  await returned('R-1', 'H1', line('F2', 1, 1));
  await until(async () => (await holding('H1', 'F2'))?.quantities[0]?.value === '2');
  expect((await call('POST', '/use-records', { ...use, serial: 'IP000002' })).status).toBe(201);
  expect(await holding('H1', 'F2')).toMatchObject({
    quantities: [{ value: '1' }],
    usedQuantities: [{ value: '1' }],
  });
});

test('a return of what was never sent is kept, as a finding', async () => {
  await returned('R-2', 'H1', line('F9', 1, 1));
  await until(async () => (await holding('H1', 'F9'))?.quantities[0]?.value === '-1');
  const told = async () => (await others.heard('field.custody.v1')).filter((e) => e.lot === 'F9');
  await until(async () => (await told()).length > 0);
  expect(await told()).toMatchObject([
    { type: 'CustodyReduced', violations: [{ code: 'custody-negative' }, { code: 'serial-not-in-custody' }] },
  ]);
});

test('goods booked under a name nobody knew move to the lot that has it', async () => {
  const ref = { system: 'MES-SZ', code: 'LATE' };
  const placeholder = placeholderLotId(ref);
  await shipped('S-9', 'D2', line(placeholder, 1, 5));
  await until(async () => (await holding('D2', placeholder))?.quantities[0]?.value === '5');
  await others.say('mes-bridge.production-lot.v1', 'F-LATE', {
    type: 'LotAliasAssigned',
    lot: 'F-LATE',
    alias: ref,
    placeholder,
  });
  await until(async () => (await holding('D2', 'F-LATE'))?.quantities[0]?.value === '5');
  expect(await holding('D2', placeholder)).toMatchObject({ quantities: [{ value: '0' }] });
});

test('goods that the warehouse tells of under a name that is known by now are of its lot, and so is what comes back', async () => {
  const ref = { system: 'WMS-SZ', code: 'KNOWN' };
  const placeholder = placeholderLotId(ref);
  await shipped('S-11', 'D2', line(placeholder, 1, 5));
  await until(async () => (await holding('D2', placeholder))?.quantities[0]?.value === '5');
  await others.say('receiving.material-lot.v1', 'M-KNOWN', {
    type: 'LotAliasAssigned',
    lot: 'M-KNOWN',
    alias: ref,
    placeholder: null,
  });
  await until(async () => (await holding('D2', 'M-KNOWN'))?.quantities[0]?.value === '5');
  expect(await holding('D2', placeholder)).toMatchObject({ quantities: [{ value: '0' }] });
  await shipped('S-12', 'D3', line(placeholder, 6, 9));
  await returned('R-12', 'D2', line(placeholder, 1, 2));
  await until(async () => (await holding('D2', 'M-KNOWN'))?.quantities[0]?.value === '3');
  await until(async () => (await holding('D3', 'M-KNOWN'))?.quantities[0]?.value === '4');
  expect(await holding('D3', placeholder)).toBeUndefined();
});

const relabelled = (operation: string, from: LotLine, to: LotLine) =>
  others.say('mes-bridge.operation.v1', operation, {
    type: 'OperationRecorded',
    operation,
    sourceSystem: 'SERVICE-APP',
    sourceOperation: operation,
    kind: 'field-relabel',
    workOrder: null,
    site: 'SZ1',
    equipment: null,
    operator: 'service.li',
    parameters: [],
    startedAt: '2026-11-09T08:00:00.000Z',
    endedAt: '2026-11-09T09:00:00.000Z',
    inputs: [{ lot: from.lot, quantity: from.quantity, serials: from.serials, edge: 'material', certainty: 'scanned' }],
    outputs: [{ lot: to.lot, quantity: to.quantity, serials: to.serials }],
    scrap: [],
    tools: [],
    gauges: [],
    softwareVersion: null,
    labelVersion: null,
    load: null,
    violations: [],
  });
const held = async (custodian: string, lot: string) => (await holding(custodian, lot))?.serials;

test('units that get another label at a custodian stay his, under the new name; the void takes it back', async () => {
  await shipped('S-20', 'H3', line('F20', 1, 5));
  await shipped('S-21', 'H4', line('F20', 6, 9));
  await until(async () => (await holding('H4', 'F20'))?.quantities[0]?.value === '4');
  await relabelled('OP-RL', line('F20', 4, 7), line('N20', 104, 107));
  await until(async () => (await held('H4', 'N20'))?.length === 1);
  expect(await held('H3', 'F20')).toEqual(line('', 1, 3).serials);
  expect(await held('H3', 'N20')).toEqual(line('', 104, 105).serials);
  expect(await held('H4', 'F20')).toEqual(line('', 8, 9).serials);
  expect(await held('H4', 'N20')).toEqual(line('', 106, 107).serials);
  await others.say('mes-bridge.operation.v1', 'OP-RL', { type: 'OperationVoided', operation: 'OP-RL', reason: 'other lot', replacedBy: null }); // prettier-ignore
  await until(async () => (await holding('H4', 'N20'))?.quantities[0]?.value === '0');
  expect(await held('H3', 'F20')).toEqual(line('', 1, 5).serials);
  expect(await held('H4', 'F20')).toEqual(line('', 6, 9).serials);
});

test('a relabelling that is heard before the shipment renames the units when they are heard to be there', async () => {
  await relabelled('OP-RL2', line('F22', 1, 2), line('N22', 101, 102));
  await until(async () =>
    (await others.heard('mes-bridge.operation.v1')).some(({ operation }) => operation === 'OP-RL2'),
  );
  await shipped('S-22', 'H3', line('F22', 1, 3));
  await until(async () => (await holding('H3', 'N22'))?.quantities[0]?.value === '2');
  expect(await held('H3', 'F22')).toEqual(line('', 3, 3).serials);
  expect(await held('H3', 'N22')).toEqual(line('', 101, 102).serials);
});

test('one lot in pieces and in boxes is held in both', async () => {
  const ref = { system: 'MES-SZ', code: 'BOXED' };
  const placeholder = placeholderLotId(ref);
  const boxes = { ...line(placeholder, 1, 4), quantity: { value: '4', unit: 'BX' }, serials: [] };
  await shipped('S-10', 'D2', line(placeholder, 1, 3), boxes);
  const both = [
    { value: '3', unit: 'EA' },
    { value: '4', unit: 'BX' },
  ];
  await until(async () => (await holding('D2', placeholder))?.quantities.length === 2);
  expect(await holding('D2', placeholder)).toMatchObject({ quantities: both });
  await others.say('mes-bridge.production-lot.v1', 'F-BOXED', {
    type: 'LotAliasAssigned',
    lot: 'F-BOXED',
    alias: ref,
    placeholder,
  });
  await until(async () => (await holding('D2', 'F-BOXED'))?.quantities.length === 2);
  expect(await holding('D2', 'F-BOXED')).toMatchObject({ quantities: both, serials: line(placeholder, 1, 3).serials });
});

test('nothing that could name a patient is taken, and parties need somebody to call', async () => {
  expect((await call('POST', '/use-records', { ...use, serial: 'IP000003', useToken: '王小明' })).status).toBe(400);
  expect((await call('POST', '/use-records', { ...use, serial: 'IP000003', patient: 'x' })).status).toBe(400);
  expect((await call('POST', '/use-records', { ...use, custodian: 'NOBODY', serial: 'IP000003' })).body.code).toBe(
    'party-unknown',
  );
  expect((await call('POST', '/parties', { ...hospital, party: 'H2', contacts: [] })).body.code).toBe(
    'party-without-contact',
  );
});

test('every code has words in two languages', async () => {
  expect((await call('GET', '/openapi.json')).status).toBe(200);
  expect(await faultyMessages(new URL('./', import.meta.url), { ...platformMessages, ...messages })).toEqual([]);
});
