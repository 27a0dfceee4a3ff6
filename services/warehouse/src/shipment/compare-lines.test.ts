import { expect, test } from '@jest/globals';
import { ea, line, serials } from '../../test/goods.ts';
import { beyond, sameGoods, unheard } from './compare-lines.ts';

test('a report confirms what was commanded; only what goes beyond is news', () => {
  const commanded = [line('A', 10, { serials: serials(1, 10) }), line('B', 5)];
  expect(beyond(commanded, commanded)).toEqual([]);
  expect(beyond(commanded, [line('A', 4, { serials: serials(1, 4) })])).toEqual([]);
  expect(beyond(commanded, [line('A', 10, { serials: serials(2, 11) })])).toEqual([
    line('A', 1, { serials: serials(11, 11) }),
  ]);
  expect(beyond(commanded, [line('B', 7), line('C', 1)])).toEqual([line('B', 2), line('C', 1)]);
});

test('of two reports about one lorry each may tell a part; the same line twice is one', () => {
  const first = [line('A', 10), line('B', 5)];
  expect(unheard(first, [line('A', 10)])).toEqual([]);
  expect(unheard(first, [line('A', 4)])).toEqual([line('A', 4)]);
});

test('the same goods are the same in whatever order, unit by unit', () => {
  const recorded = [line('A', 3, { serials: serials(1, 3), containers: ['C-1'] }), line('B', 2)];
  expect(sameGoods(recorded, [line('B', 2), line('A', 3, { containers: ['C-1'] })])).toBe(true);
  expect(sameGoods(recorded, [line('B', 2), line('A', 3)])).toBe(false);
  expect(sameGoods(recorded, [line('B', 1), line('A', 3, { containers: ['C-1'] })])).toBe(false);
  expect(sameGoods([line('A', 1, { serials: serials(1, 1) })], [line('A', 1, { serials: serials(2, 2) })])).toBe(false);
  expect(sameGoods([line('A', 1)], [line('A', 1, { quantity: { ...ea(1), value: '1.0' } })])).toBe(true);
});
