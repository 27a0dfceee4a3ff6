import { expect, test } from '@jest/globals';
import type { ScopeCustodian, ScopeLot } from '@lotwarden/contracts/events';
import { line } from '../../test/history.ts';
import { saidBetween, type Said } from './said-between.ts';

const lot = (id: string, certainty = 'scanned'): ScopeLot => ({
  lot: id,
  item: null,
  quantity: null,
  serials: { mode: 'all', ranges: [] },
  certainty,
  path: [],
  ways: [],
});
const said = (sequence: number, lots: readonly ScopeLot[], custodians: readonly ScopeCustodian[] = []): Said => ({
  event: { sequence, lots, custodians },
  recordedAt: `2026-11-0${sequence}T08:00:00.000Z`,
});

const all = [
  said(1, [lot('M1'), lot('F1')], [{ custodian: 'H', lines: [line('F1', 1)] }]),
  said(2, [lot('F1', 'possible')]),
  said(3, [lot('F2')], [{ custodian: 'H', lines: [] }]),
];

test('between two numbers lies what came and what was said otherwise, each as it was said last', () => {
  expect(saidBetween(all, 1, 3)).toMatchObject([
    { what: 'lot', subject: 'F1', change: 'changed', sequence: 2, before: { certainty: 'scanned' }, after: { certainty: 'possible' } }, // prettier-ignore
    { what: 'lot', subject: 'F2', change: 'came', sequence: 3, before: null, recordedAt: '2026-11-03T08:00:00.000Z' },
    { what: 'custodian', subject: 'H', change: 'went', after: { lines: [] } },
  ]);
});

test('from the beginning all came; nothing lies between a number and itself', () => {
  expect(saidBetween(all, 0, 1).map(({ change }) => change)).toEqual(['came', 'came', 'came']);
  expect(saidBetween(all, 2, 2)).toEqual([]);
});
