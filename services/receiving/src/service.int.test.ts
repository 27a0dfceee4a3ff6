import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { holdDigest } from '@lotwarden/platform/hold-digest';
import { placeholderLotId } from '@lotwarden/platform/ids';
import { platformMessages } from '@lotwarden/platform/messages';
import type { Role } from '@lotwarden/platform/permissions';
import { REFUSED, refusals } from '@lotwarden/platform/testing/bad-input';
import { backUp, type Backup } from '@lotwarden/platform/testing/backup';
import { faultyMessages } from '@lotwarden/platform/testing/messages';
import { neighbours, type Neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment, type TestService } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import { messages } from './messages.ts';
import receiving from './service.ts';

const world = testEnvironment();
let service: TestService;
let others: Neighbours;
let backup: Backup | undefined;
let ticking: NodeJS.Timeout;

beforeAll(async () => {
  service = await startService(receiving, { world });
  others = await neighbours(world.topicPrefix);
  ticking = setInterval(() => void others.tick(), 500);
  await call('POST', '/suppliers', { supplier: 'SUP-HX', name: '华芯电子', country: 'CN' });
  await call('POST', '/suppliers/SUP-HX/qualifications', { parts: ['CAP-100'], ...year });
  await call('POST', '/suppliers/SUP-HX/certificates', { certificate: 'C-1', standard: 'ISO 9001', ...year });
  await call('POST', '/parts', {
    part: 'CAP-100',
    revision: 'B',
    name: 'Capacitor',
    unit: 'EA',
    validFrom: '2026-01-01T00:00:00Z',
    characteristics: [
      {
        code: 'capacitance',
        name: 'Capacitance',
        kind: 'electrical',
        source: 'coa',
        unit: 'µF',
        lower: '90',
        upper: '110',
      },
    ],
  });
  const lines = [{ part: 'CAP-100', revision: 'B', quantity: { value: '9000', unit: 'EA' } }];
  await call('POST', '/purchase-orders', { purchaseOrder: 'PO-1', supplier: 'SUP-HX', site: 'SZ1', lines });
});
afterAll(async () => {
  clearInterval(ticking);
  await others.close();
  await backup?.close();
  await service.end();
});

/** Not of this year alone: what is accepted is looked at again on the day it is. */
const year = { validFrom: '2020-01-01T00:00:00Z', validUntil: '2099-01-01T00:00:00Z' };

interface LotBody {
  readonly lot: string;
  readonly status: string;
  readonly code?: string;
  readonly heldBy?: readonly string[];
  readonly inspection?: string | null;
  readonly hindrances?: readonly { readonly code: string }[];
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  sites?: readonly string[],
) {
  const signedIn = await service.tokens.headers({
    sub: 'wang',
    roles: ['buyer', 'receiver', 'planner', 'quality-manager'],
    ...(sites && { sites }),
  });
  const response = await fetch(service.address + path, {
    method,
    headers: { 'content-type': 'application/json', ...signedIn, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, etag: response.headers.get('etag'), body: (await response.json()) as LotBody };
}

const delivery = (supplierLot: string, over: object = {}) => ({
  part: 'CAP-100',
  supplier: 'SUP-HX',
  supplierLot,
  purchaseOrder: 'PO-1',
  quantity: { value: '4000', unit: 'EA' },
  site: 'SZ1',
  location: 'DOCK',
  receivedAt: '2026-11-01T08:00:00Z',
  coa: [{ characteristic: 'capacitance', value: '99.5', unit: 'µF' }],
  ...over,
});
const received = async (supplierLot: string, over: object = {}) =>
  (await call('POST', '/material-lots', delivery(supplierLot, over))).body.lot;
const decided = (lot: string, verdict: 'accept' | 'reject') =>
  others.say('qms.inspection.v1', `I-${lot}-incoming`, {
    type: 'InspectionDecided',
    inspection: `I-${lot}-incoming`,
    lot,
    stage: 'incoming',
    verdict,
    reason: 'results',
    results: [],
    signature: null,
  });
const status = async (lot: string) => (await call('GET', `/material-lots/${lot}`)).body.status;
const putAway = (lot: string, headers = {}) =>
  call(
    'POST',
    `/material-lots/${lot}/put-away`,
    { quantity: { value: '4000', unit: 'EA' }, location: 'STORE' },
    headers,
  );

test('a supplier lot is received, inspected, accepted and put away; it is found by the supplier’s own number', async () => {
  const lot = await received('L-1042');
  expect(lot).toMatch(/^M-SZ1-261101-\d{5}$/);
  // A gate that has just started is closed until it has caught up with the holds.
  await until(async () => (await putAway(lot)).body.code === 'material-lot-not-accepted');
  await decided(lot, 'accept');
  await until(async () => (await status(lot)) === 'accepted');
  const known = await call('GET', '/material-lots/L-1042?system=supplier:SUP-HX');
  expect(known.body).toMatchObject({ lot, status: 'accepted', revision: 'B' });
  expect(await putAway(lot, { 'if-match': '"1"' })).toMatchObject({ status: 412, body: { code: 'version-stale' } });
  await until(
    async () =>
      (await putAway(lot, { 'if-match': (await call('GET', `/material-lots/${lot}`)).etag ?? '' })).status === 201,
  );
  const published = (await others.heard('receiving.material-lot.v1')).filter((event) => event.lot === lot);
  expect(published.map(({ type }) => type)).toEqual([
    'MaterialLotReceived',
    'MaterialLotAccepted',
    'MaterialLotPutAway',
  ]);
});

test('the same supplier lot received many times at once is one lot', async () => {
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => call('POST', '/material-lots', delivery('L-SAME'))),
  );
  expect(answers.map(({ status: code }) => code).sort()).toEqual([201, 409, 409, 409, 409]);
  const ids = answers.flatMap(({ body }) => (body.lot ? [body.lot] : []));
  expect(new Set(ids).size).toBe(1);
});

test('a rejected lot stays rejected; a contradiction is a finding', async () => {
  const lot = await received('L-1050');
  await decided(lot, 'reject');
  await until(async () => (await status(lot)) === 'rejected');
  await decided(lot, 'accept');
  await until(async () =>
    (await others.heard('receiving.material-lot.v1')).some(
      (e) => e.lot === lot && e.type === 'MaterialLotDecisionConflicted',
    ),
  );
  expect(await status(lot)).toBe('rejected');
});

test('a supplier that lost its qualification since the receipt keeps its lot pending, until it has one again', async () => {
  await call('POST', '/suppliers', { supplier: 'SUP-2', name: 'Second', country: 'CN' });
  const qualify = () => call('POST', '/suppliers/SUP-2/qualifications', { parts: ['CAP-100'], ...year });
  await qualify();
  await call('POST', '/suppliers/SUP-2/certificates', { certificate: 'C-2', standard: 'ISO 9001', ...year });
  const lines = [{ part: 'CAP-100', revision: 'B', quantity: { value: '9000', unit: 'EA' } }];
  await call('POST', '/purchase-orders', { purchaseOrder: 'PO-2', supplier: 'SUP-2', site: 'SZ1', lines });
  const { body } = await call('POST', '/material-lots', delivery('L-S2', { supplier: 'SUP-2', purchaseOrder: 'PO-2' }));
  expect(body).toMatchObject({ status: 'pending', hindrances: [] });
  await call('POST', '/suppliers/SUP-2/withdrawals', { reason: 'audit' });
  await decided(body.lot, 'accept');
  const reasons = async () =>
    (await call('GET', `/material-lots/${body.lot}`)).body.hindrances?.map(({ code }) => code) ?? [];
  await until(async () => (await reasons()).join() === 'supplier-not-qualified');
  expect(await status(body.lot)).toBe('pending');
  await qualify();
  await call('POST', `/material-lots/${body.lot}/hindrance-reviews`, { reason: 'qualified again' });
  expect(await status(body.lot)).toBe('accepted');
});

test('bad input gets its code and a way out, in the caller’s language', async () => {
  const refused = async (supplierLot: string, over: object) =>
    (await call('POST', '/material-lots', delivery(supplierLot, over), { 'accept-language': 'zh-CN' })).body;
  expect(await refused('L-X1', { quantity: { value: '-1', unit: 'EA' } })).toMatchObject({ code: 'quantity-invalid' });
  expect(await refused('L-X2', { quantity: { value: '1', unit: 'KGM' } })).toMatchObject({
    code: 'unit-not-convertible',
  });
  expect(await refused('L-X3', { supplier: 'NOBODY' })).toMatchObject({
    code: 'supplier-unknown',
    detail: expect.stringContaining('供应商'),
  });
  expect(await refused('L-X4', { part: 'NOTHING' })).toMatchObject({ code: 'part-unknown' });
  expect(await refused('L-1042', {})).toMatchObject({ code: 'lot-already-received' });
  expect((await call('GET', '/material-lots/M-SZ1-261101-99999')).body.code).toBe('material-lot-unknown');
});

/** A hold as recall places it; waits until the gate has acknowledged it. */
async function held(hold: string, lots: readonly string[]): Promise<void> {
  const named = { hold, case: 'RC-1', epoch: 1 };
  const all = lots.map((lot) => ({ lot, serials: { mode: 'all', ranges: [] } }));
  const placed = { type: 'HoldPlaced', ...named, chunk: 1, chunks: 1, provisional: true, lots: all } as const;
  await others.say('recall.hold.v1', hold, placed);
  await others.say('recall.hold.v1', hold, { type: 'HoldManifest', ...named, ...holdDigest(all) });
  await others.tick();
  await until(async () =>
    (await others.heard('receiving.gate.v1')).some((e) => e.type === 'HoldAcknowledged' && e.hold === hold),
  );
  await until(async () => (await putAway('M-NOBODY')).body.code === 'material-lot-unknown');
}

test('no command passes without a good token, a permission, a body that fits and a key of its own', async () => {
  const roles: Role[] = ['receiver'];
  const path = '/material-lots';
  const asked = { path, body: delivery('L-T1'), other: delivery('L-T2'), roles };
  expect(await refusals(service, asked)).toEqual(REFUSED);
  expect((await call('GET', '/material-lots/L-T2?system=supplier:SUP-HX')).body.code).toBe('material-lot-unknown');
});

test.each([
  ['nobody’s lot', 'M-NONE', { value: '1', unit: 'EA' }, 404, 'material-lot-unknown'],
  ['less than nothing', null, { value: '-1', unit: 'EA' }, 422, 'quantity-invalid'],
  ['nothing', null, { value: '0', unit: 'EA' }, 422, 'quantity-invalid'],
  ['more than there is', null, { value: '4001', unit: 'EA' }, 409, 'quantity-not-available'],
  ['kilograms of pieces', null, { value: '1', unit: 'KGM' }, 422, 'unit-not-convertible'],
  ['no number', null, { value: 'many', unit: 'EA' }, 400, 'body-invalid'],
])('%s is not put away', async (_, lot, quantity, code, reason) => {
  const known = (await call('GET', '/material-lots/L-1042?system=supplier:SUP-HX')).body.lot;
  const asked = { quantity, location: 'STORE' };
  const reply = await call('POST', `/material-lots/${lot ?? known}/put-away`, asked);
  expect([reply.status, reply.body.code]).toEqual([code, reason]);
});

test('a held lot is not put away, and the gate says that it holds', async () => {
  const lot = await received('L-HELD');
  await decided(lot, 'accept');
  await until(async () => (await status(lot)) === 'accepted');
  await held('H-1', [lot]);
  expect(await putAway(lot)).toMatchObject({ status: 409, body: { code: 'lot-on-hold' } });
});

test('a lot that was held before it came is held from its receipt on, and its acceptance waits', async () => {
  await held('H-2', [placeholderLotId({ system: 'supplier:SUP-HX', code: 'L-AWAITED' })]);
  const { body } = await call('POST', '/material-lots', delivery('L-AWAITED'));
  expect((await call('GET', `/material-lots/${body.lot}`)).body.heldBy).toEqual(['H-2']);
  await decided(body.lot, 'accept');
  await until(async () => (await call('GET', `/material-lots/${body.lot}`)).body.inspection !== null);
  expect(await status(body.lot)).toBe('pending');
  // A hold on the placeholder that comes after the merge follows.
  await held('H-3', [placeholderLotId({ system: 'supplier:SUP-HX', code: 'L-AWAITED' })]);
  await until(async () => (await call('GET', `/material-lots/${body.lot}`)).body.heldBy?.length === 2);
});

test('11.10(d): a lot is named and looked at again by whoever is at its site', async () => {
  const lot = await received('L-SITE');
  const acts = {
    aliases: { alias: { system: 'MES-SZ', code: 'REEL-SITE' } },
    'hindrance-reviews': { reason: 'again' },
  };
  for (const [act, body] of Object.entries(acts))
    expect(await call('POST', `/material-lots/${lot}/${act}`, body, {}, ['CD1'])).toMatchObject({
      status: 403,
      body: { code: 'site-not-yours' },
    });
});

test('a name that had a hold brings it to the lot in the moment it is given', async () => {
  const lot = await received('L-NAMED');
  await decided(lot, 'accept');
  await until(async () => (await status(lot)) === 'accepted');
  const alias = { system: 'MES-SZ', code: 'REEL-7' };
  await held('H-4', [placeholderLotId(alias)]);
  expect(await call('POST', `/material-lots/${lot}/aliases`, { alias })).toMatchObject({ status: 201 });
  expect(await putAway(lot)).toMatchObject({ status: 409, body: { code: 'lot-on-hold' } });
  expect((await call('GET', '/material-lots/REEL-7?system=MES-SZ')).body.lot).toBe(lot);
  expect((await call('POST', `/material-lots/${lot}/aliases`, { alias })).status).toBe(201);
  await until(async () =>
    (await others.heard('receiving.material-lot.v1')).some(
      (e) => e.type === 'LotAliasAssigned' && e.lot === lot && e.placeholder === placeholderLotId(alias),
    ),
  );
  const other = await received('L-OTHER');
  expect((await call('POST', `/material-lots/${other}/aliases`, { alias })).body.code).toBe('lot-name-taken');
  await others.say('mes-bridge.production-lot.v1', 'F-1', {
    type: 'ProductionLotDeclared',
    lot: 'F-1',
    product: 'IP-200',
    revision: 'A',
    kind: 'finished',
    site: 'SZ1',
    workOrder: null,
    placeholder: false,
    aliases: [{ system: 'MES-SZ', code: 'F1' }],
  });
  const ours = { alias: { system: 'MES-SZ', code: 'F1' } };
  await until(async () => (await call('POST', `/material-lots/M-NONE/aliases`, ours)).body.code === 'lot-name-taken');
});

test('a database from before comes back: a supplier lot is the same lot, and no number is given again', async () => {
  const earlier = await received('L-BEFORE');
  backup = await backUp(world, 'receiving');
  const lot = await received('L-AFTER');
  const alias = { system: 'MES-SZ', code: 'REEL-AFTER' };
  await call('POST', `/material-lots/${lot}/aliases`, { alias });
  await decided(lot, 'accept');
  await until(async () => (await status(lot)) === 'accepted');
  await call('POST', '/suppliers/SUP-HX/withdrawals', { reason: 'audit' });
  const look = async () => ({ ...(await call('GET', `/material-lots/${lot}`)).body, rev: 0 });
  const before = await look();
  await backup.published();
  await service.stop();
  await backup.restore();
  service = await startService(receiving, { world });
  expect(await look()).toEqual(before);
  expect(await call('POST', '/material-lots', delivery('L-AFTER'))).toMatchObject({
    status: 409,
    body: { code: 'lot-already-received' },
  });
  expect((await call('GET', '/material-lots/REEL-AFTER?system=MES-SZ')).body.lot).toBe(lot);
  expect((await call('POST', `/material-lots/${earlier}/aliases`, { alias })).body.code).toBe('lot-name-taken');
  const { body } = await call('POST', '/material-lots', delivery('L-LATER'));
  expect(body.lot).toMatch(/^M-SZ1-261101-\d{5}$/);
  expect(body.lot > lot).toBe(true);
  expect(body.hindrances?.map(({ code }) => code)).toContain('supplier-not-qualified');
});

test('its documentation is there, and every code has words in two languages', async () => {
  expect((await call('GET', '/openapi.json')).status).toBe(200);
  expect(await faultyMessages(new URL('./', import.meta.url), { ...platformMessages, ...messages })).toEqual([]);
});
