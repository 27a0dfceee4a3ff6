import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHistory, graphOf, line } from '../../test/history.ts';
import { balanceOf } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { fromExact, toExact } from '../balance/exact.ts';
import { numberIn, NUMBERS } from '../balance/lines.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotNode } from '../genealogy/nodes.ts';
import { aggregate, DIMENSIONS, type AggregateRow, type Dimension } from './aggregate.ts';

const LOTS = ['F1', 'F2', 'F3'];

function shipped() {
  const { facts, tell } = createHistory();
  for (const lot of LOTS) {
    tell.declared(lot);
    tell.operation(`make-${lot}`, { in: [], out: [[lot, 100]] });
    tell.stocked(lot, 100);
  }
  tell.dispatched('S-1', 'EAST', [line('F1', 10), line('F2', 5)]);
  tell.arrived('S-1', 'EAST', line('F1', 10));
  tell.dispatched('S-2', 'NORTH', [line('F1', 20)]);
  tell.arrived('S-2', 'NORTH', line('F1', 20));
  tell.used('NORTH', line('F1', 3));
  tell.givenBack('R-1', 'NORTH', line('F1', 2));
  tell.returned('R-1', 'F1', 2);
  return { facts, tell };
}

const rowsBy = (graph: Genealogy, by: readonly Dimension[]): AggregateRow[] => {
  const sums = aggregate(by);
  for (const lot of LOTS) sums.add(graph, lotNode(graph, lot));
  return sums.rows();
};
const told = (graph: Genealogy, party: string, region: string) =>
  graph.parties.set(party, { name: party, nameZh: null, region, channel: 'direct', country: 'CN' });

test('what custodians have, use and get is divided by their region', () => {
  const graph = graphOf(shipped().facts);
  told(graph, 'EAST', 'east');
  told(graph, 'NORTH', 'north');
  const shown = rowsBy(graph, ['region']).map(({ keys, lots, amounts }) => [
    keys[0],
    lots,
    ...(['onHand', 'inTransit', 'atCustodian', 'used', 'shipped', 'returned'] as const).map(
      (name) => amounts[name].value,
    ),
  ]);
  expect(shown).toEqual([
    ['east', 2, '0', '5', '10', '0', '15', '0'],
    ['north', 1, '0', '0', '15', '3', '20', '2'],
    [null, 3, '267', '0', '0', '0', '0', '0'],
  ]);
});

test('by month, item and product line', () => {
  const graph = graphOf(shipped().facts);
  const bom = { revision: 'A', validFrom: '2026-01-01T00:00:00.000Z', bom: [] };
  graph.floor.products.set('IP-200', [{ ...bom, productLine: 'pumps' }]);
  expect(rowsBy(graph, ['month', 'productLine', 'item'])).toMatchObject([
    { keys: ['2026-11', 'pumps', 'IP-200'], unit: 'EA', lots: 3, amounts: { shipped: { value: '35' } } },
  ]);
});

test('groups add up to the balances, whatever they are divided by and however they are put together', () => {
  const amounts = fc.array(fc.tuple(fc.constantFrom(...LOTS), fc.constantFrom('EAST', 'NORTH', 'X'), fc.integer({ min: 1, max: 99 }), fc.constantFrom('ship', 'arrive', 'use', 'give', 'back', 'count')), { maxLength: 25 }); // prettier-ignore
  const by = fc.uniqueArray(fc.constantFrom(...DIMENSIONS), { maxLength: 3 });
  fc.assert(
    fc.property(amounts, by, (steps, dimensions) => {
      const { facts, tell } = shipped();
      steps.forEach(([lot, party, amount, what], n) => {
        const goods = line(lot, amount);
        if (what === 'ship') tell.dispatched(`T-${n % 3}`, party, [goods]);
        if (what === 'arrive') tell.arrived(`T-${n % 3}`, party, goods);
        if (what === 'use') tell.used(party, goods);
        if (what === 'give') tell.givenBack(`R-${n % 3}`, party, goods);
        if (what === 'back') tell.returned(`R-${n % 3}`, lot, amount);
        if (what === 'count') tell.adjusted(lot, amount - 50);
      });
      const graph = graphOf(facts);
      told(graph, 'EAST', 'east');
      const balances = LOTS.map((lot) => balanceOf(booksOf(graph, lotNode(graph, lot))));
      const merged = aggregate(dimensions);
      for (const lot of LOTS) {
        const one = aggregate(dimensions);
        one.add(graph, lotNode(graph, lot));
        merged.take(one.rows());
      }
      expect(merged.rows()).toEqual(rowsBy(graph, dimensions));
      for (const number of NUMBERS) {
        const sum = (values: readonly string[]) => fromExact(values.reduce((all, value) => all + toExact(value), 0n));
        expect([number, sum(merged.rows().map((row) => row.amounts[number].value))]).toEqual([
          number,
          sum(balances.map((balance) => numberIn(balance, number).value)),
        ]);
      }
    }),
  );
});
