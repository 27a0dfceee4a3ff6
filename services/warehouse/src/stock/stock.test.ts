import { expect, test } from '@jest/globals';
import type { LotLine, SerialRange } from '@lotwarden/contracts/events';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import Big from 'big.js';
import fc from 'fast-check';
import { lineFindings } from '../shipment/check-line.ts';
import { byLot, checkSeals, expandContainers } from '../shipment/expand-containers.ts';
import type { LocationKind } from '../site/site.ts';
import { evolve, NO_STOCK, type StockEvent } from './stock.ts';
import { disposable, shippable, takeAvailable, takeReported, usable } from './take-stock.ts';

const LOT = 'F-SZ1-261101-00001';
const KINDS: Record<string, LocationKind> = {
  DOCK: 'dock',
  STORE: 'store',
  QUAR: 'quarantine',
  FIN: 'finished',
  SHIP: 'shipping',
};
const kind = (location: string): LocationKind => KINDS[location] ?? 'quarantine';
const ea = (n: number) => ({ value: String(n), unit: 'EA' });
const serials = (first: number, last: number): SerialRange[] => [
  { gtin: '09520123456788', prefix: 'IP', width: 6, first, last },
];
const cause = { kind: 'receipt', id: 'R-1' };
const at = (location: string, n: number, ranges: SerialRange[] = []) => ({
  lot: LOT,
  quantity: ea(n),
  site: 'SZ1',
  location,
  serials: ranges,
  cause,
  violations: [],
});
const received = (location: string, n: number, ranges: SerialRange[] = []): StockEvent => ({
  type: 'StockReceived',
  ...at(location, n, ranges),
});
const taking = (n: number, ranges: SerialRange[] = []) => ({
  lot: LOT,
  site: 'SZ1',
  quantity: ea(n),
  serials: ranges,
  cause: { kind: 'shipment', id: 'S-1' },
});
const given = (...history: StockEvent[]) => givenEvents(NO_STOCK, evolve, history);
const onHand = (history: readonly StockEvent[]) =>
  history
    .reduce(evolve, NO_STOCK)
    .buckets.reduce((total, b) => total.plus(b.quantity.value), new Big(0))
    .toNumber();

test('goods are shipped from the shipping dock first, then from the finished store, never from quarantine', () => {
  const stock = [received('FIN', 30), received('SHIP', 10), received('QUAR', 5)];
  given(...stock)
    .when((s) => takeAvailable(s, 'StockShipped', taking(15), shippable(kind)))
    .thenLike([
      { location: 'SHIP', quantity: ea(10) },
      { location: 'FIN', quantity: ea(5) },
    ]);
  given(...stock)
    .when((s) => takeAvailable(s, 'StockShipped', taking(41), shippable(kind)))
    .rejects('quantity-not-available');
});

test('a fact takes what it says; the books go negative and say so', () => {
  given(received('FIN', 3))
    .when((s) => takeReported(s, 'StockShipped', { ...taking(5), violations: [] }, shippable(kind), 'SHIP'))
    .thenLike([
      { location: 'FIN', quantity: ea(3), violations: [{ code: 'stock-negative' }] },
      { location: 'SHIP', quantity: ea(2) },
    ]);
});

test('taking and putting back conserves, wherever it lies', () => {
  const places = fc.array(
    fc.tuple(fc.constantFrom('FIN', 'SHIP', 'STORE', 'QUAR', 'DOCK'), fc.integer({ min: 1, max: 50 })),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(
      places,
      fc.integer({ min: 1, max: 200 }),
      fc.constantFrom(shippable, usable, disposable),
      (buckets, n, order) => {
        const history = buckets.map(([location, quantity]) => received(location, quantity));
        const taken = takeReported(
          history.reduce(evolve, NO_STOCK),
          'StockIssued',
          { ...taking(n), violations: [] },
          order(kind),
          'STORE',
        );
        expect(onHand([...history, ...taken])).toBe(onHand(history) - n);
      },
    ),
  );
});

test('returned units are in quarantine and cannot be sold again from there', () => {
  const line = (ranges: SerialRange[], n: number): LotLine => ({
    lot: LOT,
    quantity: ea(n),
    serials: ranges,
    containers: [],
  });
  const back: StockEvent[] = [
    received('FIN', 10, serials(1, 10)),
    { type: 'StockStatusChanged', lot: LOT, item: 'IP-200', kind: 'finished', status: 'made', markets: ['CN'], cause },
    { type: 'StockShipped', ...at('FIN', 3, serials(1, 3)) },
    { type: 'StockReturned', ...at('QUAR', 1, serials(2, 2)) },
  ];
  const stock = back.reduce(evolve, NO_STOCK);
  const codes = (l: LotLine, market: string | null = 'CN', unreleased = false) =>
    lineFindings(stock, l, { market, unreleased }).map((f) => f.code);
  expect(codes(line(serials(4, 5), 2))).toEqual([]);
  expect(codes(line(serials(2, 2), 1))).toEqual(['serial-in-quarantine']);
  expect(codes(line(serials(1, 1), 1))).toEqual(['serial-not-in-custody']);
  expect(codes(line(serials(4, 5), 3))).toEqual(['serial-count-mismatch']);
  expect(codes(line([], 2))).toEqual(['serials-required']);
  expect(codes(line(serials(4, 5), 2), 'DE')).toEqual(['lot-not-released']);
  expect(codes(line(serials(2, 2), 1), 'DE', true)).toEqual([]);
  expect(codes(line(serials(4, 5), 2), null)).toEqual([]);
});

test('a container ships sealed and whole', () => {
  const inside: LotLine = { lot: LOT, quantity: ea(2), serials: serials(1, 2), containers: [] };
  const line: LotLine = { lot: LOT, quantity: ea(2), serials: [], containers: ['C-1'] };
  const expand = (sealed: boolean) =>
    expandContainers([line], (container) =>
      container === 'C-1'
        ? { container, seal: sealed ? { version: 2, digest: 'd' } : null, contents: [inside] }
        : undefined,
    );
  expect(expand(true)).toEqual([{ ...inside, containers: ['C-1'] }]);
  expect(() => expand(false)).toThrow('container-not-sealed');
  expect(() => expandContainers([{ ...line, containers: ['C-2'] }], () => undefined)).toThrow('container-unknown');
  const known = (container: string) =>
    container === 'C-1' ? { container, seal: { version: 2, digest: 'd' }, contents: [inside] } : undefined;
  const seal = { container: 'C-1', version: 2, digest: 'd' };
  expect(checkSeals([line], [], known)).toEqual([seal]);
  expect(checkSeals([line], [{ container: 'C-1', digest: 'd' }], known)).toEqual([seal]);
  for (const other of [{ digest: 'e' }, { version: 1 }, { version: 3 }, { container: 'C-2' }])
    expect(() => checkSeals([line], [{ ...seal, ...other }], known)).toThrow('seal-differs');
  expect(byLot([inside, { ...inside, serials: serials(3, 4) }])).toEqual([
    { ...inside, quantity: ea(4), serials: serials(1, 4) },
  ]);
});
