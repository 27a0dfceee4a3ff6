import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { placeholderLotId } from '@lotwarden/platform/ids';
import { until } from '@lotwarden/platform/testing/until';
import { ea, line, serials } from '../../test/goods.ts';
import { openWorld, type World } from '../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.keepOpen();
}, 60_000);
afterAll(() => world.close());

const codes = async (shipment: string) =>
  ((await world.call('GET', `/shipments/${shipment}`)).body.violations ?? []).map(({ code }) => code);
const published = async (lot: string) =>
  (await world.others.heard('warehouse.stock.v1')).filter((event) => event.lot === lot);
/** Waits for a lot to be said on this topic after everything that was said before. */
const settled = (lot: string, sum: number) => until(async () => world.total(await world.stock(lot)) === sum);

test('a held lot that was shipped all the same is told with what it broke; the same message twice is one', async () => {
  const { tell, stock, total, others } = world;
  await world.finished('F-1', 20);
  await tell.held('H-1', ['F-1']);
  await tell.shipped('W-1', [line('F-1', 25)], {}, 'same');
  await tell.shipped('W-1', [line('F-1', 25)], {}, 'same');
  await tell.shipped('W-1', [line('F-1', 25)], {}, 'other');
  await tell.shipped('W-2', [line('F-1', 1)]);
  await settled('F-1', -31);
  const broken = ['lot-on-hold', 'stock-negative'];
  expect(await codes('W-1')).toEqual([...broken, 'line-told-again', ...broken]);
  expect(world.at(await stock('F-1'), 'SHIPPING')).toBe('-31');
  const said = async () => (await others.heard('warehouse.shipment.v1')).filter(({ shipment }) => shipment === 'W-1');
  await until(async () => (await said()).length >= 2);
  const told = await said();
  const each = { origin: 'fact', custodian: 'DIST', lines: [{ lot: 'F-1', quantity: ea(25) }] };
  expect(told).toMatchObject([each, each]);
  expect(total(await stock('F-1'))).toBe(-31);
  const { body } = await world.call('GET', '/operations/invariants');
  expect(body.invariants?.map(({ violators }) => violators.length > 0)).toEqual([false, true, false, true, false]);
  expect(body.invariants?.at(-1)?.invariant).toBe('no-fact-is-kept-waiting');
});

test('what an operation makes is born with the holds of its inputs, of a late input too', async () => {
  const { tell, stock } = world;
  for (const lot of ['M-A', 'M-B', 'M-C']) await tell.received(lot, 10);
  for (const lot of ['F-2', 'F-3']) await tell.declared(lot);
  await settled('M-C', 10);
  await tell.held('H-A', ['M-A']);
  await tell.held('H-B', ['M-B']);
  await tell.operation('OP-2', [line('M-A', 5)], [line('F-2', 5)]);
  await settled('F-2', 5);
  expect((await stock('F-2')).heldBy).toEqual(['H-A']);
  await tell.inputAdded('OP-2', line('M-B', 2), [line('F-2', 5)]);
  await settled('M-B', 8);
  expect((await stock('F-2')).heldBy).toEqual(['H-A', 'H-B']);
  await tell.outputAdded('OP-2', line('F-3', 1));
  await settled('F-3', 1);
  expect((await stock('F-3')).heldBy).toEqual(['H-A', 'H-B']);
});

test('parts of an operation that come before the whole are booked once, with it', async () => {
  const { tell, stock } = world;
  await tell.received('M-D', 10);
  await tell.declared('F-4');
  await tell.inputAdded('OP-4', line('M-D', 2), []);
  await tell.operation('OP-4', [line('M-D', 2), line('M-D', 3)], [line('F-4', 5)]);
  await settled('F-4', 5);
  await settled('M-D', 5);
  expect((await stock('M-D')).heldBy).toEqual([]);
});

test('a void takes back exactly what the operation did, without an adjustment', async () => {
  const { tell, stock, at } = world;
  await tell.received('M-E', 10);
  await tell.declared('F-5');
  await settled('M-E', 10);
  await tell.operation('OP-5', [line('M-E', 4)], [line('F-5', 2, { serials: serials(501, 502) })]);
  await settled('F-5', 2);
  await tell.voided('OP-5');
  await settled('F-5', 0);
  await settled('M-E', 10);
  expect(at(await stock('M-E'), 'DOCK')).toBe('10');
  expect((await stock('F-5')).serials).toEqual([]);
  const said = (await published('M-E')).flatMap((e) => ('cause' in e ? `${e.type} ${e.cause.kind}` : e.type));
  expect(said.slice(-2)).toEqual(['StockIssued operation', 'StockReceived void']);
  // Units that went in and came out again are all here afterwards.
  await world.finished('F-6', 3);
  await tell.commissioned('F-6', 601, 603);
  await until(async () => (await stock('F-6')).serials?.length === 1);
  await tell.operation(
    'OP-6',
    [line('F-6', 3, { serials: serials(601, 603) })],
    [line('F-6', 2, { serials: serials(601, 602) }), line('F-6b', 1, { serials: serials(603, 603) })],
    { kind: 'split' },
  );
  await until(async () => world.total(await stock('F-6')) === 2);
  expect((await stock('F-6')).serials).toEqual(serials(601, 602));
  await tell.voided('OP-6');
  await settled('F-6', 3);
  expect((await stock('F-6')).serials).toEqual(serials(601, 603));
  expect((await stock('F-6b')).serials).toEqual([]);
});

test('scrap leaves, taken in or from the shelf', async () => {
  const { tell } = world;
  await tell.received('M-F', 10);
  await settled('M-F', 10);
  await tell.operation('OP-7', [line('M-F', 1)], [], { kind: 'scrap', scrap: [line('M-F', 1)] });
  await tell.operation('OP-8', [], [], { kind: 'scrap', scrap: [line('M-F', 2)] });
  await settled('M-F', 7);
  expect((await published('M-F')).filter(({ type }) => type === 'StockScrapped')).toHaveLength(2);
});

test('goods of a lot nobody knows are shipped, held and returned under a placeholder until it has a name', async () => {
  const { tell, stock, at } = world;
  const placeholder = placeholderLotId({ system: 'WMS', code: 'X77' });
  await tell.shipped('W-3', [line('WMS:X77', 3, { serials: serials(701, 703) })]);
  await tell.wms({
    type: 'GoodsReturned',
    return: 'RW-3',
    from: 'DIST',
    lines: [{ lot: { system: 'WMS', code: 'X77' }, quantity: ea(1), serials: serials(702, 702), containers: [] }],
    unidentified: [],
    note: null,
  });
  await settled(placeholder, -2);
  expect(await codes('W-3')).toEqual(['lot-unknown', 'stock-negative']);
  await tell.held('H-X', [placeholder]);
  await world.finished('F-7', 10);
  await tell.named('F-7', 'X77', placeholder);
  await settled('F-7', 8);
  const known = await stock('F-7');
  expect(known).toMatchObject({ heldBy: ['H-X'], quarantined: serials(702, 702) });
  expect([at(known, 'SHIPPING'), at(known, 'QUARANTINE')]).toEqual(['-3', '1']);
  expect((await stock(placeholder)).buckets).toEqual([]);
  expect((await published('F-7')).some(({ type }) => type === 'StockAdjusted')).toBe(false);
  // Serials that are told late do not bring back what left, and a fact under the old name finds the lot.
  await tell.commissioned('F-7', 701, 710);
  await until(async () => (await stock('F-7')).serials?.length === 2);
  expect((await stock('F-7')).serials).toEqual([...serials(702, 702), ...serials(704, 710)]);
  await tell.shipped('W-4', [line(placeholder, 1, { serials: serials(704, 704) })]);
  await settled('F-7', 7);
  const free = await world.call(
    'POST',
    '/shipments',
    world.shipment([{ lot: 'F-7', quantity: ea(1), serials: serials(705, 705) }]),
  );
  expect(free.body.code).toBe('lot-on-hold');
});

test('goods that were reported before they were received become right later', async () => {
  const { tell, stock, at } = world;
  await tell.shipped('W-5', [line('F-8', 2)]);
  await settled('F-8', -2);
  await world.finished('F-8', 10);
  const ask = (n: number) => world.call('POST', '/shipments', world.shipment([{ lot: 'F-8', quantity: ea(n) }]));
  expect((await ask(9)).body.code).toBe('quantity-not-available');
  expect((await ask(8)).status).toBe(201);
  expect(world.total(await stock('F-8'))).toBe(0);
  await tell.wms({
    type: 'GoodsMoved',
    lot: { system: 'lotwarden', code: 'F-8' },
    quantity: ea(2),
    fromLocation: 'FINISHED',
    toLocation: 'SHIPPING',
  });
  await until(async () => (await stock('F-8')).buckets?.length === 0);
  expect(at(await stock('F-8'), 'SHIPPING')).toBeUndefined();
});

test('what the WMS destroyed, moved or shipped to somebody else is told', async () => {
  const { tell, stock, at, others } = world;
  await world.finished('F-9', 10);
  await tell.wms({
    type: 'GoodsMoved',
    lot: { system: 'lotwarden', code: 'F-9' },
    quantity: ea(4),
    fromLocation: 'FINISHED',
    toLocation: 'QUARANTINE',
  });
  await until(async () => at(await stock('F-9'), 'QUARANTINE') === '4');
  await tell.wms({
    type: 'GoodsDestroyed',
    destruction: 'DW-1',
    location: 'QUARANTINE',
    witness: 'li',
    lines: [{ lot: { system: 'lotwarden', code: 'F-9' }, quantity: ea(4), serials: [], containers: [] }],
  });
  await settled('F-9', 6);
  expect((await world.call('GET', '/destructions?lot=F-9')).body.items).toHaveLength(1);
  await world.call('POST', '/shipments', world.shipment([{ lot: 'F-9', quantity: ea(2) }], { shipment: 'S-9' }));
  await tell.shipped('S-9', [line('F-9', 2)], { custodian: 'OTHER' });
  await until(async () => (await codes('S-9')).includes('shipment-to-other-consignee'));
  expect(world.total(await stock('F-9'))).toBe(4);
  const told = async () =>
    (await others.heard('warehouse.shipment.v1'))
      .filter(({ shipment }) => shipment === 'S-9')
      .map(({ custodian }) => custodian);
  await until(async () => (await told()).length === 2);
  expect(await told()).toEqual(['DIST', 'OTHER']);
});
