import { expect, test } from '@jest/globals';
import { createHistory, graphOf } from '../../test/history.ts';
import { scopeOf } from './answer.ts';
import { placeOf } from './numbers.ts';
import { trace } from './trace.ts';
import { waysTo } from './ways.ts';

function boards() {
  const { facts, tell } = createHistory();
  tell.operation('make', { in: [['M1', 1], ['M2', 1], ['FREE', 1]], out: [['B1', 1]] }); // prettier-ignore
  tell.operation('rework', { in: [['B1', 1], ['M1', 1]], out: [['B1', 1]] }); // prettier-ignore
  tell.operation('box', { in: [['B1', 1, { edge: 'containment' }]], out: [['BOX', 1]] });
  tell.operation('ship', { in: [['BOX', 1]], out: [['P1', 1]] });
  return { facts, tell };
}
const waysOf = (facts: Parameters<typeof graphOf>[0], lot: string) =>
  scopeOf(graphOf(facts), ['M1', 'M2'], 'forward').lots.find((one) => one.lot === lot)?.ways;

test('every last step from a lot in scope is told, in whatever order facts came; not those from elsewhere', () => {
  const { facts } = boards();
  const ways = [
    { from: 'M1', operation: 'make' },
    { from: 'M2', operation: 'make' },
    { from: 'M1', operation: 'rework' },
  ];
  expect(waysOf(facts, 'B1')).toEqual(ways);
  expect(waysOf([...facts].reverse(), 'B1')).toEqual(ways);
  expect(waysOf(facts, 'M1')).toEqual([]);
  expect(waysOf(facts, 'BOX')).toEqual([{ from: 'B1', operation: 'box' }]);
  expect(waysOf(facts, 'P1')).toBeUndefined();
});

test('of very many ways the rest stands as one, another one as soon as any of them is', () => {
  const { facts, tell } = createHistory();
  for (const n of [1, 2, 3, 4]) tell.operation(`op-${n}`, { in: [['M1', 1]], out: [['B1', 1]] });
  const cut = (): ReturnType<typeof waysTo> => {
    const graph = graphOf(facts);
    const traced = trace(graph, [{ lot: graph.lotIds.find('M1')!, units: 'all' }], { direction: 'forward' });
    return waysTo(graph, traced, placeOf(traced.reached.places, graph.lotIds.find('B1')!), 3);
  };
  const before = cut();
  expect(before).toMatchObject([{ operation: 'op-1' }, { operation: 'op-2' }, { operation: 'and-2-more' }]);
  expect(cut()).toEqual(before);
  tell.operation('op-5', { in: [['M1', 1]], out: [['B1', 1]] });
  expect(cut()[2]).not.toEqual(before[2]);
});
