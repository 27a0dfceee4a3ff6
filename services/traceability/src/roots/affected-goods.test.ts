import { expect, test } from '@jest/globals';
import { createHistory, graphOf, line, serials } from '../../test/history.ts';
import { allBySerial, custodyOf } from '../trace/custody.ts';
import { askTrace } from '../trace/ask-trace.ts';
import { atOnce } from '../trace/trace.ts';
import { affectedGoods, type AffectedStock } from './affected-goods.ts';

test('of a use only the affected pieces are counted, where every piece is known by serial', () => {
  const { facts, tell } = createHistory();
  tell.declared('F1');
  tell.commissioned('F1', serials(1, 100));
  tell.arrived('S-1', 'clinic', line('F1', 5, serials(1, 5)));
  tell.used('clinic', line('F1', 5, serials(1, 5)));
  tell.used('clinic', line('F1', 3));
  const graph = graphOf(facts);
  const roots = [{ lot: 'F1', serials: serials(1, 2) }];
  const { trace } = atOnce(askTrace(graph, { roots, direction: 'forward' }));
  const { items } = atOnce(affectedGoods(graph, trace, { trace: '', part: 'users', lots: 10, from: 0 }));
  expect(items).toMatchObject([
    { quantity: { value: '2', unit: 'EA' }, serials: serials(1, 2) },
    // Nobody said which pieces these were.
    { quantity: { value: '3', unit: 'EA' }, serials: [] },
  ]);
});

test('of a lot of which some units are affected only these are counted where they lie; where nobody told, at most as many', () => {
  const { facts, tell } = createHistory();
  tell.declared('F1');
  tell.operation('OP-1', { in: [], out: [['F1', 10]] });
  tell.commissioned('F1', serials(1, 10));
  tell.stocked('F1', 10);
  tell.dispatched('S-1', 'clinic', [line('F1', 2, serials(1, 2))]);
  const stock = () => {
    const graph = graphOf(facts);
    const roots = [{ lot: 'F1', serials: serials(1, 4) }];
    const { trace } = atOnce(askTrace(graph, { roots, direction: 'forward' }));
    const { items } = atOnce(affectedGoods(graph, trace, { trace: '', part: 'stock', lots: 10, from: 0 }));
    return (items as AffectedStock[]).map(({ affected, location, quantity }) => [affected, location, quantity.value]);
  };
  expect(stock()).toEqual([['some', 'STORE', '2']]);
  // Two affected ones are on hand; nobody said whether they are among the three that went to the rack.
  tell.moved('F1', 3, 'STORE', 'RACK');
  expect(stock()).toEqual([
    ['at-most', 'RACK', '2'],
    ['at-most', 'STORE', '2'],
  ]);
  tell.dispatched('S-2', 'clinic', [line('F1', 1)]);
  expect(stock()).toEqual([
    ['at-most', 'RACK', '3'],
    ['at-most', 'STORE', '4'],
  ]);
});

test('ten boxes with ten scanned pieces are not all known: whoever holds them is told of any affected piece', () => {
  const { facts, tell } = createHistory();
  tell.declared('F1');
  tell.commissioned('F1', serials(1, 100));
  const boxes = { ...line('F1', 10, serials(1, 10)), quantity: { value: '10', unit: 'BX' } };
  tell.arrived('S-1', 'clinic', boxes);
  const graph = graphOf(facts);
  const lot = graph.lotIds.find('F1') ?? -1;
  expect(custodyOf(graph, lot, serials(50, 60))).toMatchObject([
    ['clinic', { quantity: { value: '10', unit: 'BX' }, serials: [] }],
  ]);
  expect(allBySerial({ value: '10', unit: 'EA' }, serials(1, 10))).toBe(true);
});
