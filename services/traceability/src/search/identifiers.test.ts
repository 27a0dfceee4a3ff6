import { expect, test } from '@jest/globals';
import { createHistory, serials } from '../../test/history.ts';
import { folded, identifiersIn, serialReadings, serialsIn } from './identifiers.ts';

test('an event gives every name it brings into the world, and what it leads to', () => {
  const { facts, tell } = createHistory();
  tell.received('M-1', 1, 'L-1042');
  tell.operation('OP-MES-7', { in: [], out: [] });
  tell.commissioned('F1', serials(1, 5));
  const names = identifiersIn(facts[0]!.event).map(({ kind, value, system }) => [kind, value, system]);
  expect(names).toEqual([
    ['lot', 'M-1', null],
    ['alias', 'L-1042', 'supplier:SUP-HX'],
    ['purchase-order', 'PO-1', null],
    ['item', 'CAP-100', null],
    ['supplier', 'SUP-HX', null],
  ]);
  expect(identifiersIn(facts[1]!.event)).toContainEqual({
    kind: 'work-order',
    value: 'WO-1',
    system: null,
    subject: 'OP-MES-7',
    subjectKind: 'operation',
  });
  expect(serialsIn(facts[2]!.event)).toEqual({ lot: 'F1', ranges: serials(1, 5) });
});

test('a serial is read in every way its digits allow, so that a prefix may end in digits', () => {
  expect(serialReadings('A100')).toEqual([
    { prefix: 'A10', width: 1, number: 0 },
    { prefix: 'A1', width: 2, number: 0 },
    { prefix: 'A', width: 3, number: 100 },
  ]);
  expect(serialReadings('PUMP')).toEqual([]);
});

test('names are found whatever their case and width', () => {
  expect(folded(' l-1042 ')).toBe('L-1042');
  expect(folded('Ｌ-1042')).toBe('L-1042');
});

test('loads, mounts, destructions, nonconformances and recalls are found by their ids, and by what MES calls them', () => {
  const events = [
    { type: 'ProcessLoadRecorded', load: 'LD-1', sourceSystem: 'MES-SZ', sourceLoad: 'STER-7' },
    { type: 'MaterialMounted', mount: 'MT-1', sourceSystem: 'MES-SZ', sourceMount: 'REEL-3' },
    { type: 'GoodsDestroyed', destruction: 'D-1' },
    { type: 'NonconformanceOpened', nonconformance: 'NCR-1' },
    { type: 'RecallDrafted', case: 'RC-1' },
    { type: 'ProductSpecified', product: 'IP-200', name: 'Pump', nameZh: null, gtin: '06901234567892' },
    { type: 'SupplierRegistered', supplier: 'SUP-HX', name: 'Hua Xin' },
    { type: 'PurchaseOrderPlaced', purchaseOrder: 'PO-1' },
    { type: 'InspectionOpened', inspection: 'I-1', lot: 'M-1' },
  ];
  expect(events.flatMap(identifiersIn).map(({ kind, value, subject }) => `${kind} ${value} ${subject}`)).toEqual([
    'load LD-1 LD-1',
    'load STER-7 LD-1',
    'mount MT-1 MT-1',
    'mount REEL-3 MT-1',
    'destruction D-1 D-1',
    'nonconformance NCR-1 NCR-1',
    'case RC-1 RC-1',
    'product IP-200 IP-200',
    'product Pump IP-200',
    'gtin 06901234567892 IP-200',
    'supplier SUP-HX SUP-HX',
    'supplier Hua Xin SUP-HX',
    'purchase-order PO-1 PO-1',
    'inspection I-1 M-1',
  ]);
});
