import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count, intersect, normalise, type SerialRange } from '@lotwarden/platform/serial-range';
import { createHistory, graphOf, line, serials } from '../../test/history.ts';
import { balanceOf } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { fromExact, toExact } from '../balance/exact.ts';
import { numberIn, NUMBERS } from '../balance/lines.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { allLots, lotNode } from '../genealogy/nodes.ts';
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

test('a month ends when it ends on the walls of the zone that was asked for', () => {
  const { facts, tell } = createHistory();
  tell.declared('F1');
  tell.dispatched('S-1', 'EAST', [line('F1', 2)]);
  const first = facts.length;
  tell.dispatched('S-2', 'EAST', [line('F1', 3)]);
  const moments = ['2026-10-31T15:59:59.000Z', '2026-10-31T16:00:00.000Z'] as const;
  const graph = graphOf(facts.map((fact, at) => ({ ...fact, occurredAt: moments[at < first ? 0 : 1] })));
  const shipped = (timeZone: string): string[] => {
    const sums = aggregate(['month'], timeZone);
    for (const lot of allLots(graph)) sums.add(graph, lot);
    return sums.rows().flatMap(({ keys, amounts }) => (amounts.shipped.value === '0' ? [] : [`${keys[0] ?? ''} ${amounts.shipped.value}`])); // prettier-ignore
  };
  expect(shipped('UTC')).toEqual(['2026-10 5']);
  expect(shipped('Asia/Shanghai')).toEqual(['2026-10 2', '2026-11 3']);
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

/** Where each unit of a lot of twenty is; every move tells its serials. */
const MOVES = {
  ship: ['onHand', 'inTransit'],
  arrive: ['inTransit', 'atCustodian'],
  use: ['atCustodian', 'used'],
  give: ['atCustodian', 'coming'],
  back: ['coming', 'onHand'],
} as const;

test('of a lot of which some units are affected only these count, wherever each is', () => {
  const unit = fc.integer({ min: 1, max: 20 });
  const moves = fc.array(fc.record({ what: fc.constantFrom('ship', 'arrive', 'use', 'give', 'back'), first: unit, size: fc.nat({ max: 9 }) } as const), { maxLength: 30 }); // prettier-ignore
  fc.assert(
    fc.property(moves, fc.uniqueArray(unit, { minLength: 1 }), (steps, some) => {
      const { facts, tell } = createHistory();
      tell.declared('F1');
      tell.operation('make-F1', { in: [], out: [['F1', 20]] });
      tell.commissioned('F1', serials(1, 20));
      tell.stocked('F1', 20);
      const where = new Map(Array.from({ length: 20 }, (_, at): [number, string] => [at + 1, 'onHand']));
      steps.forEach(({ what, first, size }, n) => {
        const [from, to] = MOVES[what];
        const moved = Array.from({ length: size + 1 }, (_, at) => first + at).filter((one) => where.get(one) === from);
        if (moved.length === 0) return;
        for (const one of moved) where.set(one, to);
        const goods = line('F1', moved.length, rangesOf(moved));
        if (what === 'ship') tell.dispatched(`S-${n}`, 'EAST', [goods]);
        if (what === 'arrive') tell.arrived('S-1', 'EAST', goods);
        if (what === 'use') tell.used('EAST', goods);
        if (what === 'give') tell.givenBack('R-1', 'EAST', goods);
        if (what === 'back') tell.returned('R-1', 'F1', moved.length, goods.serials);
      });
      const sums = aggregate([]);
      const graph = graphOf(facts);
      sums.add(graph, lotNode(graph, 'F1'), rangesOf(some));
      const there = (...places: string[]) => String(some.filter((one) => places.includes(where.get(one) ?? '')).length);
      expect(sums.told()).toEqual({ unbalanced: 0, partly: 1, atMost: 0 });
      expect(sums.rows()).toMatchObject([
        {
          lots: 1,
          amounts: {
            made: { value: String(some.length) },
            onHand: { value: there('onHand') },
            inTransit: { value: there('inTransit', 'coming') },
            atCustodian: { value: there('atCustodian') },
            used: { value: there('used') },
            unaccounted: { value: '0' },
          },
        },
      ]);
    }),
  );
});

const rangesOf = (units: readonly number[]): SerialRange[] => normalise(units.flatMap((one) => serials(one, one)));

test('where nobody told which units went, each number counts at most as many as are affected', () => {
  const { facts, tell } = createHistory();
  tell.declared('F1');
  tell.operation('make-F1', { in: [], out: [['F1', 20]] });
  tell.commissioned('F1', serials(1, 20));
  tell.stocked('F1', 20);
  tell.dispatched('S-1', 'EAST', [line('F1', 5)]);
  const graph = graphOf(facts);
  const sums = aggregate([]);
  sums.add(graph, lotNode(graph, 'F1'), serials(1, 8));
  expect(sums.told()).toEqual({ unbalanced: 0, partly: 1, atMost: 1 });
  expect(sums.rows()).toMatchObject([
    { amounts: { made: { value: '8' }, onHand: { value: '8' }, inTransit: { value: '5' } } },
  ]);
});

test('units that serialization moved because of an operation are those that it took and gave', () => {
  const { facts, tell } = createHistory();
  for (const lot of ['F1', 'F2']) tell.declared(lot);
  tell.operation('make', { in: [], out: [['F1', 20]] });
  tell.commissioned('F1', serials(1, 20));
  tell.stocked('F1', 20);
  tell.operation('rework', { kind: 'rework', in: [['F1', 6]], out: [['F2', 6]] });
  tell.serialsMoved('F1', 'F2', serials(1, 6), 'rework');
  const graph = graphOf(facts);
  const [some, sums] = [serials(4, 10), aggregate(['item'])];
  for (const lot of ['F1', 'F2']) {
    const there = lot === 'F1' ? some : intersect(some, serials(1, 6));
    sums.add(graph, lotNode(graph, lot), there);
    expect(count(there)).toBe(lot === 'F1' ? 7 : 3);
  }
  expect(sums.told()).toMatchObject({ partly: 2, atMost: 0 });
  expect(sums.rows()).toMatchObject([{ lots: 2, amounts: { made: { value: '10' }, consumed: { value: '3' } } }]);
});
