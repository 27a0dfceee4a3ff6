import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { at, createHistory, line, serials } from '../../test/history.ts';
import { handledOutside, type ToldOfGoods } from './handled-outside.ts';

/** Units 1–5 of F1 left at 10:00; 1–3 came back at 14:00. */
function away() {
  const { facts, tell } = createHistory();
  tell.dispatched('S-1', 'H1', [line('F1', 5, serials(1, 5))], at('10:00'));
  tell.returnReceived('RT-1', 'H1', [line('F1', 3, serials(1, 3))], at('14:00'));
  const operation = (id: string, unit: number, from: string, to: string, kind = 'repair') =>
    tell.operation(id, {
      kind,
      in: [['F1', 1, { serials: serials(unit, unit) }]],
      out: [['F1', 1, serials(unit, unit)]],
      more: { startedAt: at(from), endedAt: at(to) },
    });
  const found = () => {
    const told = facts as unknown as ToldOfGoods[];
    const said = (order: readonly ToldOfGoods[]) =>
      handledOutside(new Set(['F1', 'X-F1']), order).map(({ by, serials: units, backAt }) => [
        by,
        units[0]?.first,
        backAt,
      ]);
    fc.assert(fc.property(fc.shuffledSubarray(told, { minLength: told.length }), (any) => expect(said(any)).toEqual(said(told)))); // prettier-ignore
    return said(told);
  };
  return { tell, operation, found };
}

test('what we say we did to a unit while somebody else had it is found, and only that', () => {
  const { operation, found } = away();
  operation('before', 1, '08:00', '10:00');
  operation('meanwhile', 2, '11:00', '12:00');
  operation('as it left', 3, '09:30', '10:30');
  operation('after', 3, '14:00', '15:00');
  operation('never came back', 4, '20:00', '21:00');
  operation('other unit', 9, '11:00', '12:00');
  expect(found()).toEqual([
    ['as it left', 3, at('14:00')],
    ['meanwhile', 2, at('14:00')],
    ['never came back', 4, null],
  ]);
});

test('shipped again, scrapped or packed while it is away; of voided operations, and what is done where the goods are, nothing', () => {
  const { tell, operation, found } = away();
  tell.dispatched('S-2', 'H2', [line('F1', 1, serials(5, 5))], at('16:00'));
  operation('void', 4, '11:00', '12:00');
  tell.voided('void');
  operation('there', 4, '11:00', '12:00', 'field-relabel');
  expect(found()).toEqual([['S-2', 5, null]]);
});
