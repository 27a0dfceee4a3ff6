import { expect, test } from '@jest/globals';
import type { SerialRange } from '@lotwarden/contracts/events';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import { commissionSerials, type CommissionSerials } from './commission.ts';
import { evolve as evolveIssued, NONE_ISSUED } from './issued-serials.ts';
import { printLabels, recordLabelCheck } from './labels.ts';
import { evolve, NO_SERIALS, type LotSerialsEvent } from './lot-serials.ts';

const gtin = '09520123456788';
const range = (first: number, last: number): SerialRange => ({ gtin, prefix: 'IP', width: 6, first, last });
const asked = (lot: string, numbers: CommissionSerials['numbers']): CommissionSerials => ({
  lot,
  product: 'IP-200',
  gtin,
  prefix: 'IP',
  width: 6,
  numbers,
});
const ea = (n: number) => ({ value: String(n), unit: 'EA' });
const given = (...history: LotSerialsEvent[]) => givenEvents(NO_SERIALS, evolve, history);

test('serials are dense over lots and never given twice', () => {
  const first = commissionSerials(NONE_ISSUED, asked('F1', { quantity: 60 }));
  const issued = evolveIssued(NONE_ISSUED, first.issue);
  expect(first.commissioned).toMatchObject({ ranges: [range(1, 60)] });
  expect(commissionSerials(issued, asked('F2', { quantity: 40 })).commissioned).toMatchObject({
    ranges: [range(61, 100)],
  });
  const refused = (over: Partial<CommissionSerials>) => () =>
    commissionSerials(issued, { ...asked('F2', { quantity: 1 }), ...over });
  expect(refused({ numbers: { first: 60, last: 61 } })).toThrow('serial-already-commissioned');
  expect(refused({ numbers: { first: 5, last: 4 } })).toThrow('serial-range-invalid');
  expect(refused({ numbers: { first: 101, last: 1_000_101 }, width: 7 })).toThrow('serial-range-invalid');
  const atTheEnd = evolveIssued(issued, { type: 'SerialsIssued', ranges: [range(999_990, 999_998)] });
  const ask = (numbers: CommissionSerials['numbers']) => commissionSerials(atTheEnd, asked('F2', numbers)).range;
  expect(ask({ quantity: 1 })).toEqual(range(999_999, 999_999));
  expect(() => ask({ quantity: 2 })).toThrow('serials-exhausted');
  expect(ask({ first: 101, last: 102 })).toEqual(range(101, 102));
  expect(refused({ prefix: 'IP1' })).toThrow('serial-prefix-ambiguous');
  expect(refused({ prefix: 'IP-200-CN-', width: 11 })).toThrow('serial-too-long');
});

test('a lot remembers what it was given; scrapped units may come back', () => {
  const commissioned = commissionSerials(NONE_ISSUED, asked('F1', { quantity: 2 })).commissioned;
  const scrapped: LotSerialsEvent = { type: 'SerialsScrapped', lot: 'F1', ranges: [range(2, 2)], operation: 'OP' };
  const back: LotSerialsEvent = {
    type: 'SerialsMovedIn',
    lot: 'F1',
    fromLot: 'F1',
    ranges: [range(2, 2)],
    operation: 'OP',
  };
  const after = (...events: LotSerialsEvent[]) => events.reduce(evolve, NO_SERIALS);
  expect(after(commissioned, scrapped)).toMatchObject({ ranges: [range(1, 1)], scrapped: [range(2, 2)] });
  expect(after(commissioned, scrapped, back)).toMatchObject({
    given: [range(1, 2)],
    ranges: [range(1, 2)],
    scrapped: [],
  });
});

test('a label is one whole piece for each unit, all of one design, and no more are looked at than were printed', () => {
  const { commissioned } = commissionSerials(NONE_ISSUED, asked('F1', { quantity: 10 }));
  const print = (value: string, unit = 'EA') => ({
    lot: 'F1',
    label: 'L',
    labelVersion: '3',
    quantity: { value, unit },
  });
  const printed = (n: number, label: string): LotSerialsEvent => ({
    type: 'LabelsPrinted',
    ...print(String(n)),
    label,
  });
  const check = { lot: 'F1', labelVersion: '3', sampled: 5, verdict: 'pass', inspector: 'li', note: null } as const;
  for (const wrong of [print('9.5'), print('10', 'KGM'), print('-1')])
    given(commissioned)
      .when((s) => printLabels(s, wrong))
      .rejects('labels-not-pieces');
  given(commissioned, printed(5, 'L'), printed(5, 'M'))
    .when((s) => recordLabelCheck(s, check))
    .rejects('labels-missing');
  given(commissioned, printed(10, 'L'))
    .when((s) => recordLabelCheck(s, { ...check, sampled: 11 }))
    .rejects('label-sample-too-large');
  // A re-print adds to what there is.
  given(commissioned, printed(10, 'L'), printed(1, 'L'))
    .when((s) => recordLabelCheck(s, { ...check, sampled: 11 }))
    .thenLike([{ type: 'LabelCheckRecorded' }]);
});

test('labels are checked before release: printed, of that version, enough of them', () => {
  const { commissioned } = commissionSerials(NONE_ISSUED, asked('F1', { quantity: 60 }));
  const print = (n: number) => ({ lot: 'F1', label: 'L', labelVersion: '3', quantity: ea(n) });
  const check = { lot: 'F1', labelVersion: '3', sampled: 5, verdict: 'pass', inspector: 'li', note: null } as const;
  const printed = (n: number): LotSerialsEvent => ({ type: 'LabelsPrinted', ...print(n) });
  given()
    .when((s) => printLabels(s, print(60)))
    .rejects('lot-not-serialised');
  given(commissioned)
    .when((s) => printLabels(s, print(0)))
    .rejects('labels-not-pieces');
  given(commissioned)
    .when((s) => recordLabelCheck(s, check))
    .rejects('label-version-not-printed');
  given(commissioned, printed(59))
    .when((s) => recordLabelCheck(s, check))
    .rejects('labels-missing');
  given(commissioned, printed(60))
    .when((s) => recordLabelCheck(s, check))
    .thenLike([{ type: 'LabelCheckRecorded', verdict: 'pass' }]);
});
