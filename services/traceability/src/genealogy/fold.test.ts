import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHistory, graphOf, line, serials } from '../../test/history.ts';
import { balanceOf } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { scopeOf } from '../trace/answer.ts';
import { gapsOf } from '../trace/completeness.ts';
import type { Fact } from './facts.ts';
import { allLots } from './nodes.ts';

/** Random factories: lots over lots, splits by serial, late inputs, voids, shipments, placeholders. */
const factories = fc
  .array(
    fc.record({
      from: fc.nat({ max: 9 }),
      also: fc.nat({ max: 9 }),
      to: fc.nat({ max: 9 }),
      what: fc.constantFrom('make', 'split', 'late', 'void', 'ship', 'alias'),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((steps) => {
    const { facts, tell } = createHistory();
    tell.received('L0', 1000, 'L-1042');
    for (let n = 1; n <= 9; n++) {
      if (n % 3 !== 0) tell.declared(`L${n}`);
      tell.commissioned(`L${n}`, serials(n * 100, n * 100 + 49));
    }
    let operations = 0;
    steps.forEach(({ from, also, to, what }, step) => {
      const [a, b, c] = [`L${from}`, `L${also}`, `L${to}`];
      if (what === 'make')
        tell.operation(`op-${operations++}`, { in: [[a, 2], [b, 1]], out: [[c, 2]] }); // prettier-ignore
      else if (what === 'split' && a !== c) {
        tell.operation(`op-${operations}`, { kind: 'split', in: [[a, 3]], out: [[c, 3]] });
        tell.serialsMoved(a, c, serials(from * 100 + step, from * 100 + step + 2), `op-${operations++}`);
      } else if (what === 'late' && operations > 0) tell.late(`op-${from % operations}`, b, 1);
      else if (what === 'void' && operations > 0) tell.voided(`op-${also % operations}`);
      else if (what === 'ship') tell.dispatched(`S-${step}`, `P${also}`, [line(c, 2, serials(to * 100, to * 100 + 1))]);
      else if (what === 'alias' && to % 3 !== 0) tell.alias(c, 'MES-SZ', `x-${step}`, `L${3 * (also % 3) + 3}`);
    });
    return facts;
  });

function answers(facts: readonly Fact[]) {
  const graph = graphOf(facts);
  return {
    scope: scopeOf(graph, ['L0'], 'forward'),
    back: scopeOf(graph, ['L8'], 'backward'),
    gaps: gapsOf(graph, []),
    balances: [...allLots(graph)]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((lot) => ({ ...balanceOf(booksOf(graph, lot)), unit: '' })),
  };
}

test('the order in which facts arrive, and how often, makes no difference', () => {
  fc.assert(
    fc.property(
      factories.chain((facts) =>
        fc.tuple(
          fc.constant(facts),
          fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
          fc.shuffledSubarray(facts),
        ),
      ),
      ([facts, shuffled, again]) => {
        expect(answers([...again, ...shuffled, ...again])).toEqual(answers(facts));
      },
    ),
    { numRuns: 150 },
  );
});

test('a missing version holds back what follows on its aggregate, and is named', () => {
  const { facts, tell } = createHistory();
  tell.received('L0', 10);
  tell.declared('F1');
  tell.operation('op-1', { in: [], out: [['F1', 1]] });
  tell.late('op-1', 'L0', 1);
  const [first, second, third, fourth] = facts as [Fact, Fact, Fact, Fact];
  const graph = graphOf([first, second, fourth]);
  expect(gapsOf(graph, [])).toEqual(['version-missing mes-bridge.operation.v1 op-1 version 1']);
  expect(scopeOf(graph, ['L0'], 'forward').lots).toHaveLength(1);
  const whole = graphOf([first, second, fourth, third]);
  expect(gapsOf(whole, [])).toEqual([]);
  expect(scopeOf(whole, ['L0'], 'forward').lots).toHaveLength(2);
});

test('what was mentioned and not declared, and operations out of nothing, are named', () => {
  const { facts, tell } = createHistory();
  tell.operation('op-1', { in: [], out: [['F1', 1]] });
  tell.operation('op-2', { in: [['F1', 1]], out: [['F2', 1]], missing: 'CAP-100: expected 2, seen none' });
  tell.declared('F2');
  tell.serialsMoved('F2', 'F1', serials(1, 2), 'op-3');
  expect(gapsOf(graphOf(facts), ['unread warehouse.stock.v1/0'])).toEqual([
    'lot-undeclared F1',
    'operation-input-missing op-2: CAP-100: expected 2, seen none',
    'operation-undeclared op-3',
    'operation-without-inputs op-1',
    'unread warehouse.stock.v1/0',
  ]);
  tell.late('op-2', 'L0', 2);
  expect(gapsOf(graphOf(facts), [])).not.toContainEqual(expect.stringContaining('op-2'));
});
