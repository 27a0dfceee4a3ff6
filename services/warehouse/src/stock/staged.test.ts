import { expect, test } from '@jest/globals';
import type { SerialRange } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import Big from 'big.js';
import fc from 'fast-check';
import { ea, line, serials } from '../../test/goods.ts';
import { reportOut, shipOut } from '../shipment/ship-out.ts';
import type { LocationKind } from '../site/site.ts';
import { inFlight } from './in-flight.ts';
import { mergeStock } from './merge-stock.ts';
import { arrived, packStock, pickStock, putBack } from './stage-stock.ts';
import { evolve, NO_STOCK, type Stock, type StockEvent } from './stock.ts';
import { shippable, takeAvailable } from './take-stock.ts';

const LOT = 'F-1';
const kind = (location: string): LocationKind =>
  location === 'SHIP' ? 'shipping' : location === 'FIN' ? 'finished' : 'quarantine';
const order = shippable(kind);
const cause = { kind: 'receipt', id: 'R-1' };
const received = (location: string, n: number, ranges: SerialRange[] = []): StockEvent => ({
  type: 'StockReceived',
  lot: LOT,
  quantity: ea(n),
  site: 'SZ1',
  location,
  serials: ranges,
  cause,
  violations: [],
});
const described: StockEvent = {
  type: 'StockStatusChanged',
  lot: LOT,
  item: 'IP-200',
  kind: 'finished',
  status: 'made',
  markets: ['CN'],
  cause,
};
const given = (...history: StockEvent[]) => givenEvents(NO_STOCK, evolve, [described, ...history]);
const after = (...history: StockEvent[]) => [described, ...history].reduce(evolve, NO_STOCK);
const picking = (n: number, shipment = 'S-1', ranges: SerialRange[] = []) => ({
  line: line(LOT, n, { serials: ranges }),
  site: 'SZ1',
  shipment,
});
const leaving = (n: number, shipment = 'S-1', ranges: SerialRange[] = []) => ({
  ...picking(n, shipment, ranges),
  destination: { market: 'CN', unreleased: false },
});
const free = ({ buckets }: Stock) => buckets.reduce((sum, b) => sum.plus(b.quantity.value), new Big(0)).toNumber();
const at = ({ staged }: Stock, ...stages: string[]) =>
  staged
    .filter(({ stage }) => stages.includes(stage))
    .reduce((sum, s) => sum.plus(s.quantity.value), new Big(0))
    .toNumber();

test('picked goods are nobody else’s; picking again is the same pick, another amount is not', () => {
  const stock = [received('FIN', 10), received('SHIP', 2)];
  const picked = pickStock(after(...stock), picking(5), order);
  given(...stock, ...picked)
    .when((s) => pickStock(s, picking(5), order))
    .then([]);
  given(...stock, ...picked)
    .when((s) => pickStock(s, picking(6), order))
    .rejects('pick-already-made');
  given(...stock, ...picked)
    .when((s) =>
      takeAvailable(s, 'StockShipped', { lot: LOT, site: 'SZ1', quantity: ea(8), serials: [], cause }, order),
    )
    .rejects('quantity-not-available');
  given(...stock, ...picked)
    .when((s) => shipOut(s, leaving(7, 'S-2'), order))
    .thenLike([{ type: 'StockShipped', location: 'FIN', quantity: ea(7) }]);
});

test('a shipment takes what was picked for it from where it was picked; the rest is free again', () => {
  const stock = [received('FIN', 10), received('SHIP', 2)];
  const picked = pickStock(after(...stock), picking(5), order);
  const packed = packStock(after(...stock, ...picked), 'S-1');
  const sent = shipOut(after(...stock, ...picked, ...packed), leaving(4), order);
  const left = after(...stock, ...picked, ...packed, ...sent);
  expect([free(left), at(left, 'picked', 'packed'), at(left, 'in-transit')]).toEqual([8, 0, 4]);
  expect(after(...stock, ...picked, ...packed)).toMatchObject({ staged: [{ stage: 'packed' }, { stage: 'packed' }] });
});

test('units picked for one shipment do not go with another', () => {
  const stock = [received('FIN', 5, serials(1, 5))];
  const picked = pickStock(after(...stock), picking(2, 'S-1', serials(1, 2)), order);
  given(...stock, ...picked)
    .when((s) => shipOut(s, leaving(2, 'S-2', serials(2, 3)), order))
    .rejects('serial-picked');
  given(...stock, ...picked)
    .when((s) => reportOut(s, { ...leaving(2, 'S-2', serials(2, 3)), broken: [] }, order, 'SHIP'))
    .thenLike([{ type: 'StockShipped', violations: [{ code: 'serial-picked' }] }]);
  given(...stock, ...picked)
    .when((s) => shipOut(s, leaving(2, 'S-1', serials(1, 2)), order))
    .thenLike([
      { type: 'StockStaged', serials: serials(1, 2) },
      { type: 'StockShipped', serials: serials(1, 2) },
    ]);
});

test('messages about a part of what was picked leave the rest picked', () => {
  const stock = [received('FIN', 10, serials(1, 10))];
  const picked = pickStock(after(...stock), picking(6, 'S-1', serials(1, 6)), order);
  const part = reportOut(
    after(...stock, ...picked),
    { ...leaving(2, 'S-1', serials(3, 4)), broken: [] },
    order,
    'SHIP',
  );
  const state = after(...stock, ...picked, ...part);
  expect([free(state), at(state, 'picked'), at(state, 'in-transit')]).toEqual([4, 4, 2]);
  expect(state.staged.find(({ stage }) => stage === 'picked')?.serials).toEqual([...serials(1, 2), ...serials(5, 6)]);
});

test('what arrived or came back is not on the road; a placeholder’s goods are on the road of their lot', () => {
  const stock = [received('FIN', 10, serials(1, 10))];
  const sent = shipOut(after(...stock), leaving(4, 'S-1', serials(1, 4)), order);
  const back: StockEvent = {
    ...received('QUAR', 1, serials(2, 2)),
    type: 'StockReturned',
  } as StockEvent;
  const road = after(...stock, ...sent, back);
  expect(road.staged).toMatchObject([
    { shipment: 'S-1', quantity: ea(3), serials: [...serials(1, 1), ...serials(3, 4)] },
  ]);
  const there = arrived(road, 'S-1');
  expect(after(...stock, ...sent, back, ...there).staged).toEqual([]);
  expect(arrived(after(...stock, ...sent, back, ...there), 'S-1')).toEqual([]);
  const { out, into } = mergeStock(road, { placeholder: LOT, lot: 'F-2' }, () => false);
  expect(out.reduce(evolve, road)).toMatchObject({ staged: [], buckets: [] });
  expect(into.reduce(evolve, NO_STOCK).staged).toEqual(road.staged);
});

test('a gate says what was picked, ready and on the road', () => {
  const stock = [received('FIN', 10), received('SHIP', 2)];
  const picked = pickStock(after(...stock), picking(5), () => 0);
  const sent = shipOut(after(...stock, ...picked), leaving(1, 'S-2'), order);
  const elsewhere: StockEvent = { ...received('SHIP', 3), site: 'SU2' } as StockEvent;
  const said = inFlight(after(...stock, ...picked, ...sent, elsewhere), (_, location) => kind(location));
  expect(said).toMatchObject([
    { site: 'SZ1', picked: ea(5), inTransit: ea(1) },
    { site: 'SU2', picked: null, packed: ea(3), inTransit: null },
  ]);
  expect(inFlight(after(received('FIN', 3)), (_, location) => kind(location))).toEqual([]);
});

test('nothing is lost or made by picking, packing, putting back, shipping and arriving, in any order', () => {
  const steps = fc.array(
    fc.tuple(
      fc.constantFrom('pick', 'pack', 'put-back', 'ship', 'report', 'arrive'),
      fc.constantFrom('S-1', 'S-2', 'S-3'),
      fc.integer({ min: 1, max: 12 }),
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      let stock = after(received('FIN', 20), received('SHIP', 10));
      let gone = 0;
      for (const [what, shipment, n] of list) {
        const before = at(stock, 'in-transit');
        const events = decided(what, stock, shipment, n);
        const next = events.reduce(evolve, stock);
        if (what === 'arrive') gone += before - at(next, 'in-transit');
        stock = next;
        expect(free(stock) + at(stock, 'picked', 'packed', 'in-transit') + gone).toBe(30);
        if (!list.some(([kindOfStep]) => kindOfStep === 'report')) expect(free(stock)).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

function decided(what: string, stock: Stock, shipment: string, n: number): StockEvent[] {
  try {
    if (what === 'pick') return pickStock(stock, picking(n, shipment), order);
    if (what === 'pack') return packStock(stock, shipment);
    if (what === 'put-back') return putBack(stock, shipment);
    if (what === 'ship') return shipOut(stock, leaving(n, shipment), order);
    if (what === 'report') return reportOut(stock, { ...leaving(n, shipment), broken: [] }, order, 'SHIP');
    return arrived(stock, shipment);
  } catch (error) {
    if (error instanceof Rejected) return [];
    throw error;
  }
}
