import { expect, test } from '@jest/globals';
import { createHistory, graphOf } from '../../test/history.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { operationNode } from '../genealogy/nodes.ts';
import { operationBalance } from './operation-balance.ts';

const specify = (graph: Genealogy, product: string, bom: readonly (readonly [item: string, per: string])[]): void => {
  const lines = bom.map(([item, quantityPer]) => ({ item, quantityPer, unit: 'EA' }));
  graph.floor.products.set(product, [
    { revision: 'A', validFrom: '2026-01-01T00:00:00.000Z', productLine: null, bom: lines },
  ]);
};
const shown = (graph: Genealogy, operation: string) => {
  const { items, balanced } = operationBalance(graph, operationNode(graph, operation));
  const values = items.map(({ item, in: taken, out, scrap, consumed, loss }) =>
    [item, taken.value, out.value, scrap.value, consumed?.value ?? '-', loss?.value ?? '-'].join(' '),
  );
  return { values, balanced };
};

test('what goes through must come out or be scrapped: the rest is loss', () => {
  const { facts, tell } = createHistory();
  tell.declared('F1');
  tell.declared('F2');
  tell.operation('split', { kind: 'split', in: [['F1', 20]], out: [['F1', 12], ['F2', 7]] }); // prettier-ignore
  expect(shown(graphOf(facts), 'split')).toEqual({ values: ['IP-200 20 19 0 - 1'], balanced: false });
});

test('what is made consumes by its bill of material; scrap is made too', () => {
  const { facts, tell } = createHistory();
  tell.received('M-1', 1000);
  tell.declared('B1', 'intermediate');
  tell.operation('board', { in: [['M-1', 105]], out: [['B1', 50]], scrap: [['B1', 2]] });
  const graph = graphOf(facts);
  expect(shown(graph, 'board')).toEqual({ values: ['BOARD-7 0 50 2 - -', 'CAP-100 105 0 0 - -'], balanced: true });
  specify(graph, 'BOARD-7', [['CAP-100', '2'], ['PCB-1', '1']]); // prettier-ignore
  expect(shown(graph, 'board')).toEqual({
    values: ['BOARD-7 0 50 2 - -', 'CAP-100 105 0 0 104 1', 'PCB-1 0 0 0 52 -52'],
    balanced: false,
  });
});

test('where another item stood in for one of the bill, none is missing for sure', () => {
  const { facts, tell } = createHistory();
  tell.received('M-1', 100);
  tell.received('M-2', 100, 'S-2', 'CAP-200');
  tell.declared('B1', 'intermediate');
  tell.operation('board', { in: [['M-1', 60], ['M-2', 40]], out: [['B1', 50]] }); // prettier-ignore
  const graph = graphOf(facts);
  specify(graph, 'BOARD-7', [['CAP-100', '2']]);
  expect(shown(graph, 'board')).toEqual({
    values: ['BOARD-7 0 50 0 - -', 'CAP-100 60 0 0 100 -', 'CAP-200 40 0 0 - -'],
    balanced: true,
  });
});

test('an operation says which event told it', () => {
  const { facts, tell } = createHistory();
  tell.operation('op', { in: [['F1', 1]], out: [['F1', 1]] });
  const graph = graphOf(facts);
  expect(operationBalance(graph, operationNode(graph, 'op'))).toMatchObject({
    kind: 'make',
    voided: false,
    balanced: true,
    events: [{ id: 'op:1@test', topic: 'mes-bridge.operation.v1' }],
  });
});
