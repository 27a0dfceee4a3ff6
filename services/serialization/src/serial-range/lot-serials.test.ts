import { expect, test } from '@jest/globals';
import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import { count, union } from '@lotwarden/platform/serial-range';
import fc from 'fast-check';
import { commissionSerials } from './commission.ts';
import { scrappedSerials, serialMoves } from './follow-operation.ts';
import { claimedBy, evolve as evolveIssued, NONE_ISSUED } from './issued-serials.ts';
import { printLabels, recordLabelCheck } from './labels.ts';
import { evolve, NO_SERIALS, type LotSerialsEvent } from './lot-serials.ts';

const gtin = '09520123456788';
const range = (first: number, last: number): SerialRange => ({ gtin, prefix: 'IP', width: 6, first, last });
const asked = (lot: string, quantity: number) => ({
  lot,
  product: 'IP-200',
  gtin,
  prefix: 'IP',
  width: 6,
  numbers: { quantity },
});
const ea = (n: number) => ({ value: String(n), unit: 'EA' });
const input = (lot: string, n: number, serials: SerialRange[] = []): OperationInput => ({
  lot,
  quantity: ea(n),
  edge: 'material',
  certainty: 'scanned',
  serials,
});
const output = (lot: string, n: number, serials: SerialRange[] = []): OperationOutput => ({
  lot,
  quantity: ea(n),
  serials,
});
const given = (...history: LotSerialsEvent[]) => givenEvents(NO_SERIALS, evolve, history);

test('serials are dense over lots and never given twice', () => {
  const first = commissionSerials(NONE_ISSUED, asked('F1', 60));
  const issued = evolveIssued(NONE_ISSUED, first.claim);
  expect(first.commissioned).toMatchObject({ ranges: [range(1, 60)] });
  expect(commissionSerials(issued, asked('F2', 40)).commissioned).toMatchObject({ ranges: [range(61, 100)] });
  expect(() => commissionSerials(issued, { ...asked('F2', 1), numbers: { first: 60, last: 61 } })).toThrow(
    'serial-already-commissioned',
  );
  expect(() => commissionSerials(issued, { ...asked('F2', 1), numbers: { first: 5, last: 4 } })).toThrow(
    'serial-range-invalid',
  );
  expect(claimedBy(issued, [range(60, 70)])).toEqual(['F1']);
});

test('reworked units take their serials to the new lot', () => {
  const of = (lot: string) => (lot === 'F1' ? [range(1, 60)] : []);
  const rework = {
    inputs: [input('F1', 20, [range(41, 60)]), input('B4', 20)],
    outputs: [output('F4', 20, [range(41, 60)])],
    scrap: [],
  };
  expect(serialMoves(rework, of)).toEqual([{ from: 'F1', to: 'F4', ranges: [range(41, 60)] }]);
});

test('a split without named serials carves them from the end; the parent keeps its identity', () => {
  const of = (lot: string) => (lot === 'F2' ? [range(61, 119)] : []);
  const split = { inputs: [input('F2', 59)], outputs: [output('F2', 39), output('F2b', 20)], scrap: [] };
  expect(serialMoves(split, of)).toEqual([{ from: 'F2', to: 'F2b', ranges: [range(100, 119)] }]);
});

test('no serial is lost or doubled by a split, whatever the shares', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }), (shares) => {
      const total = shares.reduce((a, b) => a + b, 0);
      const all = [range(1, total)];
      const split = {
        inputs: [input('P', total)],
        outputs: shares.map((n, i) => output(`C${String(i)}`, n)),
        scrap: [],
      };
      const moves = serialMoves(split, (lot) => (lot === 'P' ? all : []));
      expect(moves.map((m) => count(m.ranges))).toEqual(shares);
      expect(moves.reduce<SerialRange[]>((sum, m) => union(sum, m.ranges), [])).toEqual(all);
    }),
  );
});

test('scrapped serials leave their lot', () => {
  const scrap = { inputs: [], outputs: [], scrap: [output('F2', 1, [range(120, 120)])] };
  expect(scrappedSerials(scrap, () => [range(61, 120)])).toEqual([{ from: 'F2', ranges: [range(120, 120)] }]);
});

test('labels are checked before release: printed, of that version, enough of them', () => {
  const commissioned = commissionSerials(NONE_ISSUED, asked('F1', 60)).commissioned;
  const check = { labelVersion: '3', sampled: 5, verdict: 'pass', inspector: 'li', note: null } as const;
  given()
    .when((s) => printLabels(s, 'F1', { label: 'L', labelVersion: '3', quantity: ea(60) }))
    .rejects('lot-not-serialised');
  given(commissioned)
    .when((s) => recordLabelCheck(s, 'F1', check))
    .rejects('label-version-not-printed');
  const printed = (n: number): LotSerialsEvent => ({
    type: 'LabelsPrinted',
    lot: 'F1',
    label: 'L',
    labelVersion: '3',
    quantity: ea(n),
  });
  given(commissioned, printed(59))
    .when((s) => recordLabelCheck(s, 'F1', check))
    .rejects('labels-missing');
  given(commissioned, printed(60))
    .when((s) => recordLabelCheck(s, 'F1', check))
    .thenLike([{ type: 'LabelCheckRecorded', verdict: 'pass' }]);
});
