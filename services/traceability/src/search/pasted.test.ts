import { expect, test } from '@jest/globals';
import { folded } from './identifiers.ts';
import { pastedIdentifiers } from './pasted.ts';
import { outcomeOf, wantedBy } from './wanted.ts';

const texts = (text: string): string[] => pastedIdentifiers([text]).map((one) => one.text);

test('a cell with several lines, as a spreadsheet gives it, is several identifiers', () => {
  expect(pastedIdentifiers(['"L-1042\nF1"\tP-7\r\n"say ""hi""\nF2"'])).toMatchObject([
    { text: 'L-1042', line: 1 },
    { text: 'F1', line: 2 },
    { text: 'P-7', line: 2 },
    { text: 'say "hi"', line: 3 },
    { text: 'F2', line: 4 },
  ]);
  expect(texts('"a,b"\n"L1')).toEqual(['a', 'b', '"L1']);
  expect(texts(`${'"\n'.repeat(200_000)}X`).at(-1)).toBe('X');
});

test('a label typed with wide brackets is read; a long dash is a dash', () => {
  expect(wantedBy('（01）09520123456788（21）IP7').tiers[0]).toEqual([
    { by: 'serial', serial: 'IP7', gtin: '09520123456788' },
  ]);
  expect(texts('（01）09520123456788（10）A,B')).toHaveLength(1);
  expect(folded('L–1042')).toBe(folded('l-1042'));
});

test('a label whose device identifier was read wrongly finds nothing precise: its serial may be any product’s', () => {
  const { tiers } = wantedBy('(01)09520123456789(21)IP7');
  expect(tiers[0]).toEqual([]);
  const unit = { kind: 'serial', value: 'IP7', system: null, subjectKind: 'lot', subject: 'F1' };
  expect(outcomeOf([[], [unit]])).toBe('partly');
  expect(outcomeOf([[], []])).toBe('unknown');
});
