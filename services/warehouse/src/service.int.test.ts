import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acknowledgedAt } from '@lotwarden/platform/gate';
import { platformMessages } from '@lotwarden/platform/messages';
import { faultyMessages } from '@lotwarden/platform/testing/messages';
import { until } from '@lotwarden/platform/testing/until';
import { ea, line, serials } from '../test/goods.ts';
import { openWorld, type World } from '../test/world.ts';
import { messages } from './messages.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const ship = (lines: readonly object[], over: object = {}) =>
  world.call('POST', '/shipments', world.shipment(lines, over));

test('a gate that has heard no tick lets nothing pass', async () => {
  await world.finished('F-GATE', 5);
  expect(await ship([{ lot: 'F-GATE', quantity: ea(1) }])).toMatchObject({
    status: 503,
    body: { code: 'gate-closed' },
  });
  world.keepOpen();
  await until(async () => (await ship([{ lot: 'F-GATE', quantity: ea(1) }], { shipment: 'S-0' })).status === 201);
});

test('from the dock to the customer: received, accepted, issued, made, released, packed, shipped', async () => {
  const { tell, stock, at, call } = world;
  await tell.received('M-1', 100);
  await until(async () => (await stock('M-1')).status === 'pending');
  const issue = () => call('POST', '/stock/M-1/issues', { quantity: ea(60), location: 'STORE', workOrder: 'WO-1' });
  expect((await issue()).body.code).toBe('lot-not-accepted');
  await tell.accepted('M-1');
  await tell.putAway('M-1', 100);
  await until(async () => at(await stock('M-1'), 'STORE') === '100');
  expect(await issue()).toMatchObject({ status: 201 });
  expect(at(await stock('M-1'), 'LINE')).toBe('60');
  // The operation is heard before its product: what it made lies finished all the same.
  await tell.operation('OP-1', [line('M-1', 50)], [line('F-1', 25)]);
  await until(async () => at(await stock('M-1'), 'LINE') === '10');
  await tell.declared('F-1');
  await until(async () => at(await stock('F-1'), 'FINISHED') === '25');
  expect((await ship([{ lot: 'F-1', quantity: ea(1) }])).body.code).toBe('lot-not-released');
  await tell.released('F-1');
  await tell.commissioned('F-1', 1, 25);
  await until(async () => (await stock('F-1')).serials?.length === 1 && (await stock('F-1')).markets?.length === 1);
  expect((await ship([{ lot: 'F-1', quantity: ea(1) }])).body.code).toBe('serials-required');
  expect((await ship([{ lot: 'F-1', quantity: ea(2), serials: serials(24, 26) }])).body.code).toBe(
    'serial-count-mismatch',
  );
  expect((await ship([{ lot: 'F-1', quantity: ea(2), serials: serials(25, 26) }])).body.code).toBe(
    'serial-not-in-custody',
  );
  const contents = [line('F-1', 10, { serials: serials(1, 10) })];
  await tell.packed('C-1', contents);
  const boxed = { lot: 'F-1', quantity: ea(10), containers: ['C-1'] };
  await until(async () => (await ship([boxed])).body.code === 'container-not-sealed');
  expect((await ship([{ ...boxed, containers: ['C-9'] }])).body.code).toBe('container-unknown');
  await tell.sealed('C-1', contents);
  await until(async () => (await ship([{ ...boxed, quantity: ea(9) }])).body.code === 'container-contents-differ');
  const sent = await ship([boxed, { lot: 'F-1', quantity: ea(1), serials: serials(11, 11) }], { shipment: 'S-1' });
  expect(sent).toMatchObject({ status: 201, body: { shipment: 'S-1', violations: [] } });
  expect(sent.body.lines).toEqual([{ lot: 'F-1', quantity: ea(11), serials: serials(1, 11), containers: ['C-1'] }]);
  expect(await stock('F-1')).toMatchObject({ serials: serials(12, 25) });
  const again = await ship([boxed, { lot: 'F-1', quantity: ea(1), serials: serials(11, 11) }], { shipment: 'S-1' });
  expect(again).toMatchObject({ status: 201, body: { shipment: 'S-1' } });
  expect((await ship([boxed], { shipment: 'S-1' })).body.code).toBe('shipment-already-dispatched');
  expect(at(await stock('F-1'), 'FINISHED')).toBe('14');
  // The WMS reports what it was told to do: that confirms it, and more than that is more.
  await tell.shipped('S-1', [line('F-1', 11, { serials: serials(1, 11) })]);
  await tell.shipped('S-1', [line('F-1', 12, { serials: serials(1, 12) })]);
  await until(async () => at(await stock('F-1'), 'FINISHED') === '13');
  expect((await call('GET', '/shipments/S-1')).body.lines).toHaveLength(2);
});

test('what is held does not go, by itself or with others; the next lot does', async () => {
  const { tell, stock, call, at } = world;
  for (const lot of ['F-H1', 'F-H2']) await world.finished(lot, 20);
  await tell.commissioned('F-H2', 101, 120);
  await until(async () => (await stock('F-H2')).serials?.length === 1);
  await tell.held('H-1', ['F-H1']);
  await tell.held('H-2', ['F-H2'], { mode: 'only', ranges: serials(101, 105) });
  expect((await stock('F-H1')).heldBy).toEqual(['H-1']);
  const held = await ship([{ lot: 'F-H1', quantity: ea(1) }]);
  expect(held).toMatchObject({ status: 409, body: { code: 'lot-on-hold' } });
  const free = { lot: 'F-H2', quantity: ea(2), serials: serials(106, 107) };
  expect((await ship([{ lot: 'F-H2', quantity: ea(2), serials: serials(105, 106) }])).body.code).toBe('lot-on-hold');
  expect((await ship([free, { lot: 'F-H1', quantity: ea(1) }])).body.code).toBe('lot-on-hold');
  expect(at(await stock('F-H2'), 'FINISHED')).toBe('20');
  expect(await ship([free])).toMatchObject({ status: 201 });
  const move = (to: string, order?: string) =>
    call('POST', '/stock/F-H1/moves', { from: 'FINISHED', to, quantity: ea(20), ...(order ? { order } : {}) });
  expect((await move('SHIPPING')).body.code).toBe('lot-on-hold');
  expect((await move('SHIPPING', 'MO-1')).body.code).toBe('lot-on-hold');
  expect((await move('QUARANTINE')).body.code).toBe('lot-on-hold');
  expect((await move('QUARANTINE', 'MO-1')).body.code).toBe('order-unknown');
  const goods = { lot: 'F-H1', quantity: ea(20), purpose: 'quarantine', destination: 'quarantine', to: 'QUARANTINE' };
  await world.ordered('MO-1', goods);
  expect((await move('QUARANTINE', 'MO-1')).status).toBe(201);
  const back = await call('POST', '/stock/F-H1/moves', { from: 'QUARANTINE', to: 'FINISHED', quantity: ea(1) });
  expect(back.body.code).toBe('quarantine-needs-order');
  expect(
    (await call('POST', '/stock/F-H1/adjustments', { quantity: ea(-1), location: 'QUARANTINE', reason: 'count' })).body
      .code,
  ).toBe('lot-on-hold');
  const destroyed = { site: 'SZ1', location: 'QUARANTINE', lines: [{ lot: 'F-H1', quantity: ea(20) }] };
  type Over = { signer?: string; meaning?: string; sites?: string[] };
  const witnessed = async (asked: object, over: Over = {}) => {
    const { body } = await call('POST', '/destruction-records', asked);
    if (!body.record) throw new Error('no record');
    return { ...asked, destruction: body.destruction, signature: world.sign(body.record, { signer: 'li', meaning: 'witness', ...over }) }; // prettier-ignore
  };
  const destroy = async (asked: object, over?: Over) => call('POST', '/destructions', await witnessed(asked, over));
  // 11.200: not by a token alone, not witnessed by whoever does it, not by a signature on other goods.
  expect(await call('POST', '/destructions', { ...destroyed, destruction: 'D-0' })).toMatchObject({ status: 400 });
  expect((await destroy(destroyed, { signer: 'zhao' })).body.code).toBe('signature-by-author');
  expect((await destroy(destroyed, { meaning: 'release' })).body.code).toBe('signature-meaning-other');
  expect((await destroy(destroyed, { sites: ['CD1'] })).body.code).toBe('site-not-yours');
  const other = { ...(await witnessed(destroyed)), lines: [{ lot: 'F-H1', quantity: ea(2) }] };
  expect((await call('POST', '/destructions', other)).body.code).toBe('signature-for-another-record');
  expect((await destroy(destroyed)).body.code).toBe('lot-on-hold');
  await world.ordered('MO-2', { ...goods, purpose: 'destruction', destination: 'destruction', to: 'FURNACE' });
  const byOrder = { ...destroyed, destruction: 'D-1', order: 'MO-2' };
  const seen = { account: 'li', meaning: { code: 'witness', en: 'Witnessed' }, ofCurrentVersion: true, holds: true };
  expect(await destroy(byOrder)).toMatchObject({ status: 201, body: { witness: 'li', signatures: [seen] } });
  expect(await destroy(byOrder)).toMatchObject({ status: 201 });
  expect((await destroy({ ...destroyed, order: 'MO-2' })).body.code).toBe('quantity-not-available');
  expect((await stock('F-H1')).buckets).toEqual([]);
});

test('11.10(d): goods are sent and told as delivered for markets that somebody is bound to', async () => {
  await world.finished('F-M', 10);
  const by = (markets: string[], path: string, body: object) => world.call('POST', path, body, ['shipping-lead'], { markets }); // prettier-ignore
  const send = (markets: string[]) => by(markets, '/shipments', world.shipment([{ lot: 'F-M', quantity: ea(2) }], { shipment: 'S-M', market: 'CN' })); // prettier-ignore
  expect(await send(['US'])).toMatchObject({ status: 403, body: { code: 'market-not-yours' } });
  expect(await send(['US', 'CN'])).toMatchObject({ status: 201 });
  const deliver = (markets: string[]) => by(markets, '/shipments/S-M/deliveries', {});
  expect(await deliver(['US'])).toMatchObject({ status: 403, body: { code: 'market-not-yours' } });
  expect((await deliver(['CN'])).status).toBe(201);
});

test('of two shipments for the last units one wins', async () => {
  await world.finished('F-LAST', 10);
  const answers = await Promise.all(
    ['S-A', 'S-B', 'S-C'].map((shipment) => ship([{ lot: 'F-LAST', quantity: ea(10) }], { shipment })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  expect(answers.filter(({ body }) => body.code === 'quantity-not-available')).toHaveLength(2);
  expect((await world.stock('F-LAST')).buckets).toEqual([]);
});

test('what comes back is in quarantine and does not go out again', async () => {
  const { call, stock, tell, at } = world;
  await world.finished('F-R', 10);
  await tell.commissioned('F-R', 201, 210);
  await until(async () => (await stock('F-R')).serials?.length === 1);
  await ship([{ lot: 'F-R', quantity: ea(4), serials: serials(201, 204) }], { shipment: 'S-R' });
  const returned = { return: 'R-1', site: 'SZ1', from: 'DIST', unidentified: ['smudged label'] };
  const lines = [{ lot: 'F-R', quantity: ea(1), serials: serials(202, 202) }];
  expect((await call('POST', '/returns', { ...returned, lines: [{ lot: 'F-NO', quantity: ea(1) }] })).body.code).toBe(
    'lot-unknown',
  );
  expect(await call('POST', '/returns', { ...returned, lines })).toMatchObject({
    status: 201,
    body: { violations: [] },
  });
  expect(await call('POST', '/returns', { ...returned, lines })).toMatchObject({ status: 201 });
  expect((await call('POST', '/returns', { ...returned, lines: [{ ...lines[0], quantity: ea(2) }] })).body.code).toBe(
    'return-already-received',
  );
  const known = await stock('F-R');
  expect([at(known, 'QUARANTINE'), known.quarantined]).toEqual(['1', serials(202, 202)]);
  expect((await ship([{ lot: 'F-R', quantity: ea(1), serials: serials(202, 202) }])).body.code).toBe(
    'serial-in-quarantine',
  );
});

test('what gets another label at a custodian leaves no shelf and comes to none, under neither name', async () => {
  const { stock, tell, at } = world;
  await world.finished('F-OUT', 10);
  await tell.commissioned('F-OUT', 301, 310);
  await until(async () => (await stock('F-OUT')).serials?.length === 1);
  await ship([{ lot: 'F-OUT', quantity: ea(4), serials: serials(301, 304) }], { shipment: 'S-OUT' });
  const units = [line('F-OUT', 2, { serials: serials(301, 302) })];
  await tell.operation('OP-FRL', units, [line('F-OUT-N', 2, { serials: serials(401, 402) })], {
    kind: 'field-relabel',
  });
  await tell.declared('F-OUT-N');
  await tell.commissioned('F-OUT-N', 401, 403);
  await until(async () => (await stock('F-OUT-N')).serials?.length === 1);
  expect(await stock('F-OUT-N')).toMatchObject({ buckets: [], serials: serials(403, 403) });
  expect(at(await stock('F-OUT'), 'FINISHED')).toBe('6');
});

test('stock is listed place by place, in pages', async () => {
  await world.tell.received('M-PAGE', 40);
  await until(async () => (await world.stock('M-PAGE')).status === 'pending');
  await world.tell.accepted('M-PAGE');
  await until(async () => (await world.stock('M-PAGE')).status === 'accepted');
  for (const to of ['STORE', 'LABORATORY', 'LINE'])
    await world.call('POST', '/stock/M-PAGE/moves', { from: 'DOCK', to, quantity: ea(10) });
  const seen: string[] = [];
  for (let cursor = ''; ;) {
    const { body } = await world.call('GET', `/stock?lot=M-PAGE&limit=3${cursor}`);
    seen.push(...(body.items ?? []).map(({ location }) => location));
    if (body.next == null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(seen).toEqual(['DOCK', 'LABORATORY', 'LINE', 'STORE']);
  expect((await world.call('GET', '/stock?site=SZ1&location=LABORATORY&item=CAP-100')).body.items).toHaveLength(1);
  expect(
    (await world.call('POST', '/stock/M-PAGE/adjustments', { quantity: ea(-11), location: 'DOCK', reason: 'count' }))
      .body.code,
  ).toBe('quantity-not-available');
  expect(
    (await world.call('POST', '/stock/M-PAGE/adjustments', { quantity: ea(-1), location: 'DOCK', reason: 'count' }))
      .status,
  ).toBe(201);
});

test('the invariants hold, and one that is broken shows; every code has words in two languages', async () => {
  const broken = async () =>
    (await world.call('GET', '/operations/invariants')).body.invariants?.find(({ invariant }) =>
      invariant.startsWith('no-command'),
    )?.violators;
  expect(await broken()).toEqual([]);
  const lines = [line('F-H2', 1, { serials: serials(101, 101) }), line('F-H2', 1, { serials: serials(120, 120) })];
  const { incarnation = '', place: newest = -1 } = (await world.acknowledged()) ?? {};
  const [said] = await world.inDatabase((db) => acknowledgedAt(db, incarnation, ['H-2']));
  expect(said?.place).toBeLessThanOrEqual(newest);
  const forge = (_id: string, place: number, life = incarnation) =>
    world.forge({ _id, purpose: 'sale', lines, acknowledged: { incarnation: life, place } });
  await forge('S-BEFORE', (said?.place ?? 0) - 1);
  await forge('S-OTHER-LIFE', newest, 'another life of the database');
  await world.forge({ _id: 'S-NOTHING-SAID', purpose: 'sale', lines, acknowledged: null });
  expect(await broken()).toEqual([]);
  await forge('S-FORGED', said?.place ?? 0);
  expect(await broken()).toEqual([{ subject: 'S-FORGED', detail: 'F-H2 was held by H-2 when it was shipped' }]);
  expect((await world.call('GET', '/openapi.json')).status).toBe(200);
  expect(await faultyMessages(new URL('./', import.meta.url), { ...platformMessages, ...messages })).toEqual([]);
});
