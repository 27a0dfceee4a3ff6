import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lotwarden/platform/testing/until';
import { ea, line } from '../../test/goods.ts';
import { openWorld, type World } from '../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.keepOpen();
  await open();
}, 60_000);
afterAll(() => world.close());

const open = () =>
  until(async () => (await send('S-NONE', [line('F-NONE', 1)], { purpose: 'sale' })).body.code === 'lot-unknown');
const send = (shipment: string, lines: readonly object[], over: object = {}) =>
  world.call('POST', '/shipments', world.shipment(lines, { shipment, purpose: 'laboratory', ...over }));
const order = (lot: string, n: number, over: object = {}) => ({
  lot,
  quantity: ea(n),
  purpose: 'laboratory',
  destination: 'laboratory',
  to: 'DIST',
  ...over,
});
const left = async (lot: string) =>
  (
    (await world.call('GET', `/movement-orders?lot=${lot}`)).body.items as { left?: { value: string } }[] | undefined
  )?.map((one) => one.left?.value);

test('an order is signed by who may, for what it says, and sent by who signed', async () => {
  const { call, sign } = world;
  const asked = { ...order('F-0', 5), order: 'MO-0', site: 'SZ1', reason: 'to find the cause' };
  expect((await call('POST', '/movement-order-records', asked)).body.code).toBe('permission-missing');
  const { body } = await call('POST', '/movement-order-records', asked, ['recall-manager']);
  if (!body.record) throw new Error('no record to sign');
  const give = (over: object, by: { signer: string; meaning?: string } = { signer: 'zhao' }) =>
    call('POST', '/movement-orders', { ...asked, signature: sign(body.record as never, by), ...over }, [
      'recall-manager',
    ]);
  expect((await give({ quantity: ea(50) })).body.code).toBe('signature-for-another-record');
  expect((await give({}, { signer: 'zhao', meaning: 'release' })).body.code).toBe('signature-meaning-other');
  expect((await give({}, { signer: 'wang' })).body.code).toBe('signature-of-another-person');
  expect((await give({ signature: 'x'.repeat(30) })).body.code).toBe('signature-invalid');
  expect((await give({ destination: 'supplier' })).body.code).toBe('destination-not-for-purpose');
  expect((await give({})).status).toBe(201);
  expect((await give({})).status).toBe(201);
  expect(await left('F-0')).toEqual(['5']);
});

test('11.70: less than was signed may be ordered by the same signature, and is shown as an earlier version; more may not', async () => {
  const { call, sign } = world;
  const signed = { ...order('F-9', 50), order: 'MO-9', site: 'SZ1', reason: 'to find the cause' };
  const { body } = await call('POST', '/movement-order-records', signed, ['recall-manager']);
  const signature = sign(body.record as never, { signer: 'zhao' });
  const give = (over: object) => call('POST', '/movement-orders', { ...signed, signature, ...over }, ['recall-manager']); // prettier-ignore
  expect((await give({ quantity: ea(40) })).body.code).toBe('signature-for-another-record');
  for (const over of [
    { quantity: ea(51), signedQuantity: ea(50) },
    { quantity: ea(40), signedQuantity: ea(60) },
    { quantity: ea(40), signedQuantity: ea(50), reason: 'to sell them' },
    { quantity: ea(40), signedQuantity: ea(50), lot: 'F-8' },
  ])
    expect((await give(over)).body.code).toBe('signature-for-another-record');
  const given = await give({ quantity: ea(40), signedQuantity: ea(50) });
  expect(given).toMatchObject({ status: 201, body: { left: ea(40), signatures: [{ ofCurrentVersion: false, holds: true }] } }); // prettier-ignore
  const { body: listed } = await call('GET', '/movement-orders?lot=F-9');
  expect(listed.items).toMatchObject([{ signatures: [{ account: 'zhao', meaning: { zh: '下达移动指令' } }] }]);
});

test('held goods leave by an order only, as much as it says, to where it says', async () => {
  const { tell, ordered } = world;
  await world.finished('F-1', 20);
  await tell.held('H-1', ['F-1']);
  await open();
  expect((await send('S-1', [line('F-1', 5)])).body.code).toBe('order-missing');
  expect((await send('S-1', [line('F-1', 5)], { order: 'MO-1' })).body.code).toBe('order-unknown');
  await ordered('MO-1', order('F-1', 8));
  expect((await send('S-1', [line('F-1', 5)], { order: 'MO-1', shipTo: 'H9' })).body.code).toBe(
    'order-for-other-goods',
  );
  expect((await send('S-1', [line('F-1', 5)], { order: 'MO-1', purpose: 'return-to-supplier' })).body.code).toBe(
    'order-for-other-goods',
  );
  const pick = (n: number) =>
    world.call('POST', '/picks', {
      shipment: 'S-1',
      site: 'SZ1',
      market: 'CN',
      purpose: 'laboratory',
      order: 'MO-1',
      lines: [line('F-1', n)],
    });
  expect((await pick(9)).body.code).toBe('order-used-up');
  expect((await pick(5)).status).toBe(201);
  expect(await left('F-1')).toEqual(['8']);
  expect((await send('S-1', [line('F-1', 5)], { order: 'MO-1' })).status).toBe(201);
  expect((await send('S-1', [line('F-1', 5)], { order: 'MO-1' })).status).toBe(201);
  expect(await left('F-1')).toEqual(['3']);
  expect((await send('S-2', [line('F-1', 4)], { order: 'MO-1' })).body.code).toBe('order-used-up');
  // The invariant knows the order that was signed, and no other.
  const acknowledged = await world.acknowledged();
  await world.forge({ _id: 'S-F', purpose: 'laboratory', order: 'MO-NONE', lines: [line('F-1', 1)], acknowledged });
  const { body } = await world.call('GET', '/operations/invariants');
  expect(body.invariants?.[0]?.violators.map(({ subject }) => subject)).toEqual(['S-F']);
  expect((await send('S-2', [line('F-1', 3)], { purpose: 'sale', order: 'MO-1' })).body.code).toBe('lot-on-hold');
});

test('two who move by one order at the same time do not move more than it says', async () => {
  await world.finished('F-2', 20);
  await world.ordered('MO-2', order('F-2', 10));
  const names = ['S-A', 'S-B', 'S-C'];
  const answers = await Promise.all(names.map((name) => send(name, [line('F-2', 5)], { order: 'MO-2' })));
  expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([201, 201, 'order-used-up']);
  expect([await left('F-2'), world.total(await world.stock('F-2'))]).toEqual([['0'], 10]);
});

test('quarantine is left by order, for the place that it names', async () => {
  await world.finished('F-3', 10);
  const move = (from: string, to: string, by?: string) =>
    world.call('POST', '/stock/F-3/moves', { from, to, quantity: ea(4), ...(by ? { order: by } : {}) });
  expect((await move('FINISHED', 'QUARANTINE')).status).toBe(201);
  expect((await move('QUARANTINE', 'FINISHED')).body.code).toBe('quarantine-needs-order');
  await world.ordered('MO-3', order('F-3', 4, { purpose: 'leave-quarantine', destination: 'store', to: 'STORE' }));
  expect((await move('QUARANTINE', 'FINISHED', 'MO-3')).body.code).toBe('order-for-other-goods');
  expect((await move('QUARANTINE', 'STORE', 'MO-3')).status).toBe(201);
  expect(world.at(await world.stock('F-3'), 'STORE')).toBe('4');
});

test('what the WMS did with held goods uses up the order for it; without one it is a finding', async () => {
  const { tell } = world;
  await world.finished('F-4', 10);
  await tell.held('H-4', ['F-4']);
  const goods = { lot: { system: 'lotwarden', code: 'F-4' }, quantity: ea(3) };
  const destroyed = (destruction: string) =>
    tell.wms({
      type: 'GoodsDestroyed',
      destruction,
      location: 'FINISHED',
      witness: 'li',
      lines: [{ ...goods, serials: [], containers: [] }],
    });
  const found = async (destruction: string) =>
    (await world.call('GET', `/destructions/${destruction}`)).body.violations?.map(({ code }) => code);
  await destroyed('X-1');
  await until(async () => (await found('X-1'))?.join() === 'lot-on-hold');
  await world.ordered('MO-4', order('F-4', 3, { purpose: 'destruction', destination: 'destruction', to: 'FURNACE' }));
  await destroyed('X-2');
  await until(async () => (await found('X-2'))?.length === 0);
  expect(await left('F-4')).toEqual(['0']);
  await tell.wms({ type: 'GoodsMoved', ...goods, fromLocation: 'FINISHED', toLocation: 'QUARANTINE' });
  const moved = async () =>
    (await world.others.heard('warehouse.stock.v1')).find((e) => e.type === 'StockMoved' && e.lot === 'F-4');
  await until(async () => (await moved()) !== undefined);
  expect(await moved()).toMatchObject({ toLocation: 'QUARANTINE', violations: [{ code: 'lot-on-hold' }] });
});
