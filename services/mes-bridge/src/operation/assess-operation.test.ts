import { expect, test } from '@jest/globals';
import type { BomLine } from '@lotwarden/contracts/events';
import { assess, type Knowledge, type LotFacts } from './assess-operation.ts';
import { bornWithoutHolds, unbalancedInSilence } from './invariants.ts';
import { UNKNOWN_OPERATION } from './operation.ts';
import { inUnit } from './units.ts';

const bill: BomLine[] = [
  { item: 'WIRE', quantityPer: '0.25', unit: 'MTR', alternatives: [] },
  { item: 'GLUE', quantityPer: '2', unit: 'GRM', alternatives: [] },
];
const lots: Record<string, Pick<LotFacts, 'status' | 'item'>> = {
  W: { status: 'accepted', item: 'WIRE' },
  G: { status: 'rejected', item: 'GLUE' },
  P: { status: 'made', item: 'PUMP' },
  Q: { status: 'made', item: 'NOBODYS' },
};
const known: Knowledge = {
  real: (lot) => lot,
  lot: (lot) => ({
    status: 'unknown',
    item: null,
    ...lots[lot],
    heldBy: () => (lot === 'G' ? ['H-1'] : []),
    heldUnknown: () => [],
    acceptedAt: null,
  }),
  unitOf: (item) => ({ WIRE: 'MTR', GLUE: 'KGM', PUMP: 'EA' })[item],
  bomOf: (item) => (item === 'PUMP' ? bill : undefined),
  isProduct: (item) => item === 'PUMP',
};
const rules = assess(known, {
  kind: null,
  began: null,
  moment: '2026-11-01T00:00:00.000Z',
  named: new Map([['P', 'OTHER']]),
});
const flow = (lot: string, value: string, unit: string) => ({ lot, quantity: { value, unit }, serials: [] });
const input = (lot: string, value: string, unit: string) => ({
  ...flow(lot, value, unit),
  edge: 'material',
  certainty: 'scanned',
});

test('amounts are compared in the unit of the item, whatever unit the report and the bill have', () => {
  const inputs = [input('W', '100', 'CMT'), input('G', '0.008', 'KGM')];
  expect(rules.balance({ inputs, outputs: [flow('P', '4', 'EA')], scrap: [] })).toEqual([]);
  const short = [input('W', '1000', 'MMT'), input('G', '7', 'GRM')];
  expect(rules.balance({ inputs: short, outputs: [flow('P', '4', 'EA')], scrap: [] })).toEqual([
    { code: 'operation-unbalanced', lot: null, detail: 'GLUE: expected 0.008, seen 0.007' },
  ]);
});

test('what cannot be converted counts nowhere, and is said', () => {
  const inputs = [input('W', '1', 'KGM'), input('G', '8', 'GRM')];
  expect(rules.balance({ inputs, outputs: [flow('P', '4', 'EA')], scrap: [] }).map(({ code }) => code)).toEqual([
    'unit-not-convertible',
    'operation-input-missing',
  ]);
  expect(inUnit({ value: '1', unit: 'LTR' }, 'KGM')).toBeUndefined();
  expect(inUnit({ value: '1', unit: 'H87' }, 'EA')).toEqual({ value: '1', unit: 'EA' });
});

test('units scrapped in the making consumed material too; a scrapped component went in beyond the bill', () => {
  const inputs = [input('W', '1.25', 'MTR'), input('G', '8', 'GRM')];
  const scrap = [flow('P', '1', 'EA'), flow('W', '0.25', 'MTR')];
  expect(rules.balance({ inputs, outputs: [flow('P', '3', 'EA')], scrap })).toEqual([]);
  const allLost = {
    inputs: [input('W', '1', 'MTR'), input('G', '8', 'GRM')],
    outputs: [],
    scrap: [flow('P', '4', 'EA')],
  };
  expect(rules.balance(allLost)).toEqual([]);
  expect(rules.balance({ inputs: [], outputs: [], scrap })).toEqual([]);
});

test('inputs that may not be used and outputs that are not what is said are named with their lot', () => {
  expect(rules.inputs([input('W', '1', 'MTR'), input('G', '1', 'GRM'), input('X', '1', 'EA')])).toEqual([
    { code: 'material-not-accepted', lot: 'G', detail: 'rejected' },
    { code: 'lot-on-hold', lot: 'G', detail: 'H-1' },
    { code: 'lot-unknown', lot: 'X', detail: 'unknown' },
  ]);
  expect(
    rules.outputs([flow('P', '1', 'EA'), flow('P', '2', 'EA'), flow('Q', '1', 'EA'), flow('Z', '1', 'EA')]),
  ).toEqual([
    { code: 'output-product-other', lot: 'P', detail: 'declared PUMP, reported OTHER' },
    { code: 'product-unknown', lot: 'Q', detail: 'NOBODYS' },
    { code: 'lot-unknown', lot: 'Z', detail: 'output' },
  ]);
});

test('an imbalance that nothing tells of, and an output without a hold it has to bear, are violators', () => {
  const found = [{ code: 'operation-unbalanced', lot: null, detail: 'GLUE: expected 2, seen 1' }];
  expect(unbalancedInSilence('OP', UNKNOWN_OPERATION, found)).toMatchObject([{ subject: 'OP' }]);
  expect(unbalancedInSilence('OP', { ...UNKNOWN_OPERATION, violations: found }, found)).toEqual([]);
  const lotsMade = [
    { lot: 'F1', due: ['H-1', 'H-2'], borne: ['H-1'] },
    { lot: 'F2', due: [], borne: ['H-1'] },
  ];
  expect(bornWithoutHolds('OP', lotsMade)).toEqual([{ subject: 'F1', detail: 'H-2, by OP' }]);
});
