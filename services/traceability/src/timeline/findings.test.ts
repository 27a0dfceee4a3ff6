import { expect, test } from '@jest/globals';
import { recordId } from '../facts/record.ts';
import { comparedWith, findingsOf, type Beside, type Told } from './findings.ts';

const HOUR = 3_600_000;
const TOLERANCES = { late: 24 * HOUR, clock: 60_000 };
const at = (hour: number): string => new Date(Date.UTC(2026, 10, 1, hour)).toISOString();

const told = (
  topic: string,
  aggregate: string,
  version: number,
  type: string,
  hour: number,
  recorded = hour,
): Told => ({
  _id: recordId(topic, aggregate, version),
  topic,
  aggregate,
  version,
  type,
  occurredAt: at(hour),
  recordedAt: at(recorded),
});

const beside = (facts: readonly Told[], firsts: readonly Told[] = []): Beside => ({
  fact: (id) => facts.find(({ _id }) => _id === id),
  first: (_lot, type) => firsts.find((one) => one.type === type),
  hasInputs: () => false,
});

const codes = (record: Told, event: object, known: Beside, lots: readonly string[] = ['L1']): string[] =>
  findingsOf({ record, event, lots }, known, TOLERANCES).map(({ code }) => code);

test('told long after it occurred, and told before it occurred, are findings; a little of either is not', () => {
  const stock = (hour: number, recorded: number) =>
    told('warehouse.stock.v1', 'L1', 1, 'StockReceived', hour, recorded);
  expect(codes(stock(1, 2), {}, beside([]))).toEqual([]);
  expect(codes(stock(1, 30), {}, beside([]))).toEqual(['recorded-late']);
  expect(codes(stock(5, 1), {}, beside([]))).toEqual(['occurred-in-future']);
});

test('a version that is missing before it is named; one that is there is not', () => {
  const second = told('warehouse.stock.v1', 'L1', 2, 'StockIssued', 5);
  const first = told('warehouse.stock.v1', 'L1', 1, 'StockReceived', 1);
  expect(comparedWith({ record: second, event: {} })).toContain(first._id);
  expect(codes(second, {}, beside([]))).toEqual(['version-missing']);
  expect(codes(second, {}, beside([first]))).toEqual([]);
});

test('an operation out of nothing is named', () => {
  const operation = told('mes-bridge.operation.v1', 'OP-1', 1, 'OperationRecorded', 1);
  expect(codes(operation, { inputs: [] }, beside([]))).toEqual(['operation-without-inputs']);
  expect(codes(operation, { inputs: [{}] }, beside([]))).toEqual([]);
});

test.each([
  ['consumed-before-received', 'OperationRecorded', 'MaterialLotReceived'],
  ['accepted-before-received', 'MaterialLotAccepted', 'MaterialLotReceived'],
  ['shipped-before-released', 'ShipmentDispatched', 'LotReleased'],
])('%s: one source says it came before what another says had to come first', (code, type, cause) => {
  const record = told('some.topic.v1', 'X', 1, type, 2);
  const event = { inputs: [{}] };
  expect(codes(record, event, beside([], [told('c', 'L1', 1, cause, 5)]))).toEqual([code]);
  expect(codes(record, event, beside([], [told('c', 'L1', 1, cause, 1)]))).toEqual([]);
  expect(codes(record, event, beside([]))).toEqual([]);
});

test('used before it arrived, arrived before it left, opened before it was packed', () => {
  const gained = told('field.custody.v1', 'H|F1', 1, 'CustodyGained', 9);
  const used = told('field.custody.v1', 'H|F1', 2, 'UnitsUsed', 5);
  expect(codes(used, {}, beside([gained]))).toEqual(['used-before-arrived']);
  const shipment = told('warehouse.shipment.v1', 'S-1', 1, 'ShipmentDispatched', 12);
  const cause = { cause: { kind: 'shipment', id: 'S-1' } };
  expect(codes(gained, cause, beside([shipment]))).toEqual(['arrived-before-dispatched']);
  const packed = told('serialization.container.v1', 'C', 1, 'ContainerPacked', 8);
  const opened = told('serialization.container.v1', 'C', 2, 'ContainerUnpacked', 7);
  expect(codes(opened, {}, beside([packed]))).toEqual(['before-it-was-packed']);
});

test('what an owner found broken is told with its code', () => {
  const record = told('warehouse.stock.v1', 'L1', 1, 'StockShipped', 1);
  const violations = [{ code: 'lot-on-hold', lot: 'L1', detail: 'H-1' }];
  expect(findingsOf({ record, event: { violations }, lots: [] }, beside([]), TOLERANCES)).toEqual([
    { code: 'lot-on-hold', detail: 'H-1' },
  ]);
});
