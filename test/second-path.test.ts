import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '../services/traceability/src/genealogy/fold.ts';
import { answerers } from '../services/traceability/src/graph/questions.ts';
import { keptTraces } from '../services/traceability/src/trace/kept-traces.ts';
import { atOnce } from '../services/traceability/src/trace/trace.ts';
import { publishScope } from '../services/traceability/src/standing-question/publish-scope.ts';
import {
  digestsIn,
  evolve,
  UNKNOWN_QUESTION,
} from '../services/traceability/src/standing-question/standing-question.ts';
import { createHistory, graphOf } from '../services/traceability/test/history.ts';
import { widen, type HeldLot } from '../services/recall/src/hold/held-lot.ts';
import { mergeLot, type ScopedLot } from '../services/recall/src/scope/scope.ts';
import { behindNewWays } from '../services/recall/src/scope/ways.ts';

const CASE = 'RC-2026-1';
const HOLD = `H-${CASE}`;
const LOTS = 7;
const ROOTS = ['L0', 'L1'];
const lotIds = Array.from({ length: LOTS }, (_, n) => `L${String(n)}`);

/** One operation: what went in, and what came out; inputs have smaller numbers, so that nothing goes round. */
interface Edge {
  readonly operation: string;
  readonly from: string;
  readonly to: string;
}

/** Every path from a root to each lot, by enumeration: what the services must agree with. */
function pathsTo(edges: readonly Edge[]): Map<string, Set<string>> {
  const paths = new Map(lotIds.map((lot) => [lot, new Set(ROOTS.includes(lot) ? [lot] : [])]));
  for (const lot of lotIds)
    for (const { from, to, operation } of edges)
      if (to === lot) for (const path of paths.get(from) ?? []) paths.get(to)?.add(`${path} ${operation} ${lot}`);
  return paths;
}

/** What traceability says of a history, and what recall makes of it. */
function services() {
  const { facts, tell } = createHistory();
  const graph = graphOf([]);
  let folded = 0;
  let question = evolve(UNKNOWN_QUESTION, {
    type: 'StandingQuestionRegistered',
    question: CASE,
    roots: ROOTS,
    filters: [],
  });
  const said = new Map<string, string>();
  const scope = new Map<string, ScopedLot>();
  const held = new Map<string, HeldLot>();

  const say = (): void => {
    for (const fact of facts.slice(folded)) fold(graph, fact);
    folded = facts.length;
    const traces = keptTraces({ now: () => 0, unique: () => 'T' });
    const known = {
      graph,
      marks: new Map(),
      expected: { targets: [], missing: [] },
      unreadable: [],
      traces,
      rooms: [],
    };
    const answered = atOnce(answerers.scope(known, { roots: ROOTS, direction: 'forward' }));
    for (const event of publishScope(question, said, answered)) {
      for (const [lot, digest] of digestsIn(event)) said.set(lot, digest);
      question = evolve(question, event);
      if (event.type !== 'ScopeChanged') continue;
      const now = event.lots.map((line) => mergeLot(scope.get(line.lot), CASE, line, event.sequence));
      const behind = behindNewWays([...scope.values()], now);
      for (const line of now) scope.set(line.lot, line);
      for (const { lot, serials } of scope.values()) {
        const next = widen(held.get(lot), { hold: HOLD, lot }, { serials, unreviewed: behind.has(lot) });
        if (next) held.set(lot, next);
      }
    }
  };
  return {
    tell,
    say,
    release: () => {
      for (const [lot, one] of held) held.set(lot, { ...one, state: 'released', pending: false });
    },
    holds: () => [...held.values()].filter(({ state }) => state === 'held').map(({ lot }) => lot),
  };
}

const anyEdges = fc
  .array(fc.tuple(fc.nat(4), fc.nat(LOTS - 2), fc.nat(LOTS - 2)), { minLength: 1, maxLength: 8 })
  .map((drawn) =>
    drawn.map(([operation, a, b]): Edge => {
      const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
      return { operation: `op-${String(to)}-${String(operation)}`, from: `L${String(from)}`, to: `L${String(to)}` };
    }),
  );

/** One operation has one output here, and any number of inputs: those that are known at first, and those told late. */
const byOperation = (edges: readonly Edge[]) =>
  [...Map.groupBy(edges, ({ operation }) => operation)].map(([operation, own]) => ({
    operation,
    to: own[0]!.to,
    inputs: [...new Set(own.map(({ from }) => from))],
  }));

test('after a release each lot with a new path from a root is held again, and no other', () => {
  fc.assert(
    fc.property(anyEdges, anyEdges, (known, late) => {
      const { tell, say, release, holds } = services();
      for (const { operation, to, inputs } of byOperation(known))
        tell.operation(operation, { in: inputs.map((lot) => [lot, 1]), out: [[to, 1]] });
      say();
      release();
      const edges = [...known];
      for (const edge of late) {
        const before = pathsTo(edges);
        edges.push(edge);
        const after = pathsTo(edges);
        if (known.some(({ operation }) => operation === edge.operation)) tell.late(edge.operation, edge.from, 1);
        else tell.operation(edge.operation, { in: [[edge.from, 1]], out: [[edge.to, 1]] });
        known = [...known, edge];
        say();
        const gained = lotIds.filter((lot) => (after.get(lot)?.size ?? 0) > (before.get(lot)?.size ?? 0));
        expect(holds().sort()).toEqual(gained);
        release();
      }
    }),
    { numRuns: 300 },
  );
});

test('a voided way that is replaced by another holds again; a lot split in itself does not', () => {
  const { tell, say, release, holds } = services();
  tell.operation('op-a', { in: [['L0', 1]], out: [['L3', 1]] });
  tell.operation('op-b', { in: [['L3', 1]], out: [['L4', 1]] });
  say();
  release();
  tell.operation('op-split', { in: [['L3', 1]], out: [['L3', 1]] }); // prettier-ignore
  tell.voided('op-b');
  say();
  expect(holds()).toEqual([]);
  tell.operation('op-c', { in: [['L3', 1]], out: [['L4', 1]] });
  say();
  expect(holds()).toEqual(['L4']);
});
