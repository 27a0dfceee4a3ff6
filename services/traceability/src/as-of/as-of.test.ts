import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recordedFacts, sourceOf, type RecordedFact } from '../../test/recorded.ts';
import { createHistory, graphOf, line, serials } from '../../test/history.ts';
import { scopeOf } from '../trace/answer.ts';
import { balanceOf } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { lotAt } from '../genealogy/nodes.ts';
import { createAsOf } from './as-of.store.ts';

const LOTS = Array.from({ length: 10 }, (_, n) => `L${n}`);

/** Random factories whose facts were recorded in any order, long after or at once. */
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

const history = fc
  .tuple(factories, fc.infiniteStream(fc.nat({ max: 9 })), fc.nat({ max: 9 }))
  .map(([facts, minutes, until]): { told: RecordedFact[]; at: string } => ({
    told: recordedFacts(facts, () => minutes.next().value ?? 0),
    at: `2026-11-02T00:0${until}:30.000Z`,
  }));

test('as of a moment is what folding all facts recorded until then says', async () => {
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.constantFrom(...LOTS),
      fc.constantFrom('forward', 'backward'),
      async ({ told, at }, root, direction) => {
        const whole = graphOf(told.filter(({ cited }) => cited.recordedAt <= at).map(({ fact }) => fact));
        const asOf = createAsOf(sourceOf(told), { most: 10_000 });
        const { lots, custodians, past } = await asOf.scope([root], direction, at);
        expect({ lots, custodians }).toEqual(scopeOf(whole, [root], direction));
        for (const { lot } of lots) {
          const [then, all] = [past.graph, whole].map((graph) => {
            const index = graph.lotIds.find(lot);
            return index === undefined ? null : balanceOf(booksOf(graph, lotAt(graph, index)));
          });
          expect(then).toEqual(all);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('what is read is what it is about, not the whole factory', async () => {
  const { facts, tell } = createHistory();
  tell.received('M1', 10);
  for (const n of [1, 2, 3]) tell.operation(`op-${n}`, { in: [['M1', 1]], out: [[`F${n}`, 1]] });
  for (let n = 0; n < 200; n++) tell.operation(`other-${n}`, { in: [[`X${n}`, 1]], out: [[`Y${n}`, 1]] });
  const told = recordedFacts(facts, () => 0);
  const { past } = await createAsOf(sourceOf(told), { most: 20 }).scope(['M1'], 'forward', '2026-12-01T00:00:00.000Z');
  expect(past.cited.size).toBe(4);
});

test('an answer that would take in too much is refused with how much that is', async () => {
  const { facts, tell } = createHistory();
  tell.received('M1', 10);
  for (const n of [1, 2, 3]) tell.operation(`op-${n}`, { in: [['M1', 1]], out: [[`F${n}`, 1]] });
  const asOf = createAsOf(sourceOf(recordedFacts(facts, () => 0)), { most: 3 });
  await expect(asOf.scope(['M1'], 'forward', '2026-12-01T00:00:00.000Z')).rejects.toMatchObject({
    code: 'past-too-large',
    detail: { limit: 3 },
  });
});

test('a lot that is only mentioned beside the answer is no gap of it; one in it is', async () => {
  const { facts, tell } = createHistory();
  tell.received('M1', 10);
  tell.operation('op-1', { in: [['M1', 1], ['M2', 1]], out: [['F1', 1]] }); // prettier-ignore
  const asOf = createAsOf(sourceOf(recordedFacts(facts, () => 0)), { most: 100 });
  const { gaps } = await asOf.scope(['M1'], 'forward', '2026-12-01T00:00:00.000Z');
  expect(gaps).toEqual(['lot-undeclared F1']);
});
