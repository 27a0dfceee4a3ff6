import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lotwarden/platform/testing/until';
import { ea, line, serials } from '../../test/goods.ts';
import { openWorld, type World } from '../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.keepOpen();
  await open();
}, 60_000);
afterAll(() => world.close());

/** Waits for an answer that is no refusal for want of a tick or of holds that are still to be read. */
const open = () => until(async () => (await pick('S-NONE', [line('F-NONE', 1)])).body.code === 'lot-unknown');
const pick = (shipment: string, lines: readonly object[]) =>
  world.call('POST', '/picks', { shipment, site: 'SZ1', market: 'CN', lines });
const ship = (shipment: string, lines: readonly object[]) =>
  world.call('POST', '/shipments', world.shipment(lines, { shipment }));
const stages = async (lot: string) =>
  ((await world.stock(lot)).staged ?? []).map(({ shipment, stage, quantity }) => [shipment, stage, quantity.value]);

test('picked, packed, shipped, arrived; what was picked and stayed is free again', async () => {
  await world.finished('F-1', 10);
  await world.finished('F-2', 10);
  const lines = [line('F-1', 6), line('F-2', 3)];
  expect(await pick('S-1', lines)).toMatchObject({ status: 201, body: { lines: [{ lot: 'F-1' }, { lot: 'F-2' }] } });
  expect((await pick('S-1', lines)).status).toBe(201);
  expect((await pick('S-1', [line('F-1', 7)])).body.code).toBe('pick-already-made');
  expect((await ship('S-2', [line('F-1', 5)])).body.code).toBe('quantity-not-available');
  expect((await world.call('POST', '/picks/S-1/packs')).status).toBe(201);
  expect(await stages('F-1')).toEqual([['S-1', 'packed', '6']]);
  expect((await ship('S-1', [line('F-1', 5)])).status).toBe(201);
  expect((await pick('S-1', lines)).body.code).toBe('shipment-already-dispatched');
  expect([await stages('F-1'), await stages('F-2')]).toEqual([[['S-1', 'in-transit', '5']], []]);
  expect([world.at(await world.stock('F-1'), 'FINISHED'), world.total(await world.stock('F-2'))]).toEqual(['5', 10]);
  const there = await world.call('POST', '/shipments/S-1/deliveries', undefined, ['shipping-lead'], { sites: ['CD1'] });
  expect(there).toMatchObject({ status: 403, body: { code: 'site-not-yours' } }); // 11.10(d)
  expect((await world.call('POST', '/shipments/S-1/deliveries')).status).toBe(201);
  expect((await world.call('POST', '/shipments/S-1/deliveries')).status).toBe(201);
  expect((await world.call('POST', '/shipments/S-NO/deliveries')).body.code).toBe('shipment-unknown');
  expect(await stages('F-1')).toEqual([]);
});

test('of many who pick the last units one has them, and a pick is whole or nothing', async () => {
  await world.finished('F-3', 5);
  await world.finished('F-4', 50);
  const names = ['S-A', 'S-B', 'S-C', 'S-D'];
  const answers = await Promise.all(names.map((name) => pick(name, [line('F-4', 5), line('F-3', 5)])));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  expect(await stages('F-3')).toHaveLength(1);
  expect(await stages('F-4')).toHaveLength(1);
  expect(world.at(await world.stock('F-4'), 'FINISHED')).toBe('45');
});

test('a hold in the middle stops picking, packing and shipping; what was on its way is listed, to be stopped by phone', async () => {
  await world.finished('F-5', 20);
  await world.tell.commissioned('F-5', 501, 520);
  await until(async () => (await world.stock('F-5')).serials?.length === 1);
  const units = (first: number, last: number) => line('F-5', last - first + 1, { serials: serials(first, last) });
  expect((await pick('S-5', [units(501, 504)])).status).toBe(201);
  expect((await pick('S-6', [units(505, 506)])).status).toBe(201);
  expect((await pick('S-7', [units(507, 508)])).status).toBe(201);
  expect((await pick('S-8', [units(508, 509)])).body.code).toBe('serial-picked');
  await world.call('POST', '/picks/S-6/packs');
  expect((await ship('S-9', [units(510, 512)])).status).toBe(201);
  // Units 507 and 508 stay free.
  const ranges = [...serials(501, 506), ...serials(509, 520)];
  await world.tell.held('H-5', ['F-5'], { mode: 'only', ranges });
  await open();
  expect((await pick('S-10', [units(513, 514)])).body.code).toBe('lot-on-hold');
  expect((await world.call('POST', '/picks/S-5/packs')).body.code).toBe('lot-on-hold');
  expect((await ship('S-5', [units(501, 504)])).body.code).toBe('lot-on-hold');
  expect((await ship('S-6', [units(505, 506)])).body.code).toBe('lot-on-hold');
  expect((await ship('S-7', [units(507, 508)])).status).toBe(201);
  const { body } = await world.call('GET', '/in-flight?hold=H-5');
  const row = { lot: 'F-5', site: 'SZ1', bindingMode: 'inline', heldBy: ['H-5'] };
  expect(body.items).toEqual([
    expect.objectContaining({ ...row, shipment: 'S-5', stage: 'picked', quantity: ea(4) }),
    expect.objectContaining({ ...row, shipment: 'S-6', stage: 'packed', quantity: ea(2) }),
    expect.objectContaining({ ...row, shipment: 'S-9', stage: 'in-transit', quantity: ea(3) }),
  ]);
  expect((await world.call('GET', '/in-flight?lot=F-5&stage=packed')).body.items).toHaveLength(1);
  const said = (await world.others.heard('warehouse.gate.v1')).find((e) => e.type === 'HoldAcknowledged');
  expect(said).toMatchObject({ inFlight: [{ lot: 'F-5', picked: ea(6), packed: ea(2), inTransit: ea(3) }] });
  expect((await world.call('POST', '/picks/S-5/put-backs')).status).toBe(200);
  expect((await world.call('POST', '/picks/S-5/put-backs')).body.code).toBe('pick-unknown');
  expect(world.at(await world.stock('F-5'), 'FINISHED')).toBe('13');
});

test('pickers and a hold at the same time: whatever is held is not packed afterwards', async () => {
  await world.finished('F-6', 8);
  const names = ['S-11', 'S-12', 'S-13', 'S-14'];
  const [answers] = await Promise.all([
    Promise.all(names.map((name) => pick(name, [line('F-6', 2)]))),
    world.tell.held('H-6', ['F-6']),
  ]);
  await open();
  for (const { status, body } of answers)
    expect(['picked', 'lot-on-hold', 'gate-closed']).toContain(status === 201 ? 'picked' : body.code);
  const picked = answers.filter(({ status }) => status === 201).length;
  expect(await stages('F-6')).toHaveLength(picked);
  expect(world.total(await world.stock('F-6'))).toBe(8 - 2 * picked);
  expect((await pick('S-15', [line('F-6', 2)])).body.code).toBe('lot-on-hold');
});

test('a container goes under the seal that the papers name, or not at all', async () => {
  await world.finished('F-8', 10);
  await world.finished('F-9', 10);
  const contents = [line('F-8', 4), line('F-9', 2)];
  await world.tell.packed('C-8', contents);
  await world.tell.sealed('C-8', contents, 'first');
  const lines = contents.map((one) => ({ ...one, containers: ['C-8'] }));
  const send = (seals: readonly object[]) =>
    world.call('POST', '/shipments', world.shipment(lines, { shipment: 'S-20', seals }));
  const first = { container: 'C-8', digest: 'first' };
  await until(async () => (await send([{ ...first, digest: 'none' }])).body.code === 'seal-differs');
  expect((await send([{ ...first, version: 1 }])).body.code).toBe('seal-differs');
  const picked = { shipment: 'S-20', site: 'SZ1', market: 'CN', lines, seals: [first] };
  expect((await world.call('POST', '/picks', picked)).status).toBe(201);
  // Opened, and closed with as much in it: the papers speak of another seal.
  await world.tell.opened('C-8');
  await world.tell.packed('C-8', contents);
  await world.tell.sealed('C-8', contents, 'second');
  const second = { container: 'C-8', digest: 'second', version: 5 };
  await until(async () => (await send([{ ...second, version: 4 }])).body.detail?.includes('second (5)') === true);
  expect((await send([{ ...first, version: 2 }])).body.code).toBe('seal-differs');
  expect((await send([second])).status).toBe(201);
  expect(await stages('F-9')).toEqual([['S-20', 'in-transit', '2']]);
});

test('every lot in a sealed container is judged', async () => {
  await world.finished('F-10', 10);
  await world.finished('F-11', 10);
  const contents = [line('F-10', 4), line('F-11', 2)];
  await world.tell.packed('C-10', contents);
  await world.tell.sealed('C-10', contents);
  const lines = contents.map((one) => ({ ...one, containers: ['C-10'] }));
  await world.tell.held('H-10', ['F-11']);
  await open();
  await until(async () => (await ship('S-21', lines)).body.code === 'lot-on-hold');
  expect((await pick('S-21', lines)).body.code).toBe('lot-on-hold');
  expect(world.total(await world.stock('F-10'))).toBe(10);
});

test('a fact ships what was picked for it', async () => {
  await world.finished('F-7', 10);
  expect((await pick('W-7', [line('F-7', 6)])).status).toBe(201);
  await world.tell.shipped('W-7', [line('F-7', 4)]);
  await until(async () => (await stages('F-7')).some(([, stage]) => stage === 'in-transit'));
  expect(await stages('F-7')).toEqual([
    ['W-7', 'picked', '2'],
    ['W-7', 'in-transit', '4'],
  ]);
  await world.tell.shipped('W-7', [line('F-7', 2)]);
  await until(async () => (await stages('F-7')).length === 1);
  expect(await stages('F-7')).toEqual([['W-7', 'in-transit', '6']]);
  expect(world.at(await world.stock('F-7'), 'FINISHED')).toBe('4');
});
