import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { placeholderLotId } from '@lotwarden/platform/ids';
import { platformMessages } from '@lotwarden/platform/messages';
import { REFUSED } from '@lotwarden/platform/testing/bad-input';
import { faultyMessages } from '@lotwarden/platform/testing/messages';
import { until } from '@lotwarden/platform/testing/until';
import { messages } from '../src/messages.ts';
import { ea, made, story, used, type Story } from './story.ts';

let s: Story;

/** After all that is accepted here, and no later than a clock may be ahead. */
const LATER = new Date(Date.now() + 43_200_000).toISOString();
const LONG_AGO = '2020-01-01T00:00:00.000Z';
const component = (item: string, quantityPer: string) => ({ item, quantityPer, unit: 'EA' });
const product = (id: string, kind: string, bom: object[], gtin: string | null = null) => ({
  product: id,
  revision: 'A',
  name: id,
  kind,
  unit: 'EA',
  gtin,
  validFrom: '2026-01-01T00:00:00Z',
  bom,
});
const supplier = (code: string, n: number) => used('supplier:SUP-HX', code, n);
const mes = (code: string, n: number) => used('MES-SZ', code, n);
const boards = (cap: string, n: number) => [supplier(cap, 4 * n), supplier('PCB-1', n)];
const status = (code: string) => async () => (await s.operation(code)).status;
const isRecorded = (code: string) => until(async () => (await status(code)()) === 'recorded');

beforeAll(async () => {
  s = await story();
  const site = { site: 'SZ1', name: 'Suzhou', country: 'CN', timeZone: 'Asia/Shanghai', bindingMode: 'inline' };
  await s.others.say('warehouse.site.v1', 'SZ1', { type: 'SiteRegistered', ...site });
  const bom = [component('CAP-100', '4'), component('PCB-200', '1')];
  await s.call('POST', '/products', product('BRD-10', 'intermediate', bom));
  await s.call('POST', '/products', product('IP-200', 'finished', [component('BRD-10', '1')], '09520123456788'));
  await s.received('L-1042', 'CAP-100');
  await s.received('PCB-1', 'PCB-200');
  await s.received('L-1050', 'CAP-100', false);
  // A gate that has just started is closed until it has caught up with the holds.
  await until(async () => (await s.startCheck('BRD-10', boards('L-1042', 100))).answer === 'go');
});
afterAll(() => s.end());

test('what is mounted is kept and told; the line does not start on a held reel, nor may it be mounted', async () => {
  await s.received('L-REEL', 'CAP-100');
  await until(async () => (await s.startCheck('BRD-10', boards('L-REEL', 1))).answer === 'go');
  const reel = supplier('L-REEL', 1).lot;
  await s.mounted('R-1', reel);
  await s.unmounted('R-1', { occurredAt: '2026-11-02T04:00:00.000Z' });
  await s.unmounted('R-2', { lot: supplier('L-NOBODY', 1).lot, occurredAt: '2026-11-02T05:00:00.000Z' });
  await s.mounted('R-3', reel, { occurredAt: '2026-11-02T06:00:00.000Z' });
  const mount = async (code: string) => (await s.call('GET', `/material-mounts/${code}?system=MES-SZ`)).body as object;
  await until(async () => (await s.call('GET', '/material-mounts/R-3?system=MES-SZ')).status === 200);
  await until(async () => (await s.call('GET', '/material-mounts/R-2?system=MES-SZ')).status === 200);
  await until(async () => (await s.call('GET', '/material-mounts/R-1?system=MES-SZ')).body.status === 'unmounted');
  expect(await mount('R-1')).toMatchObject({ lot: 'M-L-REEL', mountedAt: '2026-11-02T02:00:00.000Z', violations: [] });
  expect(await mount('R-2')).toMatchObject({
    lot: placeholderLotId(supplier('L-NOBODY', 1).lot),
    violations: [{ code: 'mount-unknown' }],
  });
  expect((await s.call('GET', '/material-mounts?equipment=SMT-9')).body.items).toHaveLength(3);
  expect((await s.call('GET', '/equipment/SMT-9/mounted')).body).toMatchObject({ mounted: [{ lot: 'M-L-REEL' }] });
  expect((await s.call('GET', '/material-mounts/R-9?system=MES-SZ')).body.code).toBe('mount-unknown');
  // The reel on the machine is the capacitor that nobody scanned.
  const boardOnly = [supplier('PCB-1', 1)];
  expect(await s.startCheck('BRD-10', boardOnly, 'SMT-9')).toEqual({ answer: 'go', reasons: [] });
  const place = { site: 'SZ1', equipment: 'SMT-9', position: 'F2', lot: reel };
  expect((await s.call('POST', '/mount-checks', place)).body).toEqual({ answer: 'go', reasons: [] });
  await s.held('H-REEL', ['M-L-REEL']);
  const onHold = { answer: 'stop', reasons: [{ code: 'lot-on-hold', lot: 'M-L-REEL', detail: 'H-REEL' }] };
  await until(async () => (await s.startCheck('BRD-10', boardOnly, 'SMT-9')).answer === 'stop');
  expect(await s.startCheck('BRD-10', boardOnly, 'SMT-9')).toEqual(onHold);
  expect((await s.call('POST', '/mount-checks', place)).body).toEqual(onHold);
  const types = async () => (await s.others.heard('mes-bridge.mount.v1')).map(({ type }) => type).sort();
  await until(async () => (await types()).length === 4);
  expect(await types()).toEqual(['MaterialMounted', 'MaterialMounted', 'MaterialUnmounted', 'MaterialUnmounted']);
});

test('of many reels that are mounted on one machine at once none is forgotten', async () => {
  const positions = Array.from({ length: 12 }, (_, n) => `F${String(n + 1)}`);
  await s.received('L-TAPE', 'CAP-100');
  await until(async () => (await s.startCheck('BRD-10', boards('L-TAPE', 1))).answer === 'go');
  const reel = supplier('L-TAPE', 1).lot;
  await Promise.all(positions.map((position) => s.mounted(`T-${position}`, reel, { equipment: 'SMT-7', position })));
  const mounted = async () =>
    ((await s.call('GET', '/equipment/SMT-7/mounted')).body as object as { mounted: { position: string }[] }).mounted;
  const isKept = async (code: string) => (await s.call('GET', `/material-mounts/${code}?system=MES-SZ`)).status === 200;
  for (const position of positions) await until(() => isKept(`T-${position}`));
  expect((await mounted()).map(({ position }) => position).sort()).toEqual(positions.sort());
});

test('a load is kept with its members and operations, and grows when it is told again', async () => {
  const line = { lot: supplier('L-1042', 1).lot, quantity: ea(5), serials: [], containers: [] };
  await s.loaded('ETO-77', { members: [line], operations: ['B1'] });
  await s.loaded('ETO-77', { endedAt: '2026-11-02T05:00:00.000Z', serves: ['SMT-9'] });
  const load = async () => (await s.call('GET', '/process-loads/ETO-77?system=MES-SZ')).body as { exposure?: { endedAt: string | null } }; // prettier-ignore
  await until(async () => (await load()).exposure?.endedAt != null);
  expect(await load()).toMatchObject({
    load: 'LD-MES-SZ:ETO-77',
    exposure: { members: [{ lot: 'M-L-1042' }], operations: ['OP-MES-SZ:B1'], serves: ['SMT-9'] },
    violations: [],
  });
  expect((await s.call('GET', '/process-loads?lot=M-L-1042')).body.items).toHaveLength(1);
});

test('boards, pumps, rework, split and scrap: each name is one lot, nothing is out of balance', async () => {
  await s.recorded('B1', {
    inputs: boards('L-1042', 100),
    outputs: [made('B1', 'BRD-10', 99)],
    scrap: [made('B1', 'BRD-10', 1)],
  });
  await isRecorded('B1');
  await s.recorded('P1', { inputs: [mes('B1', 60)], outputs: [made('F1', 'IP-200', 60)] });
  await isRecorded('P1');
  await s.recorded('R1', {
    kind: 'rework',
    inputs: [mes('F1', 20), mes('B1', 20)],
    outputs: [made('F4', 'IP-200', 20)],
    scrap: [made('B1', 'BRD-10', 20)],
  });
  await isRecorded('R1');
  await s.recorded('S1', {
    kind: 'split',
    inputs: [mes('F1', 40)],
    outputs: [made('F1', 'IP-200', 30), made('F1b', 'IP-200', 10)],
  });
  await isRecorded('S1');
  await s.recorded('X1', { kind: 'scrap', inputs: [mes('B1', 5)], scrap: [made('B1', 'BRD-10', 5)] });
  await isRecorded('X1');
  const lot = await s.lot('F1');
  expect(lot).toMatchObject({
    status: 'declared',
    product: 'IP-200',
    revision: 'A',
    kind: 'finished',
    workOrder: 'WO-1',
  });
  expect(lot.lot).toMatch(/^F-SZ1-261102-\d{5}$/);
  expect((await s.lot('B1')).lot).toMatch(/^P-SZ1-261102-\d{5}$/);
  for (const code of ['B1', 'P1', 'R1', 'S1', 'X1']) expect(await s.violations(code)).toEqual([]);
  const found = (await s.call('GET', `/operations?lot=${lot.lot}`)).body.items;
  expect(found.map((o) => o.circumstances.sourceOperation).sort()).toEqual(['P1', 'R1', 'S1']);
  expect(await s.operation('B1')).toMatchObject({
    circumstances: { equipment: 'SMT-1', operator: 'wang', parameters: [{ name: 'peak-temperature', value: '245' }] },
    inputs: [{ lot: 'M-L-1042', quantity: ea(400) }, { lot: 'M-PCB-1' }],
  });
});

test('told in reverse, the same operations end without a violation, and the change is published', async () => {
  const told = async (code: string, flows: Parameters<Story['recorded']>[1]) => {
    await s.recorded(code, { startedAt: LATER, endedAt: LATER, ...flows });
    await isRecorded(code);
  };
  await told('X9', { kind: 'scrap', inputs: [mes('B9', 5)], scrap: [made('B9', 'BRD-10', 5)] });
  await told('S9', {
    kind: 'split',
    inputs: [mes('F9', 40)],
    outputs: [made('F9', 'IP-200', 30), made('F9b', 'IP-200', 10)],
  });
  await told('R9', {
    kind: 'rework',
    inputs: [mes('F9', 20), mes('A9', 20)],
    outputs: [made('F9c', 'IP-200', 20)],
    scrap: [made('B9', 'BRD-10', 20)],
  });
  expect(await s.violations('R9')).toContain('lot-unknown');
  await told('P9', { inputs: [mes('A9', 60)], outputs: [made('F9', 'IP-200', 60)] });
  expect((await s.violations('P9')).sort()).toEqual(['lot-unknown', 'operation-input-missing']);
  await told('B9', { inputs: boards('L-9', 100), outputs: [made('A9', 'BRD-10', 100)] });
  await until(async () => (await s.violations('P9')).length === 0);
  expect(await s.violations('R9')).toEqual([]);
  expect((await s.violations('B9')).sort()).toEqual(['lot-unknown', 'operation-input-missing']);
  await s.received('L-9', 'CAP-100');
  await until(async () => (await s.violations('B9')).length === 0);
  for (const code of ['X9', 'S9', 'R9', 'P9', 'B9']) expect(await s.violations(code)).toEqual([]);
  await until(async () =>
    (await s.others.heard('mes-bridge.operation.v1')).some(
      (e) => e.type === 'OperationReassessed' && e.operation === 'OP-MES-SZ:B9' && e.violations.length === 0,
    ),
  );
});

test('material that is accepted after it was used was used before it was: that stays', async () => {
  await s.recorded('B-SOON', { inputs: boards('L-SOON', 1), outputs: [made('B-SOON', 'BRD-10', 1)] });
  await s.recorded('B-OWN', {
    startedAt: LONG_AGO,
    inputs: [used('lotwarden', 'M-L-SOON', 4), supplier('PCB-1', 1)],
    outputs: [made('B-OWN', 'BRD-10', 1)],
  });
  for (const code of ['B-SOON', 'B-OWN']) {
    await isRecorded(code);
    expect(await s.violations(code)).toContain('lot-unknown');
  }
  await s.received('L-SOON', 'CAP-100', false);
  for (const code of ['B-SOON', 'B-OWN'])
    await until(async () => String(await s.violations(code)) === 'material-not-accepted');
  const lot = 'M-L-SOON';
  await s.others.say('receiving.material-lot.v1', lot, { type: 'MaterialLotAccepted', lot, inspection: 'I' });
  await until(async () => (await s.startCheck('BRD-10', boards('L-SOON', 1))).answer === 'go');
  expect(await s.violations('B-OWN')).toEqual(['material-not-accepted']);
});

test('an approved alternative starts and counts, units are taken apart by their bill, absurd times are told', async () => {
  const alternative = { ...component('CAP-100', '4'), alternatives: ['CAP-200'] };
  await s.call('POST', '/products', product('BRD-ALT', 'intermediate', [alternative]));
  await s.received('L-ALT', 'CAP-200');
  const caps = [supplier('L-ALT', 40)];
  await until(async () => (await s.startCheck('BRD-ALT', caps)).answer === 'go');
  await s.recorded('ALT-1', { inputs: caps, outputs: [made('ALT', 'BRD-ALT', 10)] });
  await isRecorded('ALT-1');
  expect(await s.violations('ALT-1')).toEqual([]);
  const parts = { lot: { system: 'supplier:SUP-HX', code: 'L-ALT' }, product: 'CAP-200', quantity: ea(8), serials: [] };
  await s.recorded('ALT-2', {
    kind: 'unbuild',
    inputs: [mes('ALT', 2)],
    outputs: [parts],
    endedAt: '2999-01-01T00:00:00.000Z',
  });
  await isRecorded('ALT-2');
  expect(await s.violations('ALT-2')).toEqual(['operation-time-absurd']);
  // What came back is the supplier's lot, not a new one of ours.
  expect((await s.operation('ALT-2')).outputs).toMatchObject([{ lot: 'M-L-ALT' }]);
});

test('a product that is specified after it was made has lots of that revision, and its bill of material counts', async () => {
  await s.recorded('L1', { inputs: boards('L-1042', 1), outputs: [made('L1', 'BRD-LATE', 1)] });
  await isRecorded('L1');
  expect(await s.violations('L1')).toContain('product-unknown');
  await s.call('POST', '/products', product('BRD-LATE', 'intermediate', [component('CAP-100', '4')]));
  await until(async () => !(await s.violations('L1')).includes('product-unknown'));
  expect(await s.violations('L1')).toEqual(['operation-unbalanced']);
  expect(await s.lot('L1')).toMatchObject({ revision: 'A', kind: 'intermediate' });
});

test('the same message twice is nothing; the same operation told otherwise keeps the first and the claim', async () => {
  const event = await s.recorded('D1', { inputs: boards('L-1042', 10), outputs: [made('D1', 'BRD-10', 10)] });
  await s.again(event);
  await s.again({ ...event, messageId: 'same-again' });
  await s.again({ ...event, messageId: 'otherwise', inputs: boards('L-1050', 10) });
  await until(async () => (await s.violations('D1')).includes('operation-recorded-twice'));
  const { inputs, violations } = await s.operation('D1');
  expect(inputs.map((i) => [i.lot, i.certainty])).toEqual([
    ['M-L-1042', 'scanned'],
    ['M-PCB-1', 'scanned'],
    ['M-L-1050', 'possible'],
  ]);
  expect((violations ?? []).map((v) => v.code)).toContain('material-not-accepted');
});

test('material that was not accepted, missing, too little or of another unit is kept and flagged', async () => {
  const inputs = [supplier('L-1050', 30), { ...supplier('PCB-1', 10), quantity: { value: '1', unit: 'KGM' } }];
  await s.recorded('V1', { inputs, outputs: [made('V1', 'BRD-10', 10)] });
  await isRecorded('V1');
  expect((await s.violations('V1')).sort()).toEqual([
    'material-not-accepted',
    'operation-input-missing',
    'operation-unbalanced',
    'unit-not-convertible',
  ]);
  await s.recorded('V2', { inputs: [supplier('PCB-1', 1)], outputs: [made('V2', 'NO-SUCH', 1)] });
  await isRecorded('V2');
  expect(await s.violations('V2')).toEqual(['product-unknown', 'operation-unbalanced']);
  expect(await s.lot('V2')).toMatchObject({ product: 'NO-SUCH', kind: 'unknown', status: 'declared' });
});

test('consumption comes before the declaration: a placeholder stands in, and is merged', async () => {
  const name = { system: 'MES-SZ', code: 'B-EARLY' };
  const placeholder = placeholderLotId(name);
  await s.recorded('P-EARLY', { inputs: [mes('B-EARLY', 5)], outputs: [made('F-EARLY', 'IP-200', 5)] });
  await isRecorded('P-EARLY');
  expect(await s.violations('P-EARLY')).toContain('lot-unknown');
  expect(await s.lot('B-EARLY')).toMatchObject({ lot: placeholder, status: 'placeholder', aliases: [name] });
  await s.held('H-EARLY', [placeholder]);
  await s.recorded('B-EARLY', { inputs: boards('L-1042', 5), outputs: [made('B-EARLY', 'BRD-10', 5)] });
  await isRecorded('B-EARLY');
  const { lot, heldBy } = await s.lot('B-EARLY');
  expect(lot).toMatch(/^P-/);
  expect(heldBy).toEqual(['H-EARLY']);
  await until(async () => (await s.lot('F-EARLY')).heldBy.length === 1);
  await until(async () =>
    (await s.others.heard('mes-bridge.production-lot.v1')).some(
      (e) => e.type === 'LotAliasAssigned' && e.placeholder === placeholder && e.lot === lot,
    ),
  );
  expect((await s.call('GET', `/operations?lot=${lot}`)).body.items).toHaveLength(2);
});

test('a supplier lot that was consumed before it was known brings its holds to what was made of it', async () => {
  await s.recorded('B-NEW', {
    inputs: [supplier('L-NEW', 40), supplier('PCB-1', 10)],
    outputs: [made('B-NEW', 'BRD-10', 10)],
  });
  await isRecorded('B-NEW');
  await s.held('H-NEW', ['M-L-NEW']);
  expect((await s.lot('B-NEW')).heldBy).toEqual([]);
  await s.received('L-NEW', 'CAP-100');
  await until(async () => (await s.lot('B-NEW')).heldBy.includes('H-NEW'));
});

test('a lot that was held under a name nobody had used here is held from its declaration on', async () => {
  const supplierName = { system: 'supplier:SUP-HX', code: 'L-AWAITED' };
  const [ours, bought] = [placeholderLotId({ system: 'MES-SZ', code: 'B-AWAITED' }), placeholderLotId(supplierName)];
  await s.held('H-AWAITED', [ours, bought]);
  await s.recorded('B-AWAITED', { inputs: boards('L-1042', 1), outputs: [made('B-AWAITED', 'BRD-10', 1)] });
  await isRecorded('B-AWAITED');
  expect((await s.lot('B-AWAITED')).heldBy).toEqual(['H-AWAITED']);
  await s.received('L-AWAITED', 'CAP-100');
  await until(async () => (await s.startCheck('BRD-10', boards('L-AWAITED', 1))).reasons[0]?.code === 'lot-on-hold');
});

test('a hold stops the line; what was made of it all the same is flagged and born held, late inputs included', async () => {
  await s.received('L-HELD', 'CAP-100');
  await s.recorded('B-LATE', { inputs: [supplier('PCB-1', 10)], outputs: [made('B-LATE', 'BRD-10', 10)] });
  await isRecorded('B-LATE');
  expect(await s.violations('B-LATE')).toEqual(['operation-input-missing']);
  await until(async () => (await s.startCheck('BRD-10', boards('L-HELD', 1))).answer === 'go');
  await s.held('H-1', ['M-L-HELD']);
  await until(async () => (await s.startCheck('BRD-10', boards('L-HELD', 1))).reasons[0]?.code === 'lot-on-hold');
  expect(await s.startCheck('BRD-10', boards('L-HELD', 1))).toEqual({
    answer: 'stop',
    reasons: [{ code: 'lot-on-hold', lot: 'M-L-HELD', detail: 'H-1' }],
  });
  await s.recorded('B-HELD', { inputs: boards('L-HELD', 10), outputs: [made('B-HELD', 'BRD-10', 10)] });
  await isRecorded('B-HELD');
  expect(await s.violations('B-HELD')).toEqual(['lot-on-hold']);
  expect((await s.lot('B-HELD')).heldBy).toEqual(['H-1']);

  await s.consumed('B-LATE', supplier('L-HELD', 40));
  await until(async () => (await s.lot('B-LATE')).heldBy.includes('H-1'));
  expect(await s.violations('B-LATE')).toEqual(['lot-on-hold']);
  const late = (await s.others.heard('mes-bridge.operation.v1')).filter((e) => e.type === 'OperationInputAdded');
  expect(late).toContainEqual(expect.objectContaining({ outputs: [expect.objectContaining({ quantity: ea(10) })] }));
});

test('parts of an operation come before the whole', async () => {
  await s.consumed('B-PART', supplier('L-1042', 40));
  await s.produced('B-PART', made('B-PART', 'BRD-10', 4));
  await until(async () => (await s.operation('B-PART')).outputs?.length === 1);
  expect(await s.operation('B-PART')).toMatchObject({ status: 'partial', circumstances: null, violations: [] });
  await s.recorded('B-PART', { inputs: [supplier('PCB-1', 10)], outputs: [made('B-PART', 'BRD-10', 6)] });
  await isRecorded('B-PART');
  expect(await s.violations('B-PART')).toEqual([]);
  expect((await s.operation('B-PART')).outputs).toHaveLength(2);
});

test('a void takes an operation out and names what replaces it; what is said of it later counts for nothing', async () => {
  await s.recorded('W1', { inputs: boards('L-1042', 1), outputs: [made('W1', 'BRD-10', 1)] });
  await s.voided('W1', 'W2');
  await until(async () => (await status('W1')()) === 'voided');
  const { operation, replacedBy } = await s.operation('W1');
  expect([operation, replacedBy]).toEqual(['OP-MES-SZ:W1', 'OP-MES-SZ:W2']);
  await s.consumed('W1', supplier('L-HELD', 4));
  await until(async () => (await s.violations('W1')).includes('operation-voided'));
  expect((await s.lot('W1')).heldBy).toEqual([]);
});

test('the line is stopped by what is pending, unknown, not of the bill, or missing', async () => {
  const codes = async (inputs: ReturnType<typeof boards>, of = 'BRD-10') =>
    (await s.startCheck(of, inputs)).reasons.map((r) => r.code);
  await until(async () => (await codes(boards('L-1050', 1)))[0] === 'material-not-accepted');
  expect(await codes(boards('L-NOBODY', 1))).toEqual(['lot-unknown', 'component-missing']);
  expect(await codes([supplier('L-1042', 4)])).toEqual(['component-missing']);
  expect(await codes(boards('L-1042', 1), 'IP-200')).toEqual([
    'item-not-in-bom',
    'item-not-in-bom',
    'component-missing',
  ]);
  expect(await codes(boards('L-1042', 1), 'NO-SUCH')).toEqual(['product-unknown']);
});

test('the same name declared many times at once is one lot', async () => {
  const aliases = [{ system: 'MES-SZ', code: 'F-MANY' }];
  const declare = (over: object = {}) =>
    s.call('POST', '/production-lots', { product: 'IP-200', site: 'SZ1', aliases, ...over });
  const answers = await Promise.all(Array.from({ length: 6 }, () => declare()));
  expect(new Set(answers.map(({ status: code }) => code))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.lot)).size).toBe(1);
  expect((await declare({ product: 'BRD-10' })).body.code).toBe('lot-already-declared');
  expect((await declare({ product: 'NO-SUCH' })).body.code).toBe('product-unknown');
  expect((await declare({ aliases: [...aliases, { system: 'MES-SZ', code: 'F1' }] })).body.code).toBe(
    'lots-of-several-names',
  );
  expect((await declare({ aliases: [{ system: 'supplier:SUP-HX', code: 'L-1042' }] })).body.code).toBe(
    'lot-of-supplier',
  );
  await s.recorded('P-MANY', { inputs: [mes('B1', 1)], outputs: [made('F-MANY', 'BRD-10', 1)] });
  await isRecorded('P-MANY');
  expect(await s.violations('P-MANY')).toContain('output-product-other');
});

test('bad input gets its code', async () => {
  const refused = async (path: string, body: unknown) => (await s.call('POST', path, body)).body.code;
  const pump = product('IP-200', 'finished', [], '09520123456788');
  expect(await refused('/products', pump)).toBe('product-revision-already-specified');
  expect(await refused('/products', { ...pump, revision: 'B', unit: 'KGM' })).toBe('product-unit-and-kind-fixed');
  expect(await refused('/products', { ...pump, product: 'IP-300', gtin: '09520123456789' })).toBe('gtin-invalid');
  const machine = { equipment: 'SMT-1', version: '1', name: 'Line 1', site: 'SZ1' };
  expect((await s.call('POST', '/equipment', machine)).status).toBe(201);
  expect(await refused('/equipment', machine)).toBe('equipment-version-already-registered');
  expect((await s.call('GET', '/production-lots/F-SZ1-261101-99999')).body.code).toBe('production-lot-unknown');
  expect((await s.call('GET', '/operations/OP-NONE')).body.code).toBe('operation-unknown');
  expect((await s.call('GET', '/products/NO-SUCH')).body.code).toBe('product-unknown');
  expect((await s.call('GET', '/equipment/NO-SUCH')).body.code).toBe('equipment-unknown');
});

test('no command passes without a good token, a permission, a body that fits and a key of its own', async () => {
  const lot = (code: string) => ({ product: 'IP-200', site: 'SZ1', aliases: [{ system: 'MES-SZ', code }] });
  expect(await s.refusals({ path: '/production-lots', body: lot('T1'), other: lot('T2') })).toEqual(REFUSED);
});

test.each([
  ['less than nothing', { value: '-1', unit: 'EA' }, 'quantity-invalid'],
  ['nothing', { value: '0', unit: 'EA' }, 'quantity-invalid'],
  ['no number', { value: 'many', unit: 'EA' }, 'body-invalid'],
  ['no unit', { value: '1', unit: 'pieces' }, 'body-invalid'],
])('%s starts nothing', async (_, quantity, code) => {
  const inputs = [{ lot: { system: 'MES-SZ', code: 'B1' }, quantity }];
  const asked = { workOrder: 'WO-1', site: 'SZ1', product: 'IP-200', inputs };
  expect((await s.call('POST', '/start-checks', asked)).body.code).toBe(code);
});

test('nothing is out of balance in silence, and nothing came to be without the holds of its inputs', async () => {
  const { invariants } = (await s.call('GET', '/operations/invariants')).body;
  expect(invariants).toEqual([
    { invariant: 'quantity-conserved-through-every-operation-or-told', violators: [] },
    { invariant: 'no-output-without-the-holds-of-its-inputs', violators: [] },
    { invariant: 'no-fact-is-kept-waiting', violators: [] },
  ]);
});

test('its documentation is there, and every code has words in two languages', async () => {
  expect((await s.call('GET', '/openapi.json')).status).toBe(200);
  expect(await faultyMessages(new URL('../src/', import.meta.url), { ...platformMessages, ...messages })).toEqual([]);
});
