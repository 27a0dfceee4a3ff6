import { expect, test } from '@jest/globals';
import { ALL_SERIALS, type SerialScope } from '@lotwarden/platform/serial-range';
import type { Holds } from '@lotwarden/platform/store';
import { serials } from '../../test/goods.ts';
import { heldBefore } from './held-before.ts';

const held = (epoch: number, placed: SerialScope | null = ALL_SERIALS): Holds => ({
  H1: { epoch, state: 'held', provisional: false, placed, inherited: null },
});
const at = (epoch: number, place: number, hold = 'H1') => ({ hold, epoch, place });
const line = { serials: [] };

test.each([
  ['acknowledged before', 12, ['H1']],
  ['acknowledged at the same place', 10, ['H1']],
  ['acknowledged afterwards', 9, []],
])('a lot held when it was shipped: %s', (_, place, found) => {
  expect(heldBefore(held(1), line, place, [at(1, 10)])).toEqual(found);
});

test('a later epoch that was acknowledged covers the earlier one, whose manifest nobody needed', () => {
  expect(heldBefore(held(1), line, 20, [at(2, 20)])).toEqual(['H1']);
  expect(heldBefore(held(1), line, 19, [at(2, 20)])).toEqual([]);
});

test('the first acknowledgement of the epoch counts, not the newest', () => {
  expect(heldBefore(held(1), line, 15, [at(2, 20), at(1, 10)])).toEqual(['H1']);
});

test('what left between a release and the next hold was free', () => {
  const said = [at(1, 3), at(2, 5), at(3, 7)];
  expect(heldBefore(held(3), line, 6, said)).toEqual([]);
  expect(heldBefore(held(3), line, 7, said)).toEqual(['H1']);
});

test('a released lot, one that only inherits, other serials and other holds break nothing', () => {
  const released: Holds = {
    H1: { epoch: 2, state: 'released', provisional: false, placed: ALL_SERIALS, inherited: null },
  };
  const some: SerialScope = { mode: 'only', ranges: serials(1, 5) };
  const others = { serials: serials(6, 9) };
  expect(heldBefore(released, line, 50, [at(1, 3), at(2, 5)])).toEqual([]);
  expect(heldBefore(held(0, null), line, 50, [at(1, 3)])).toEqual([]);
  expect(heldBefore(held(1, some), others, 50, [at(1, 3)])).toEqual([]);
  expect(heldBefore(held(1), line, 50, [at(1, 3, 'H2')])).toEqual([]);
});
