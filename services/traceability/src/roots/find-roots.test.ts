import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { at, createHistory, graphOf, line, serials } from '../../test/history.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { operationAt } from '../genealogy/nodes.ts';
import { atOnce } from '../trace/trace.ts';
import { findRoots } from './find-roots.ts';
import type { OperationsWhere, Root } from './roots.ts';

/** What each root is found to be: lots with their units, operations. */
function found(graph: Genealogy, ...roots: Root[]) {
  const { lots, operations, found: each } = atOnce(findRoots(graph, roots));
  return {
    is: each.map(({ is }) => is),
    lots: [...lots].map(([lot, units]) => [
      graph.lotIds.text(lot),
      units === 'all' ? 'all' : units.map(({ first, last }) => [first, last]),
    ]),
    operations: [...operations].map((operation) => graph.operationIds.text(operation)).sort(),
  };
}

/** Two machines, two suppliers' lots, one day. */
function day() {
  const { facts, tell } = createHistory();
  tell.received('L1', 100);
  tell.received('L2', 100, 'S-2', 'RES-7');
  tell.declared('F1');
  tell.declared('F2');
  const op = (id: string, equipment: string, from: string, to: string, more: object = {}) =>
    tell.operation(id, {
      in: [['L1', 1]],
      out: [['F1', 1]],
      more: { equipment, startedAt: at(from), endedAt: at(to), ...more },
    });
  op('op-1', 'SMT-1', '08:00', '09:00', { tools: ['T-1', 'T-2'], softwareVersion: '1.4' });
  op('op-2', 'SMT-1', '09:00', '10:00', { gauges: ['G-1'], operator: 'wang' });
  op('op-3', 'SMT-2', '08:30', '09:30', { parameters: [{ name: 'peak', value: '251.5', unit: 'CEL' }] });
  op('op-4', 'SMT-2', '11:00', '12:00', { parameters: [{ name: 'peak', value: '245', unit: 'CEL' }], load: 'LOAD-1' });
  return { facts, tell };
}

const operations = (graph: Genealogy, operationsWhere: OperationsWhere) => found(graph, { operationsWhere }).operations;

test('a lot is found by our id, by any name, and whole or with units of it; a stranger is unknown, a shared name ambiguous', () => {
  const { facts, tell } = day();
  tell.received('L3', 5, 'S-2');
  const graph = graphOf(facts);
  expect(found(graph, { lot: 'L1' }, { lot: { system: 'MES-SZ', code: 'mes-F1' } })).toMatchObject({
    is: ['known', 'known'],
    lots: [
      ['L1', 'all'],
      ['F1', 'all'],
    ],
  });
  expect(found(graph, { lot: 'F1', serials: serials(3, 4) }).lots).toEqual([['F1', [[3, 4]]]]);
  expect(found(graph, { lot: 'NOBODY' }, { lot: 'L1' })).toMatchObject({ is: ['unknown', 'known'], lots: [['L1', 'all']] }); // prettier-ignore
  expect(atOnce(findRoots(graph, [{ lot: 'S-2' }])).found).toMatchObject([{ is: 'ambiguous', candidates: ['L2', 'L3'] }]); // prettier-ignore
});

test('units are found in every lot that they ever were in', () => {
  const { facts, tell } = day();
  tell.commissioned('F1', serials(1, 100));
  tell.commissioned('F2', serials(101, 150));
  tell.serialsMoved('F1', 'F2', serials(10, 19), 'op-9');
  const graph = graphOf(facts);
  expect(found(graph, { serials: serials(15, 15) }).lots).toEqual([
    ['F1', [[15, 15]]],
    ['F2', [[15, 15]]],
  ]);
  expect(found(graph, { serials: serials(95, 105) }).lots).toEqual([
    ['F1', [[95, 100]]],
    ['F2', [[101, 105]]],
  ]);
  expect(found(graph, { serials: serials(900, 900) }).is).toEqual(['unknown']);
  const some = atOnce(findRoots(graph, [{ serials: serials(145, 160) }, { lot: 'F1', serials: serials(90, 120) }]));
  expect(some.found).toMatchObject([
    { is: 'known', unknownSerials: serials(151, 160) },
    { is: 'known', unknownSerials: serials(101, 120) },
  ]);
  expect(found(graph, { serials: serials(20, 30) }, { serials: serials(25, 35) }).lots).toEqual([['F1', [[20, 35]]]]);
});

test('operations are found by machine and time, operator, tool, gauge, versions, load and measured values; voided ones are not', () => {
  const { facts, tell } = day();
  const graph = graphOf(facts);
  expect(operations(graph, { equipment: 'SMT-1' })).toEqual(['op-1', 'op-2']);
  expect(operations(graph, { equipment: 'SMT-2', from: at('09:00'), to: at('10:30') })).toEqual(['op-3']);
  expect(operations(graph, { tool: 'T-2' })).toEqual(['op-1']);
  expect(operations(graph, { gauge: 'G-1', operator: 'wang' })).toEqual(['op-2']);
  expect(operations(graph, { gauge: 'G-1', operator: 'op-7' })).toEqual([]);
  expect(operations(graph, { softwareVersion: '1.4' })).toEqual(['op-1']);
  expect(operations(graph, { load: 'LOAD-1' })).toEqual(['op-4']);
  expect(operations(graph, { parameter: { name: 'peak', unit: 'CEL', above: '250' } })).toEqual(['op-3']);
  expect(operations(graph, { parameter: { name: 'peak', unit: 'CEL', below: '248', above: '260' } })).toEqual(['op-4']);
  expect(operations(graph, { parameter: { name: 'peak', unit: 'FAH' } })).toEqual([]);
  tell.voided('op-3');
  expect(operations(graphOf(facts), { parameter: { name: 'peak', unit: 'CEL', above: '250' } })).toEqual([]);
});

test('lots are found by supplier, item and time of receipt', () => {
  const graph = graphOf(day().facts);
  const lots = (lotsWhere: Extract<Root, { lotsWhere: unknown }>['lotsWhere']) =>
    found(graph, { lotsWhere }).lots.map(([lot]) => lot);
  expect(lots({ supplier: 'SUP-HX' })).toEqual(['L1', 'L2']);
  expect(lots({ supplier: 'SUP-HX', item: 'RES-7' })).toEqual(['L2']);
  expect(lots({ supplier: 'SUP-HX', from: '2026-11-02T00:00:00.000Z' })).toEqual([]);
  expect(lots({ item: 'IP-200', revision: 'A' })).toEqual(['F1', 'F2']);
  expect(found(graph, { lotsWhere: { supplier: 'SUP-NOBODY' } }).is).toEqual(['nothing']);
});

test('of a filter each value is named that nobody ever told; one that only fits nothing is no such value', () => {
  const graph = graphOf(day().facts);
  const never = (root: Root) => atOnce(findRoots(graph, [root])).found[0]?.neverTold;
  expect(never({ lotsWhere: { supplier: 'Huaxin', item: 'RES-7' } })).toEqual(['supplier Huaxin']);
  expect(never({ lotsWhere: { supplier: 'SUP-HX', from: '2026-11-02T00:00:00.000Z' } })).toEqual([]);
  const parameter = { name: 'peek', unit: 'CEL', above: '250' };
  expect(never({ operationsWhere: { equipment: 'SMT1', operator: 'wang', parameter } })).toEqual([
    'equipment SMT1',
    'parameter peek',
  ]);
  expect(never({ lot: 'NOBODY' })).toEqual([]);
});

test('what else went through the same machine at the same time', () => {
  const graph = graphOf(day().facts);
  expect(found(graph, { alongside: { operation: 'op-2', minutes: 0 } }).operations).toEqual(['op-2']);
  expect(found(graph, { alongside: { operation: 'op-2', minutes: 30 } }).operations).toEqual(['op-1', 'op-2']);
  expect(found(graph, { alongside: { lot: 'F1', minutes: 0 } }).operations).toEqual(['op-1', 'op-2', 'op-3', 'op-4']);
  expect(found(graph, { alongside: { operation: 'op-99', minutes: 0 } }).is).toEqual(['unknown']);
});

test('a measured value is compared exactly, however many digits it has', () => {
  const { facts, tell } = createHistory();
  const value = '9007199254740993.000000001';
  tell.operation('op-1', { in: [], out: [['F1', 1]], more: { parameters: [{ name: 'n', value, unit: 'C62' }] } });
  const above = (limit: string) => operations(graphOf(facts), { parameter: { name: 'n', unit: 'C62', above: limit } });
  expect(above('9007199254740993')).toEqual(['op-1']);
  expect(above('9007199254740993.000000001')).toEqual([]);
});

test('what a root leaves out, and what nobody can say of it, makes an answer incomplete', () => {
  const { facts, tell } = day();
  tell.operation('op-9', { in: [], out: [['F9', 1]], more: { equipment: null } });
  const graph = graphOf(facts);
  const gaps = (root: Parameters<typeof findRoots>[1][number]) => atOnce(findRoots(graph, [root])).found[0]?.gaps;
  expect(gaps({ lot: 'F1' })).toEqual([]);
  expect(gaps({ lot: 'F1', serials: serials(1, 90_000) })).toEqual([expect.stringMatching(/^serials-unknown 0690/)]);
  expect(gaps({ lot: 'NOBODY' })).toEqual(['root-unknown NOBODY']);
  expect(gaps({ alongside: { operation: 'op-9', minutes: 5 } })).toEqual(['operation-without-machine-or-time op-9']);
});

test('a container is what is in it and in its boxes, by unit where that is known; of the rest the whole lot', () => {
  const { facts, tell } = day();
  tell.packed('C-1', [line('F1', 2, serials(1, 2))]);
  tell.packed('C-2', [line('F2', 5)]);
  tell.packed('P-1', [line('F1', 2, serials(1, 2)), line('F2', 5)], ['C-1', 'C-2'], 'pallet');
  const graph = graphOf(facts);
  expect(found(graph, { container: 'C-1' }).lots).toEqual([['F1', [[1, 2]]]]);
  const pallet = atOnce(findRoots(graph, [{ container: 'P-1' }]));
  expect(pallet.found).toMatchObject([{ is: 'known', lots: 2, wholeLots: true }]);
  expect(found(graph, { container: 'P-1' }).lots).toEqual(
    expect.arrayContaining([
      ['F1', [[1, 2]]],
      ['F2', 'all'],
    ]),
  );
  tell.unpacked('C-1');
  expect(found(graphOf(facts), { container: 'C-1' }, { container: 'NONE' }).is).toEqual(['nothing', 'unknown']);
});

test('what lies loose between the boxes of a pallet is on it too; a line without units means any of its lot', () => {
  const { facts, tell } = day();
  tell.packed('C-1', [line('F1', 2, serials(1, 2))]);
  const inC1 = { ...line('F1', 2, serials(1, 2)), containers: ['C-1'] };
  tell.packed('P-1', [line('F2', 3, serials(7, 9)), inC1], ['C-1'], 'pallet');
  tell.packed('P-2', [line('F1', 1), inC1], ['C-1'], 'pallet');
  const graph = graphOf(facts);
  expect(found(graph, { container: 'P-1' }).lots).toEqual(
    expect.arrayContaining([
      ['F1', [[1, 2]]],
      ['F2', [[7, 9]]],
    ]),
  );
  expect(found(graph, { container: 'P-2' }).lots).toEqual([['F1', 'all']]);
});

const machines = ['A', 'B', 'C'] as const;
const anyRun = fc.record({
  equipment: fc.constantFrom(...machines),
  operator: fc.constantFrom('x', 'y'),
  start: fc.nat(20),
  length: fc.nat(3),
  voided: fc.boolean(),
});
const hour = (n: number): string => new Date(Date.UTC(2026, 10, 1, n)).toISOString();

test('a filter finds exactly what one would find by looking at every operation', () => {
  fc.assert(
    fc.property(
      fc.array(anyRun, { maxLength: 30 }),
      fc.constantFrom(...machines, undefined),
      fc.constantFrom('x', 'y', undefined),
      fc.nat(20),
      fc.nat(6),
      (runs, equipment, operator, from, length) => {
        fc.pre(equipment !== undefined || operator !== undefined);
        const { facts, tell } = createHistory();
        runs.forEach(({ equipment: machine, operator: person, start, length: hours, voided }, index) => {
          const more = { equipment: machine, operator: person, startedAt: hour(start), endedAt: hour(start + hours) };
          tell.operation(`op-${String(index)}`, { in: [['L1', 1]], out: [['F1', 1]], more });
          if (voided) tell.voided(`op-${String(index)}`);
        });
        const graph = graphOf(facts);
        const window = { from: hour(from), to: hour(from + length) };
        const naive: string[] = [];
        for (let index = 0; index < runs.length; index++) {
          const { voided, head, id } = operationAt(graph, index);
          if (voided || head === null) continue;
          if (equipment !== undefined && head.equipment !== equipment) continue;
          if (operator !== undefined && head.operator !== operator) continue;
          const [start, end] = [Date.parse(head.startedAt), Date.parse(head.endedAt)];
          const [a, b] = [Date.parse(window.from), Math.max(Date.parse(window.to), Date.parse(window.from) + 1)];
          if (start === end ? start >= a && start < b : start < b && end > a) naive.push(id);
        }
        expect(operations(graph, { equipment, operator, ...window })).toEqual(naive.sort());
      },
    ),
    { numRuns: 60 },
  );
});
