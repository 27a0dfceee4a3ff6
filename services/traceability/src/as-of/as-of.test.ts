import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asOfIn, recordedFacts, scopeFrom, type RecordedFact } from '../../test/recorded.ts';
import { at, createHistory, graphOf, line, serials } from '../../test/history.ts';
import { some, told } from '../../test/told.ts';
import { balanceOf } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { lotAt } from '../genealogy/nodes.ts';

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
      async ({ told, at: moment }, root, direction) => {
        const whole = graphOf(told.filter(({ cited }) => cited.recordedAt <= moment).map(({ fact }) => fact));
        const asOf = asOfIn(told);
        const { lots, custodians, found, past } = await asOf.scope([{ lot: root }], direction, moment);
        expect({ lots, custodians, found }).toEqual(scopeFrom(whole, [{ lot: root }], direction));
        for (const { lot } of lots) {
          const [then, all] = [past.graph, whole].map((graph) => {
            const index = graph.lotIds.find(lot);
            return index === undefined ? null : balanceOf(booksOf(graph, lotAt(graph, index)));
          });
          expect(then).toEqual(all);
        }
      },
    ),
    { numRuns: 120 },
  );
});

/** A line on which reels are mounted, changed and taken off, boards are made without saying of what, and loads are run. */
const lines = fc
  .array(
    fc.record({
      what: fc.constantFrom('mount', 'unmount', 'make', 'named', 'load', 'void'),
      machine: fc.constantFrom('SMT-1', 'SMT-2'),
      lot: fc.nat({ max: 4 }),
      hour: fc.nat({ max: 9 }),
      lasts: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 3, maxLength: 18 },
  )
  .map((steps) => {
    const { facts, tell } = createHistory();
    for (let n = 0; n <= 4; n++) if (n !== 3) tell.received(`R${n}`, 1000, `R${n}`, n % 2 === 0 ? 'CAP-100' : 'RES-1');
    const hour = (n: number): string => `${String(8 + n).padStart(2, '0')}:00`;
    let made = 0;
    steps.forEach(({ what, machine, lot, hour: begin, lasts }, step) => {
      const more = { equipment: machine, startedAt: at(hour(begin)), endedAt: at(hour(begin + lasts)) };
      if (what === 'mount') tell.mounted(`m${step}`, `R${lot}`, hour(begin), { equipment: machine });
      else if (what === 'unmount')
        tell.unmounted(`m${Math.max(0, step - 1)}`, hour(begin + lasts), { equipment: machine });
      else if (what === 'make') tell.operation(`op-${made}`, { in: [], out: [[`B${made++}`, 10]], more });
      else if (what === 'named')
        tell.operation(`op-${made}`, { in: [[`R${lot}`, 1]], out: [[`B${made++}`, 10]], more });
      else if (what === 'void' && made > 0) tell.voided(`op-${lot % made}`);
      else if (what === 'load') {
        const members = made > 0 ? [line(`B${lot % made}`, 10)] : [];
        tell.load(`LOAD-${step}`, { members, serves: [machine], startedAt: more.startedAt, endedAt: more.endedAt });
      }
    });
    return { facts, made };
  });

test('the same with what was mounted where and which load fed the line, though no operation says so', async () => {
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.infiniteStream(fc.nat({ max: 9 })),
      fc.nat({ max: 9 }),
      async ({ facts, made }, minutes, until) => {
        const told = recordedFacts(facts, () => minutes.next().value ?? 0);
        const moment = `2026-11-02T00:0${until}:30.000Z`;
        const whole = graphOf(told.filter(({ cited }) => cited.recordedAt <= moment).map(({ fact }) => fact));
        const asOf = asOfIn(told);
        for (const [root, direction] of [
          ['R0', 'forward'],
          ['R1', 'forward'],
          ['R3', 'forward'],
          [`B${made - 1}`, 'backward'],
        ] as const) {
          // prettier-ignore
          const { lots, custodians, found } = await asOf.scope([{ lot: root }], direction, moment);
          expect({ lots, custodians, found }).toEqual(scopeFrom(whole, [{ lot: root }], direction));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('what is read is what it is about, not the whole factory', async () => {
  const { facts, tell } = createHistory();
  tell.received('M1', 10);
  for (const n of [1, 2, 3]) tell.operation(`op-${n}`, { in: [['M1', 1]], out: [[`F${n}`, 1]] });
  for (let n = 0; n < 200; n++) tell.operation(`other-${n}`, { in: [[`X${n}`, 1]], out: [[`Y${n}`, 1]] });
  const told = recordedFacts(facts, () => 0);
  const { past } = await asOfIn(told, 20).scope([{ lot: 'M1' }], 'forward', '2026-12-01T00:00:00.000Z');
  expect(past.cited.size).toBe(4);
});

test('an answer that would take in too much is refused with how much that is', async () => {
  const { facts, tell } = createHistory();
  tell.received('M1', 10);
  for (const n of [1, 2, 3]) tell.operation(`op-${n}`, { in: [['M1', 1]], out: [[`F${n}`, 1]] });
  const asOf = asOfIn(
    recordedFacts(facts, () => 0),
    3,
  );
  await expect(asOf.scope([{ lot: 'M1' }], 'forward', '2026-12-01T00:00:00.000Z')).rejects.toMatchObject({
    code: 'past-too-large',
    detail: { limit: 3 },
  });
});

test('a lot that is only mentioned beside the answer is no gap of it; one in it is', async () => {
  const { facts, tell } = createHistory();
  tell.received('M1', 10);
  tell.operation('op-1', { in: [['M1', 1], ['M2', 1]], out: [['F1', 1]] }); // prettier-ignore
  const asOf = asOfIn(
    recordedFacts(facts, () => 0),
    100,
  );
  const { gaps } = await asOf.scope([{ lot: 'M1' }], 'forward', '2026-12-01T00:00:00.000Z');
  expect(gaps).toEqual(['lot-undeclared F1']);
});

test('what others told in EPCIS is known as of a moment too: a transformation in several events, and that one was wrong', async () => {
  const lot = (label: string): string => `https://id.gs1.org/01/09520123456788/10/${label}`;
  const step = fc.record({
    what: fc.constantFrom('in', 'out', 'whole', 'packed', 'unpacked', 'wrong'),
    of: fc.nat({ max: 3 }),
    also: fc.nat({ max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom('forward', 'backward'),
      async (steps, minutes, direction) => {
        const { facts, tell } = createHistory();
        tell.received('M-SZ1-261101-00001', 10, 'L-1');
        const teller = told(facts);
        const names = ['urn:lotwarden:lot:M-SZ1-261101-00001', lot('A'), lot('B'), lot('C')];
        const done: ((wrong: ReturnType<typeof told>['wrong']) => void)[] = [];
        steps.forEach(({ what, of, also }, at) => {
          const [a = '', b = ''] = [names[of], names[also]];
          const id = `e-${at}`;
          const shared = { transformationID: `t-${of % 2}` };
          const say = (by: ReturnType<typeof told>['wrong']): void => {
            if (what === 'in') by.made(id, some('input', a, 1), shared);
            else if (what === 'out') by.made(id, some('output', b, 1), shared);
            else if (what === 'whole') by.made(id, [...some('input', a, 1), ...some('output', b, 1)]);
            else if (what === 'packed') by.packed(id, `BOX-${also}`, some('child', a, 1));
            else if (what === 'unpacked') by.unpacked(id, `BOX-${also}`, some('child', a, 1));
          };
          if (what === 'wrong') done.splice(of, 1).forEach((wrongly) => wrongly(teller.wrong));
          else {
            say(teller);
            done.push(say);
          }
        });
        let next = 0;
        const recorded = recordedFacts(facts, () => minutes[next++ % minutes.length] ?? 0);
        const moment = '2026-11-02T00:05:00.000Z';
        const whole = graphOf(recorded.filter(({ cited }) => cited.recordedAt <= moment).map(({ fact }) => fact));
        const asOf = asOfIn(recorded);
        const { lots, custodians, found } = await asOf.scope([{ lot: 'M-SZ1-261101-00001' }], direction, moment);
        const root = { lot: 'M-SZ1-261101-00001' };
        expect({ lots, custodians, found }).toEqual(scopeFrom(whole, [root], direction));
      },
    ),
    { numRuns: 300 },
  );
});
