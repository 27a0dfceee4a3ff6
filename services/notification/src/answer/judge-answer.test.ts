import { expect, test } from '@jest/globals';
import type { AnswerLine, LotLine } from '@lotwarden/contracts/events';
import { answerFindings } from './judge-answer.ts';

const told = (lot: string, value: string, unit = 'EA'): LotLine => ({
  lot,
  quantity: { value, unit },
  serials: [],
  containers: [],
});
const answered = (lot: string, onHand: string, unit = 'EA'): AnswerLine => ({
  lot,
  onHand,
  used: '0',
  returned: '0',
  passedOn: '0',
  destroyed: '0',
  unit,
  serials: [],
});
const codes = (lines: readonly LotLine[], answer: readonly AnswerLine[]): string[] =>
  answerFindings({ party: 'D1', lines }, answer).map(({ code, detail }) => `${code}: ${detail}`);

test('an answer that accounts for everything is no finding, also for a lot in boxes and in pieces', () => {
  expect(codes([told('F-1', '5')], [answered('F-1', '5')])).toEqual([]);
  const both = [told('F-1', '5'), told('F-1', '2', 'BX')];
  expect(codes(both, [answered('F-1', '2', 'BX'), answered('F-1', '5')])).toEqual([]);
});

test('what is not accounted for, or in another unit, is a finding', () => {
  expect(codes([told('F-1', '5')], [answered('F-1', '4')])).toEqual([
    'answer-does-not-add-up: notice 5 EA, answer 4 EA',
  ]);
  expect(codes([told('F-1', '5')], [answered('F-1', '5', 'BX')])).toEqual([
    'answer-does-not-add-up: notice 5 EA, answer 5 BX',
  ]);
  const both = [told('F-1', '5'), told('F-1', '2', 'BX')];
  expect(codes(both, [answered('F-1', '5')])).toEqual(['answer-without-lot: 2 BX not spoken of']);
});

test('a lot, or a unit of a lot, that the notice does not name is a finding', () => {
  expect(codes([told('F-1', '5')], [answered('F-1', '5'), answered('F-9', '1')])).toEqual([
    'lot-not-in-notice: named by D1',
  ]);
  const both = [told('F-1', '5'), told('F-1', '2', 'BX')];
  expect(codes(both, [answered('F-1', '5'), answered('F-1', '2', 'BX'), answered('F-1', '1', 'PF')])).toEqual([
    'lot-not-in-notice: named by D1',
  ]);
});
