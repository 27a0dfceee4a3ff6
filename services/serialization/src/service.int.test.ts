import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SerialRange } from '@lotwarden/contracts/events';
import { holdDigest } from '@lotwarden/platform/hold-digest';
import { isSscc, placeholderLotId } from '@lotwarden/platform/ids';
import { platformMessages } from '@lotwarden/platform/messages';
import { faultyMessages } from '@lotwarden/platform/testing/messages';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import { messages } from './messages.ts';
import serialization from './service.ts';

const GTIN = '09520123456788';
const world = testEnvironment();
let service: TestService;
let others: Neighbours;
let ticking: NodeJS.Timeout;

beforeAll(async () => {
  service = await startService(serialization, { world });
  others = await neighbours(world.topicPrefix);
  ticking = setInterval(() => void others.tick(), 300);
  await others.say('mes-bridge.product.v1', 'IP-200', {
    type: 'ProductSpecified',
    product: 'IP-200',
    revision: 'A',
    name: 'Pump',
    nameZh: null,
    kind: 'finished',
    unit: 'EA',
    gtin: GTIN,
    productLine: null,
    validFrom: '2026-01-01T00:00:00.000Z',
    bom: [],
    characteristics: [],
  });
  await others.tick();
});
afterAll(async () => {
  clearInterval(ticking);
  await others.close();
  await service.end();
});

interface Body {
  readonly code?: string;
  readonly ranges?: readonly SerialRange[];
  readonly scrapped?: readonly SerialRange[];
  readonly container?: string;
  readonly status?: string;
  readonly lot?: string;
  readonly digest?: string | null;
  readonly contents?: readonly { readonly lot: string; readonly quantity: { readonly value: string } }[];
}

async function call(method: string, path: string, body?: unknown, sites?: readonly string[]) {
  const signedIn = await service.tokens.headers({
    sub: 'zhang',
    roles: ['production-lead', 'quality-engineer', 'warehouse-operator', 'auditor', 'administrator'],
    ...(sites && { sites }),
  });
  const response = await fetch(service.address + path, {
    method,
    headers: { 'content-type': 'application/json', ...signedIn },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

const declare = (lot: string, kind = 'finished') =>
  others.say('mes-bridge.production-lot.v1', lot, {
    type: 'ProductionLotDeclared',
    lot,
    product: 'IP-200',
    revision: 'A',
    kind,
    site: 'SZ1',
    workOrder: null,
    aliases: [],
    placeholder: false,
  });
const commission = (lot: string, quantity: number) =>
  call('POST', `/lots/${lot}/serials`, { gtin: GTIN, prefix: 'IP', width: 6, quantity });
/** Waits until the lot is heard of and the gate is open. */
async function serialised(lot: string, quantity: number): Promise<SerialRange> {
  await declare(lot);
  let body: Body = {};
  await until(async () => {
    const answer = await commission(lot, quantity);
    body = answer.body;
    return answer.status === 201;
  });
  const [range] = body.ranges ?? [];
  if (!range) throw new Error('no serials');
  return range;
}
const some = (range: SerialRange, from: number, to: number): SerialRange => ({
  ...range,
  first: range.first + from - 1,
  last: range.first + to - 1,
});
const serialsOf = async (lot: string) => (await call('GET', `/lots/${lot}/serials`)).body;
const ea = (n: number) => ({ value: String(n), unit: 'EA' });
const input = (lot: string, n: number, serials: readonly SerialRange[] = []) => ({
  lot,
  quantity: ea(n),
  edge: 'material',
  certainty: 'scanned',
  serials,
});
const output = (lot: string, n: number, serials: readonly SerialRange[] = []) => ({ lot, quantity: ea(n), serials });
const operation = (
  id: string,
  kind: string,
  inputs: ReturnType<typeof input>[],
  outputs: ReturnType<typeof output>[],
  scrap: ReturnType<typeof output>[] = [],
) =>
  others.say('mes-bridge.operation.v1', id, {
    type: 'OperationRecorded',
    operation: id,
    sourceSystem: 'MES',
    sourceOperation: id,
    kind,
    workOrder: null,
    site: 'SZ1',
    equipment: null,
    operator: null,
    parameters: [],
    tools: [],
    gauges: [],
    softwareVersion: null,
    labelVersion: null,
    load: null,
    startedAt: '2026-11-01T08:00:00.000Z',
    endedAt: '2026-11-01T09:00:00.000Z',
    inputs,
    outputs,
    scrap,
    violations: [],
  });
const voided = (id: string) =>
  others.say('mes-bridge.operation.v1', id, {
    type: 'OperationVoided',
    operation: id,
    reason: 'wrong',
    replacedBy: null,
  });
const findings = async (lot: string) =>
  (await others.heard('serialization.serial-range.v1')).flatMap((event) =>
    event.type === 'SerialConflictFound' && event.lot === lot ? event.violations.map(({ code }) => code) : [],
  );
const has = (lot: string, ranges: readonly SerialRange[]) =>
  until(async () => JSON.stringify((await serialsOf(lot)).ranges) === JSON.stringify(ranges));
let epochs = 0;
async function hold(lot: string, serials: { mode: string; ranges: SerialRange[] }): Promise<void> {
  epochs += 1;
  const name = `H-${String(epochs)}`;
  const lots = [{ lot, serials }];
  const named = { hold: name, case: 'RC-1', epoch: 1 };
  const placed = { type: 'HoldPlaced', ...named, chunk: 1, chunks: 1, provisional: true, lots } as const;
  await others.say('recall.hold.v1', name, placed);
  await others.say('recall.hold.v1', name, { type: 'HoldManifest', ...named, ...holdDigest(lots) });
  await others.tick();
  await until(async () =>
    (await others.heard('serialization.gate.v1')).some((e) => e.type === 'HoldAcknowledged' && e.hold === name),
  );
}
const pack = (level: string, over: object) => call('POST', '/containers', { level, site: 'SZ1', ...over });
const seal = (container: string | undefined) => call('POST', `/containers/${String(container)}/seals`);

test('serials are dense over lots, and requests at the same moment never overlap', async () => {
  const first = await serialised('F-A', 60);
  await declare('F-B');
  await until(async () => (await commission('F-B', 1)).status === 201);
  const many = await Promise.all(Array.from({ length: 6 }, () => commission('F-B', 10)));
  expect(many.map(({ status }) => status)).toEqual(Array(6).fill(201));
  const all = (await serialsOf('F-B')).ranges ?? [];
  expect(all).toEqual([{ ...first, first: first.last + 1, last: first.last + 61 }]);
});

test('what may not be serialised says why', async () => {
  await declare('P-X', 'intermediate');
  await until(async () => (await commission('P-X', 1)).body.code === 'lot-not-finished-goods');
  expect((await commission('F-NOBODY', 1)).body.code).toBe('lot-unknown');
  const foreign = { gtin: '00012345600012', prefix: 'IP', width: 6, quantity: 1 };
  expect((await call('POST', '/lots/F-A/serials', foreign)).body.code).toBe('gtin-of-other-product');
  const taken = { gtin: GTIN, prefix: 'IP', width: 6, first: 1, last: 2 };
  expect((await call('POST', '/lots/F-B/serials', taken)).body.code).toBe('serial-already-commissioned');
  const ambiguous = { gtin: GTIN, prefix: 'IP1', width: 5, quantity: 1 };
  expect((await call('POST', '/lots/F-A/serials', ambiguous)).body.code).toBe('serial-prefix-ambiguous');
  expect((await call('GET', `/serials/${GTIN}/IP999999`)).body.code).toBe('serial-unknown');
});

test('labels are printed before they are checked, enough of them', async () => {
  await serialised('F-L', 10);
  const check = () => call('POST', '/lots/F-L/label-checks', { labelVersion: '3', sampled: 5, verdict: 'pass' });
  expect((await check()).body.code).toBe('label-version-not-printed');
  await call('POST', '/lots/F-L/labels', { label: 'IP-200', labelVersion: '3', quantity: ea(9) });
  expect((await check()).body.code).toBe('labels-missing');
  await call('POST', '/lots/F-L/labels', { label: 'IP-200', labelVersion: '3', quantity: ea(1) });
  expect((await check()).status).toBe(201);
});

test('11.10(d): serials are given and labels printed and checked by whoever is at the site of the lot', async () => {
  await serialised('F-S', 10);
  const acts = [
    ['/lots/F-S/serials', { gtin: GTIN, prefix: 'IP', width: 6, quantity: 1 }],
    ['/lots/F-S/labels', { label: 'IP-200', labelVersion: '3', quantity: ea(1) }],
    ['/lots/F-S/label-checks', { labelVersion: '3', sampled: 1, verdict: 'pass' }],
  ] as const;
  for (const [path, body] of acts)
    expect(await call('POST', path, body, ['CD1'])).toMatchObject({ status: 403, body: { code: 'site-not-yours' } });
  expect((await call('POST', acts[1][0], acts[1][1], ['SZ1'])).status).toBe(201);
});

test('units go into cartons, sealed cartons into cases, sealed cases onto pallets', async () => {
  const range = await serialised('F-C', 20);
  const line = (from: number, to: number) => ({ lines: [{ lot: 'F-C', serials: [some(range, from, to)] }] });
  const [one, two] = [await pack('carton', line(1, 10)), await pack('carton', line(11, 20))];
  expect(isSscc(one.body.container ?? '')).toBe(true);
  expect((await pack('carton', line(10, 11))).body.code).toBe('unit-already-packed');
  expect((await pack('carton', { lines: [{ lot: 'F-C', serials: [some(range, 21, 22)] }] })).body.code).toBe(
    'serial-not-of-lot',
  );
  expect((await pack('carton', { container: '123', ...line(1, 1) })).body.code).toBe('sscc-invalid');
  const children = [one.body.container, two.body.container];
  expect((await pack('case', { children })).body.code).toBe('container-not-sealed');
  for (const container of children) expect((await seal(container)).status).toBe(201);
  const box = await pack('case', { children });
  await seal(box.body.container);
  expect((await pack('case', { children: [box.body.container] })).body.code).toBe('container-level-wrong');
  const pallet = await pack('pallet', { children: [box.body.container] });
  const sealed = await seal(pallet.body.container);
  expect(sealed.body).toMatchObject({ status: 'sealed', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(sealed.body.contents?.reduce((sum, { quantity }) => sum + Number(quantity.value), 0)).toBe(20);
  expect((await call('GET', `/serials/${GTIN}/IP${String(range.first).padStart(6, '0')}`)).body).toMatchObject({
    lot: 'F-C',
    container: children[0],
  });
  // A unit that leaves its lot breaks every seal around it.
  await declare('F-C4');
  await operation('OP-C', 'rework', [input('F-C', 1, [some(range, 1, 1)])], [output('F-C4', 1, [some(range, 1, 1)])]);
  await until(async () => (await call('GET', `/containers/${String(pallet.body.container)}`)).body.status === 'opened');
  expect((await call('GET', `/containers/${String(two.body.container)}`)).body.status).toBe('sealed');
});

test('rework, split, scrap and void move serials and lose none', async () => {
  const range = await serialised('F-1', 60);
  for (const lot of ['F-4', 'F-1b']) await declare(lot);
  await operation(
    'OP-R',
    'rework',
    [input('F-1', 20, [some(range, 41, 60)])],
    [output('F-4', 20, [some(range, 41, 60)])],
  );
  // A split that names no serials carves from what is there when it is heard: the rework goes first.
  await until(async () => (await serialsOf('F-4')).ranges?.length === 1);
  await operation('OP-S', 'split', [input('F-1', 40)], [output('F-1', 30), output('F-1b', 10)]);
  await until(async () => (await serialsOf('F-1b')).ranges?.length === 1);
  expect((await serialsOf('F-4')).ranges).toEqual([some(range, 41, 60)]);
  expect((await serialsOf('F-1b')).ranges).toEqual([some(range, 31, 40)]);
  await operation('OP-X', 'scrap', [input('F-1', 1, [some(range, 1, 1)])], [], [output('F-1', 1, [some(range, 1, 1)])]);
  await until(async () => (await serialsOf('F-1')).scrapped?.length === 1);
  await voided('OP-R');
  await until(async () => (await serialsOf('F-4')).ranges?.length === 0);
  expect((await serialsOf('F-1')).ranges).toEqual([some(range, 2, 30), some(range, 41, 60)]);
  await declare('F-9');
  await operation('OP-9', 'make', [], [output('F-9', 1, [some(range, 2, 2)])]);
  await until(async () =>
    (await others.heard('serialization.serial-range.v1')).some(
      (e) => e.type === 'SerialConflictFound' && e.lot === 'F-9' && e.otherLot === 'F-1',
    ),
  );
});

test('relabelled units are found by both names for ever; taken apart they end; a void takes both back', async () => {
  const [old, renewed] = [await serialised('F-OLD', 4), await serialised('F-NEW', 3)];
  const name = (range: SerialRange, nth: number) => `IP${String(range.first + nth - 1).padStart(6, '0')}`;
  const unit = async (range: SerialRange, nth: number) =>
    (await call('GET', `/serials/${GTIN}/${name(range, nth)}`)).body as object;
  await operation(
    'OP-RL',
    'relabel',
    [input('F-OLD', 3, [some(old, 1, 3)])],
    [output('F-NEW', 3, [some(renewed, 2, 3), some(renewed, 1, 1)])],
  );
  await operation('OP-UB', 'unbuild', [input('F-OLD', 1, [some(old, 4, 4)])], []);
  await has('F-OLD', []);
  expect(await unit(old, 1)).toMatchObject({
    lot: 'F-OLD',
    status: 'relabelled',
    now: { gtin: GTIN, serial: name(renewed, 2), lot: 'F-NEW' },
    formerly: null,
  });
  expect(await unit(renewed, 1)).toMatchObject({
    lot: 'F-NEW',
    status: 'commissioned',
    now: null,
    formerly: { gtin: GTIN, serial: name(old, 3), lot: 'F-OLD' },
  });
  expect(await unit(old, 4)).toMatchObject({ lot: 'F-OLD', status: 'scrapped', now: null });
  expect(await findings('F-OLD')).toEqual([]);
  await Promise.all([voided('OP-RL'), voided('OP-UB')]);
  await has('F-OLD', [old]);
  expect(await unit(old, 1)).toMatchObject({ status: 'commissioned', now: null });
});

test('what was voided goes back, except for units that have moved on', async () => {
  const range = await serialised('F-V', 10);
  for (const lot of ['F-V2', 'F-V3']) await declare(lot);
  const some2 = [some(range, 1, 2)];
  await operation('OP-V1', 'rework', [input('F-V', 10, [range])], [output('F-V2', 10, [range])]);
  await has('F-V2', [range]);
  await operation('OP-V2', 'rework', [input('F-V2', 2, some2)], [output('F-V3', 2, some2)]);
  await has('F-V3', some2);
  await voided('OP-V1');
  await has('F-V', [some(range, 3, 10)]);
  expect([(await serialsOf('F-V2')).ranges, (await serialsOf('F-V3')).ranges]).toEqual([[], some2]);
  await until(async () => (await findings('F-V2')).includes('serial-moved-on'));
  await operation('OP-V3', 'scrap', [input('F-V', 1)], [], [output('F-V', 1, [some(range, 3, 3)])]);
  await has('F-V', [some(range, 4, 10)]);
  await voided('OP-V3');
  await has('F-V', [some(range, 3, 10)]);
  expect((await serialsOf('F-V')).scrapped).toEqual([]);
});

test('operations may come in any order, and before the serials they name', async () => {
  for (const lot of ['F-O', 'F-O2', 'F-O3']) await declare(lot);
  const range = { gtin: GTIN, prefix: 'OX', width: 6, first: 1, last: 5 };
  const late = [some(range, 4, 5)];
  await operation('OP-O2', 'rework', [input('F-O2', 2, late)], [output('F-O3', 2, late)]);
  await operation('OP-O1', 'rework', [input('F-O', 2, late)], [output('F-O2', 2, late)]);
  await until(async () => (await findings('F-O')).includes('serial-not-commissioned'));
  await until(async () => (await call('POST', '/lots/F-O/serials', range)).status === 201);
  expect((await serialsOf('F-O')).ranges).toEqual([some(range, 1, 3)]);
  expect([(await serialsOf('F-O2')).ranges, (await serialsOf('F-O3')).ranges]).toEqual([[], late]);
  // An output told afterwards gets its share.
  await operation('OP-O4', 'split', [input('F-O', 3)], [output('F-O', 2)]);
  await others.say('mes-bridge.operation.v1', 'OP-O4', {
    type: 'OperationOutputAdded',
    operation: 'OP-O4',
    output: output('F-O4', 1),
    inputs: [],
    violations: [],
  });
  await has('F-O4', [some(range, 3, 3)]);
  expect(await call('GET', `/serials/${GTIN}/OX000005`)).toMatchObject({ body: { lot: 'F-O3', firstLot: 'F-O' } });
});

test('the last record first, each told twice: every unit ends where it is, and voids in either order undo all', async () => {
  for (const lot of ['F-R', 'F-R2', 'F-R3']) await declare(lot);
  const range = { gtin: GTIN, prefix: 'RX', width: 6, first: 1, last: 9 };
  const [scrapped, moved] = [[some(range, 9, 9)], [some(range, 4, 9)]];
  const tell = [
    () => operation('OP-R1', 'rework', [input('F-R', 6, moved)], [output('F-R2', 6, moved)]),
    () => operation('OP-R2', 'rework', [input('F-R2', 6, moved)], [output('F-R3', 6, moved)]),
    () => operation('OP-R3', 'scrap', [input('F-R3', 1, scrapped)], [], [output('F-R3', 1, scrapped)]),
  ];
  for (const record of tell.reverse()) for (const again of [record, record]) await again();
  await until(async () => (await findings('F-R3')).includes('serial-not-commissioned'));
  await until(async () => (await call('POST', '/lots/F-R/serials', range)).status === 201);
  await has('F-R3', [some(range, 4, 8)]);
  expect([await serialsOf('F-R'), await serialsOf('F-R2'), await serialsOf('F-R3')]).toMatchObject([
    { ranges: [some(range, 1, 3)], scrapped: [] },
    { ranges: [], scrapped: [] },
    { ranges: [some(range, 4, 8)], scrapped },
  ]);
  // The first is voided while its units are in the third lot: they go back as soon as the others are voided too.
  await hold('F-R2', { mode: 'only', ranges: [some(range, 4, 4)] });
  await voided('OP-R1');
  await until(async () => (await findings('F-R2')).includes('serial-moved-on'));
  expect((await serialsOf('F-R3')).ranges).toEqual([some(range, 4, 8)]);
  for (const id of ['OP-R2', 'OP-R2', 'OP-R3']) await voided(id);
  await has('F-R', [range]);
  expect([await serialsOf('F-R2'), await serialsOf('F-R3')]).toMatchObject([
    { ranges: [], scrapped: [] },
    { ranges: [], scrapped: [] },
  ]);
  // What was held on the way stays held.
  const carton = await pack('carton', { lines: [{ lot: 'F-R', serials: [some(range, 4, 4)] }] });
  expect((await seal(carton.body.container)).body.code).toBe('lot-on-hold');
});

test('a lot that was unknown when it was used is followed under its name later, holds included', async () => {
  const range = await serialised('F-U', 4);
  const unknown = placeholderLotId({ system: 'MES-2', code: 'U' });
  await declare('F-U2');
  await operation('OP-U', 'rework', [input(unknown, 4, [range])], [output('F-U2', 4, [range])]);
  await until(async () => (await findings('F-U2')).includes('serial-in-other-lot'));
  await hold('F-U', { mode: 'only', ranges: [some(range, 1, 1)] });
  await others.say('mes-bridge.production-lot.v1', 'F-U', {
    type: 'LotAliasAssigned',
    lot: 'F-U',
    alias: { system: 'MES-2', code: 'U' },
    placeholder: unknown,
  });
  await has('F-U2', [range]);
  const sealing = async (units: SerialRange) =>
    seal((await pack('carton', { lines: [{ lot: 'F-U2', serials: [units] }] })).body.container);
  expect((await sealing(some(range, 1, 2))).body.code).toBe('lot-on-hold');
  expect((await sealing(some(range, 3, 4))).status).toBe(201);
  // A void puts the units back; what holds them goes with them.
  await hold('F-U2', { mode: 'only', ranges: [some(range, 4, 4)] });
  await voided('OP-U');
  await has('F-U', [range]);
  const again = (units: SerialRange) => pack('carton', { lines: [{ lot: 'F-U', serials: [units] }] });
  expect((await seal((await again(some(range, 4, 4))).body.container)).body.code).toBe('lot-on-hold');
  expect((await seal((await again(some(range, 3, 3))).body.container)).status).toBe(201);
});

test('a container lies in one other at most, and is not opened from inside', async () => {
  const range = await serialised('F-P', 10);
  const line = { lot: 'F-P', serials: [range] };
  expect((await pack('carton', { lines: [line, line] })).body.code).toBe('serial-named-twice');
  const backwards = { lot: 'F-P', serials: [{ ...range, first: range.last, last: range.first }] };
  expect((await pack('carton', { lines: [backwards] })).body.code).toBe('body-invalid');
  const carton = String((await pack('carton', { lines: [line] })).body.container);
  await seal(carton);
  expect((await pack('case', { children: [carton, carton] })).body.code).toBe('container-already-packed');
  const both = await Promise.all([pack('case', { children: [carton] }), pack('case', { children: [carton] })]);
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  const box = both.map(({ body }) => body.container).find((container) => container !== undefined);
  const open = (container: string) => call('POST', `/containers/${container}/openings`, { reason: 'damaged' });
  expect((await open(carton)).body.code).toBe('container-inside-another');
  expect((await open(String(box))).body.status).toBe('opened');
  expect((await open(carton)).body.status).toBe('opened');
  expect((await pack('carton', { lines: [line] })).status).toBe(201);
  expect((await open('999')).body.code).toBe('container-unknown');
});

test('at the same moment: one packs a unit, one gets the last serials, and no seal is for units that left', async () => {
  const range = await serialised('F-M', 10);
  const line = (from: number, to: number) => ({ lines: [{ lot: 'F-M', serials: [some(range, from, to)] }] });
  const both = await Promise.all([pack('carton', line(1, 5)), pack('carton', line(5, 6))]);
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  const last = (quantity: number) =>
    call('POST', '/lots/F-M/serials', { gtin: GTIN, prefix: 'Z-', width: 1, quantity });
  const rush = await Promise.all([last(5), last(5), last(4)]);
  expect(rush.map(({ body }) => body.code ?? 'given').sort()).toEqual(['given', 'given', 'serials-exhausted']);
  await declare('F-M2');
  const carton = String((await pack('carton', line(9, 10))).body.container);
  const leaving = [some(range, 10, 10)];
  await Promise.all([
    operation('OP-M', 'rework', [input('F-M', 1, leaving)], [output('F-M2', 1, leaving)]),
    ...Array.from({ length: 5 }, () => seal(carton)),
  ]);
  await until(async () => (await call('GET', `/containers/${carton}`)).body.status === 'opened');
  expect((await seal(carton)).body.code).toBe('container-unknown');
});

test('held lots get no serials, labels or seals; what is made of them inherits', async () => {
  const range = await serialised('F-H', 10);
  const carton = await pack('carton', { lines: [{ lot: 'F-H', serials: [range] }] });
  await hold('F-H', { mode: 'all', ranges: [] });
  await until(async () => (await commission('F-H', 1)).body.code === 'lot-on-hold');
  expect((await seal(carton.body.container)).body.code).toBe('lot-on-hold');
  expect((await call('POST', '/lots/F-H/labels', { label: 'L', labelVersion: '1', quantity: ea(1) })).body.code).toBe(
    'lot-on-hold',
  );
  await declare('F-H2');
  await operation('OP-H', 'make', [input('F-H', 1)], [output('F-H2', 1)]);
  await until(async () => (await commission('F-H2', 1)).body.code === 'lot-on-hold');
});

test('no serial is in two lots; every code has words in two languages', async () => {
  expect((await call('GET', '/operations/invariants')).body).toMatchObject({
    invariants: [
      ...[{ violators: [] }, { violators: [] }, { violators: [] }],
      { invariant: 'no-fact-is-kept-waiting', violators: [] },
    ],
  });
  expect((await call('GET', '/openapi.json')).status).toBe(200);
  expect(await faultyMessages(new URL('./', import.meta.url), { ...platformMessages, ...messages })).toEqual([]);
});
