import { expect, test } from '@jest/globals';
import type { SerialRange, SerialScope } from '../serial-range.ts';
import type { HoldEntry } from '../store/hold.ts';
import { assertFree, holdViolations, inheritedHolds } from './judge.ts';
import { assertReleased, mayMoveHeld, mayMoveUnreleased } from './purpose.ts';

const GTIN = '09520123456788';
const units = (first: number, last: number): SerialRange[] => [{ gtin: GTIN, prefix: 'A', width: 6, first, last }];
const ALL: SerialScope = { mode: 'all', ranges: [] };
const only = (first: number, last: number): SerialScope => ({ mode: 'only', ranges: units(first, last) });
const placed = (serials: SerialScope): HoldEntry => ({
  epoch: 1,
  state: 'held',
  provisional: false,
  placed: serials,
  inherited: null,
});
const lot = (entry: HoldEntry) => ({ id: 'L-1042', holds: { 'H-1': entry } });
const scopes = (holds: ReturnType<typeof inheritedHolds>) => Object.values(holds).map((entry) => entry.inherited);

test('held goods do not leave, but a signed order takes them to where they can do no harm', () => {
  const held = lot(placed(ALL));
  expect(() => {
    assertFree(held, [], 'sale');
  }).toThrow('lot-on-hold');
  expect(() => {
    assertFree(held, [], 'quarantine');
  }).toThrow('lot-on-hold');
  const order = { order: 'MO-1', destination: 'quarantine' };
  expect(() => {
    assertFree(held, [], 'quarantine', order);
  }).not.toThrow();
  expect(() => {
    assertFree(held, [], 'destruction', order);
  }).toThrow('lot-on-hold');
  expect(holdViolations(held, [], 'sale')).toEqual([{ code: 'lot-on-hold', lot: 'L-1042', detail: 'H-1' }]);
  expect(holdViolations(held, [], 'quarantine', order)).toEqual([]);
});

test('a hold on some serials stops these, and goods of which nobody knows the serials', () => {
  const held = lot(placed(only(10, 20)));
  expect(() => {
    assertFree(held, units(1, 9), 'sale');
  }).not.toThrow();
  expect(() => {
    assertFree(held, units(9, 10), 'sale');
  }).toThrow('lot-on-hold');
  expect(() => {
    assertFree(held, [], 'sale');
  }).toThrow('lot-on-hold');
});

test('a released hold stops nothing, an inherited one does', () => {
  expect(holdViolations(lot({ ...placed(ALL), state: 'released' }), [], 'sale')).toEqual([]);
  expect(
    holdViolations(lot({ ...placed(ALL), placed: null, inherited: only(1, 5) }), units(5, 6), 'sale'),
  ).toHaveLength(1);
});

test('without a rule that allows it, the answer is no', () => {
  expect(mayMoveHeld('move')).toBe(false);
  expect(mayMoveUnreleased('contract-processing')).toBe(false);
  expect(mayMoveUnreleased('contract-processing', { order: 'MO-2', destination: 'contract-processor' })).toBe(true);
  expect(mayMoveHeld('contract-processing', { order: 'MO-2', destination: 'contract-processor' })).toBe(false);
  expect(() => {
    assertReleased('L-1', false, 'EU', 'sale');
  }).toThrow('lot-not-released');
  expect(() => {
    assertReleased('L-1', false, 'EU', 'label');
  }).not.toThrow();
});

test('what is made of held goods is held; of units outside the hold it is not', () => {
  const holds = { 'H-1': placed(only(10, 20)) };
  expect(scopes(inheritedHolds([{ holds, serials: units(1, 9) }]))).toEqual([]);
  expect(scopes(inheritedHolds([{ holds, serials: units(5, 12) }]))).toEqual([ALL]);
  expect(scopes(inheritedHolds([{ holds }]))).toEqual([ALL]);
});

test('units that go on as themselves take along their own hold only', () => {
  const holds = { 'H-1': placed(only(10, 20)) };
  expect(scopes(inheritedHolds([{ holds, serials: units(1, 30) }], units(1, 15)))).toEqual([only(10, 15)]);
  expect(scopes(inheritedHolds([{ holds, serials: units(1, 30) }], units(21, 30)))).toEqual([]);
  const except = { 'H-1': placed({ mode: 'all-except', ranges: units(1, 9) }) };
  expect(scopes(inheritedHolds([{ holds: except, serials: units(1, 30) }], units(1, 9)))).toEqual([]);
});

test('two held inputs hold what either holds, and a load passes on only what was placed on it', () => {
  const inputs = [only(1, 5), only(5, 8)].map((scope) => ({ holds: { 'H-1': placed(scope) }, serials: units(1, 8) }));
  expect(scopes(inheritedHolds(inputs, units(1, 8)))).toEqual([only(1, 8)]);
  const inherited = { 'H-1': { ...placed(ALL), placed: null, inherited: ALL } };
  expect(scopes(inheritedHolds([{ holds: inherited, edge: 'exposure' }]))).toEqual([]);
  expect(scopes(inheritedHolds([{ holds: { 'H-1': placed(ALL) }, edge: 'exposure' }]))).toEqual([ALL]);
});
