import { expect, test } from '@jest/globals';
import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { renamedAmong, renamedBy, takenBack } from './renamed-units.ts';

const range = (first: number, last: number): SerialRange => ({
  gtin: '09520123456788',
  prefix: 'IP',
  width: 6,
  first,
  last,
});
const output = (lot: string, ...serials: SerialRange[]): OperationOutput => ({
  lot,
  quantity: { value: '1', unit: 'EA' },
  serials,
});
const input = (lot: string, ...serials: SerialRange[]): OperationInput => ({
  ...output(lot, ...serials),
  edge: 'material',
  certainty: 'scanned',
});

const told = (renamed: ReturnType<typeof renamedBy>) =>
  renamed.map(({ lot, from, toLot, to }) => `${lot} ${from.first}–${from.last} → ${toLot} ${to.first}–${to.last}`);

test('the n-th unit that goes in is the n-th that comes out, however the ranges are cut', () => {
  const inputs = [input('F1', range(1, 3), range(7, 7)), input('F2', range(21, 22)), input('LABELS')];
  const renamed = renamedBy(inputs, [output('N', range(101, 102), range(111, 114))]);
  expect(told(renamed)).toEqual([
    'F1 1–2 → N 101–102',
    'F1 3–3 → N 111–111',
    'F1 7–7 → N 112–112',
    'F2 21–22 → N 113–114',
  ]);
  expect(told(renamedAmong(renamed, [range(2, 7)]))).toEqual([
    'F1 2–2 → N 102–102',
    'F1 3–3 → N 111–111',
    'F1 7–7 → N 112–112',
  ]);
  expect(told(renamedAmong(renamed.map(takenBack), [range(112, 112)]))).toEqual(['N 112–112 → F1 7–7']);
});

test('where not as many come out as went in, nobody can say which is which', () => {
  expect(renamedBy([input('F1', range(1, 3))], [output('N', range(101, 102))])).toEqual([]);
  expect(renamedBy([input('F1')], [output('N', range(101, 102))])).toEqual([]);
});
