import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ea, line, serials } from '../../test/goods.ts';
import { beyond, beyondCommand, sameGoods, unheard } from './compare-lines.ts';

test('a report confirms what was commanded; only what goes beyond is news', () => {
  const commanded = [line('A', 10, { serials: serials(1, 10) }), line('B', 5)];
  expect(beyond(commanded, commanded)).toEqual([]);
  expect(beyond(commanded, [line('A', 4, { serials: serials(1, 4) })])).toEqual([]);
  expect(beyond(commanded, [line('A', 10, { serials: serials(2, 11) })])).toEqual([
    line('A', 1, { serials: serials(11, 11) }),
  ]);
  expect(beyond(commanded, [line('B', 7), line('C', 1)])).toEqual([line('B', 2), line('C', 1)]);
});

test('of two messages about one lorry each tells a part; goods without a name are never left out', () => {
  const first = [line('A', 10), line('B', 5)];
  expect(unheard(first, [line('A', 4)])).toEqual({ lines: [line('A', 4)], doubts: [] });
  expect(unheard(first, [line('A', 10)])).toEqual({
    lines: [line('A', 10)],
    doubts: [{ code: 'line-told-again', lot: 'A', detail: '10 EA' }],
  });
});

test('a unit with a number, or a box, is told once', () => {
  const first = [line('A', 10, { serials: serials(1, 10) }), line('B', 5, { containers: ['C-1'] })];
  expect(unheard(first, first)).toEqual({ lines: [], doubts: [] });
  expect(unheard(first, [line('A', 10, { serials: serials(6, 15) })]).lines).toEqual([
    line('A', 5, { serials: serials(11, 15) }),
  ]);
  expect(unheard(first, [line('A', 12, { serials: serials(1, 10) })]).lines).toEqual([line('A', 2)]);
  expect(unheard(first, [line('B', 5, { containers: ['C-2'] })]).lines).toHaveLength(1);
});

test('messages confirm a command together, and add to it together', () => {
  const commanded = [line('A', 10)];
  const half = beyondCommand(commanded, [], [line('A', 5)]);
  expect(half).toEqual({ lines: [], doubts: [], told: [line('A', 5)] });
  const whole = beyondCommand(commanded, half.told, [line('A', 5)]);
  expect(whole).toEqual({ lines: [], doubts: [], told: [line('A', 10)] });
  expect(beyondCommand(commanded, whole.told, [line('A', 10)])).toMatchObject({
    lines: [line('A', 10)],
    doubts: [{ code: 'line-told-again' }],
  });
});

test('whatever messages tell of goods without a name adds up, in any order and split', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
  const total = (lines: readonly { quantity: { value: string } }[]) =>
    lines.reduce((sum, { quantity }) => sum + Number(quantity.value), 0);
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 30 }), (parts, commanded) => {
      const fact = parts.reduce<ReturnType<typeof line>[]>(
        (all, n) => [...all, ...unheard(all, [line('A', n)]).lines],
        [],
      );
      const said = parts.reduce((sum, n) => sum + n, 0);
      expect(total(fact)).toBe(said);
      let recorded = commanded > 0 ? [line('A', commanded)] : [];
      let told: readonly ReturnType<typeof line>[] = [];
      for (const n of parts) {
        const news = beyondCommand(recorded, told, [line('A', n)]);
        recorded = [...recorded, ...news.lines];
        told = news.told;
      }
      expect(total(recorded)).toBe(Math.max(said, commanded));
    }),
  );
});

test('the same goods are the same in whatever order, unit by unit', () => {
  const recorded = [line('A', 3, { serials: serials(1, 3), containers: ['C-1'] }), line('B', 2)];
  expect(sameGoods(recorded, [line('B', 2), line('A', 3, { containers: ['C-1'] })])).toBe(true);
  expect(sameGoods(recorded, [line('B', 2), line('A', 3)])).toBe(false);
  expect(sameGoods(recorded, [line('B', 1), line('A', 3, { containers: ['C-1'] })])).toBe(false);
  expect(sameGoods([line('A', 1, { serials: serials(1, 1) })], [line('A', 1, { serials: serials(2, 2) })])).toBe(false);
  expect(sameGoods([line('A', 1)], [line('A', 1, { quantity: { ...ea(1), value: '1.0' } })])).toBe(true);
});
