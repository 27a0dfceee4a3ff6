import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHistory, graphOf, line } from '../../test/history.ts';
import type { Fact } from '../genealogy/facts.ts';
import { lotNode } from '../genealogy/nodes.ts';
import { balanceOf } from './balance.ts';
import { booksOf } from './books.ts';
import { fromExact, toExact } from './exact.ts';
import { linesAt, linesOf, numberIn, NUMBERS } from './lines.ts';

const LOTS = ['M-1', 'F-1', 'F-2'];
const booksIn = (facts: readonly Fact[]) => {
  const graph = graphOf(facts);
  return LOTS.map((lot) => booksOf(graph, lotNode(graph, lot)));
};
const sum = (lines: readonly { quantity: { value: string } }[]): string =>
  fromExact(lines.reduce((total, { quantity }) => total + toExact(quantity.value), 0n));

/** Anything that may be told of three lots, whether it fits together or not. */
const anyHistory = fc
  .array(
    fc.record({
      lot: fc.constantFrom(...LOTS),
      amount: fc.integer({ min: 1, max: 1_000 }),
      what: fc.constantFrom('receive', 'stock', 'issue', 'sample', 'make', 'consume', 'scrap', 'ship', 'arrive', 'use', 'give', 'back', 'destroy', 'count', 'split'), // prettier-ignore
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    const { facts, tell } = createHistory();
    steps.forEach(({ lot, amount, what }, n) => {
      const goods = line(lot, amount);
      const [id, party] = [`op-${n}`, `P-${amount % 3}`];
      if (what === 'receive') tell.received(lot, amount);
      if (what === 'stock') tell.stocked(lot, amount);
      if (what === 'issue') tell.issued(lot, amount);
      if (what === 'sample') tell.issued(lot, amount, 'sample');
      if (what === 'make') tell.operation(id, { in: [], out: [[lot, amount]] });
      if (what === 'consume') tell.operation(id, { in: [[lot, amount]], out: [['X', 1]] });
      if (what === 'scrap') tell.operation(id, { kind: 'rework', in: [], out: [], scrap: [[lot, amount]] });
      if (what === 'split') tell.operation(id, { kind: 'split', in: [[lot, amount]], out: [[lot, amount - 1], ['Y', 1]] }); // prettier-ignore
      if (what === 'ship') tell.dispatched(`S-${n}`, party, [goods]);
      if (what === 'arrive') tell.arrived(`S-${n}`, party, goods);
      if (what === 'use') tell.used(party, goods);
      if (what === 'give') tell.givenBack(`R-${n}`, party, goods);
      if (what === 'back') tell.returned(`R-${n}`, lot, amount);
      if (what === 'destroy') tell.destroyed(lot, amount);
      if (what === 'count') tell.adjusted(lot, amount - 500);
    });
    return facts;
  });

test('the lines behind each number add up to it, whatever was told', () => {
  fc.assert(
    fc.property(anyHistory, (facts) => {
      for (const books of booksIn(facts)) {
        const balance = balanceOf(books);
        for (const number of NUMBERS)
          expect([number, sum(linesOf(books, number))]).toEqual([number, numberIn(balance, number).value]);
        for (const { site, location, quantity } of balance.onHandAt)
          expect(sum(linesAt(books, site, location))).toBe(quantity.value);
        expect(sum(balance.onHandByStatus)).toBe(sum(balance.onHandAt));
      }
    }),
    { numRuns: 200 },
  );
});

test('a line names its event, its cause and the other side', () => {
  const { facts, tell } = createHistory();
  tell.received('M-1', 100);
  tell.stocked('M-1', 100, 'R-7');
  tell.issued('M-1', 30);
  tell.adjusted('M-1', -5);
  tell.dispatched('S-1', 'HOSPITAL', [line('M-1', 10)]);
  tell.arrived('S-1', 'HOSPITAL', line('M-1', 10));
  const [books] = booksIn(facts);
  const shown = (number: (typeof NUMBERS)[number]) =>
    linesOf(books!, number).map(({ quantity, against, of, custodian }) => [quantity.value, against, of, custodian]);
  expect(shown('onHand')).toEqual([
    ['100', 'process', 'R-7', null],
    ['-30', 'process', 'WO-1', null],
    ['-5', 'adjusted', 'count', null],
    ['-10', 'transport', 'S-1', null],
  ]);
  expect(shown('unaccounted')).toEqual([['5', 'onHand', 'count', null]]);
  expect(shown('atCustodian')).toEqual([['10', 'transport', 'S-1', 'HOSPITAL']]);
  expect(linesOf(books!, 'onHand')[0]).toMatchObject({
    event: 'M-1:1@test',
    topic: 'warehouse.stock.v1',
    occurredAt: '2026-11-01T08:00:00.000Z',
  });
});

test('what is overdrawn is missing, and its lines say of what', () => {
  const { facts, tell } = createHistory();
  tell.stocked('M-1', 10);
  const [books] = booksIn(facts);
  expect(balanceOf(books!).buckets).toMatchObject({ inProcess: { value: '0' }, unaccounted: { value: '-10' } });
  expect(linesOf(books!, 'inProcess')).toEqual([]);
  expect(linesOf(books!, 'unaccounted')).toMatchObject([{ account: 'process', quantity: { value: '-10' } }]);
});
