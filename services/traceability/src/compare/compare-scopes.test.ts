import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHistory, graphOf, line, serials } from '../../test/history.ts';
import { askTrace } from '../trace/ask-trace.ts';
import { keptTraces } from '../trace/kept-traces.ts';
import type { TraceRoot } from '../trace/trace-question.ts';
import type { Pausing } from '../trace/walk.ts';
import { comparedLots, overlapOf, type Shown } from './compare-scopes.ts';
import { impactOf, supplyOf } from './supply.ts';

function done<T>(work: Pausing<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** A chain of lots, each made of some of those before it. */
const chains = fc.array(fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 12 });
const rootSets = fc.array(fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 3 }), {
  minLength: 2,
  maxLength: 4,
});

const prepared = (chain: readonly (readonly number[])[], roots: readonly (readonly TraceRoot[])[]) => {
  const { facts, tell } = createHistory();
  chain.forEach((from, n) => {
    const inputs = [...new Set(from)].filter((at) => at < n).map((at) => [`L${at}`, 1] as const);
    tell.operation(`OP-${n}`, { in: inputs, out: [[`L${n}`, 1]] });
  });
  const graph = graphOf(facts);
  let handle = 0;
  const kept = keptTraces({ now: () => 0, unique: () => `T${handle++}` });
  const traces = roots.map((set) => kept.keep(done(askTrace(graph, { roots: set, direction: 'forward' })).trace));
  const lotsOf = (at: number): Set<string> => {
    const { order, reached, unknownRoots } = kept.get(traces[at] ?? '')!;
    return new Set([...[...order].map((place) => graph.lotIds.text(reached.places.keys[place] ?? 0)), ...unknownRoots]);
  };
  return { graph, kept, traces, sets: traces.map((_, at) => lotsOf(at)) };
};

test('how scopes overlap is what their sets say, and each list pages through exactly its lots', () => {
  fc.assert(
    fc.property(chains, rootSets, fc.integer({ min: 1, max: 5 }), (chain, roots, limit) => {
      const { graph, kept, traces, sets } = prepared(
        chain,
        roots.map((set) => [...new Set(set)].map((n) => ({ lot: `L${n}` }))),
      );
      const union = [...sets.reduce((all, set) => all.union(set), new Set<string>())].sort();
      const having = (lot: string): number => sets.filter((set) => set.has(lot)).length;
      expect(done(overlapOf(graph, kept, traces))).toMatchObject({
        scopes: sets.map((set) => ({ lots: set.size, onlyHere: [...set].filter((lot) => having(lot) === 1).length })),
        inAll: union.filter((lot) => having(lot) === sets.length).length,
        inAny: union.length,
      });
      const wanted: Record<Shown, (lot: string) => boolean> = {
        all: () => true,
        'only-one': (lot) => having(lot) === 1,
        differing: (lot) => having(lot) < sets.length,
        'in-all': (lot) => having(lot) === sets.length,
      };
      for (const shown of ['all', 'only-one', 'differing', 'in-all'] as const) {
        const listed: string[] = [];
        for (let cursor: string | null | undefined; cursor !== null;) {
          const page = done(comparedLots(graph, kept, { traces, shown, limit, cursor }))!;
          expect(page.items.length).toBeLessThanOrEqual(limit);
          for (const { lot, in: has } of page.items) {
            expect(has).toEqual(sets.flatMap((set, at) => (set.has(lot) ? [at] : [])));
            listed.push(lot);
          }
          cursor = page.next;
        }
        expect(listed.sort()).toEqual(union.filter(wanted[shown]));
      }
    }),
  );
});

test('a lot that is affected in some units only says in how many', () => {
  const { facts, tell } = createHistory();
  tell.declared('F1');
  tell.operation('OP-1', { in: [], out: [['F1', 10]] });
  tell.commissioned('F1', serials(1, 10));
  const graph = graphOf(facts);
  const kept = keptTraces({ now: () => 0, unique: () => String(Math.floor(performance.now() * 1e6)) });
  const traces = [[{ lot: 'F1', serials: serials(1, 3) }], [{ lot: 'F1' }]].map((roots) =>
    kept.keep(done(askTrace(graph, { roots, direction: 'forward' })).trace),
  );
  expect(done(overlapOf(graph, kept, traces))).toMatchObject({
    scopes: [
      { lots: 1, partly: 1, units: 3 },
      { lots: 1, partly: 0, units: 10 },
    ],
  });
  expect(done(comparedLots(graph, kept, { traces, shown: 'in-all', limit: 5 }))).toMatchObject({
    items: [{ lot: 'F1', in: [0, 1], units: [3, null] }],
  });
  expect(done(overlapOf(graph, kept, ['gone']))).toBeNull();
  expect(() => done(comparedLots(graph, kept, { traces, shown: 'all', limit: 5, cursor: 'x' }))).toThrow(RangeError);
});

test('units are counted by their own certainty', () => {
  const { facts, tell } = createHistory();
  tell.received('BAD', 100);
  tell.declared('F1');
  tell.commissioned('F1', serials(1, 10));
  tell.operation('scan', { in: [['BAD', 1, { certainty: 'scanned' }]], out: [['F1', 2, serials(1, 2)]] });
  tell.operation('guess', { in: [['BAD', 8, { certainty: 'possible' }]], out: [['F1', 8, serials(3, 10)]] });
  const graph = graphOf(facts);
  const kept = keptTraces({ now: () => 0, unique: () => 'T' });
  const traces = [kept.keep(done(askTrace(graph, { roots: [{ lot: 'BAD' }], direction: 'forward' })).trace)];
  expect(done(overlapOf(graph, kept, traces))?.scopes[0]?.unitsByCertainty).toMatchObject({ scanned: 2, possible: 8 });
});

test('of a lot whose units are told by serial, only the affected ones on hand may not be shipped', () => {
  const { facts, tell } = createHistory();
  tell.declared('F1');
  tell.operation('OP-1', { in: [], out: [['F1', 10]] });
  tell.commissioned('F1', serials(1, 10));
  tell.stocked('F1', 10);
  tell.dispatched('S-1', 'EAST', [line('F1', 2, serials(1, 2))]);
  tell.released('F1');
  const graph = graphOf(facts);
  const kept = keptTraces({ now: () => 0, unique: () => 'T' });
  const roots = [{ lot: 'F1', serials: serials(1, 3) }];
  const traces = [kept.keep(done(askTrace(graph, { roots, direction: 'forward' })).trace)];
  const year = { since: '2026-01-01', until: '2027-01-01' };
  expect(done(supplyOf(graph, kept, { items: ['IP-200'], ...year, traces }))).toMatchObject([
    { onHand: { value: '8' }, usable: { value: '8' }, usableApart: [{ value: '7' }], shipped: { value: '2' } },
  ]);
});

test('days of stock left: what is not affected, by the mean of what was shipped', () => {
  const ea = (value: string) => ({ value, unit: 'EA' });
  const supply = {
    item: 'IP-200',
    unit: 'EA',
    onHand: ea('100'),
    usable: ea('80'),
    usableApart: [ea('30'), ea('0')],
    shipped: ea('60'),
  };
  expect(impactOf(supply, 0, ea('65'), 30)).toEqual({
    onHandNotAffected: ea('35'),
    usableNotAffected: ea('30'),
    shippedPerDay: ea('2'),
    daysLeft: '15.0',
  });
  expect(impactOf({ ...supply, shipped: ea('0') }, 0, ea('65'), 30)).toMatchObject({ daysLeft: null });
  expect(impactOf(supply, 1, ea('120'), 30)).toMatchObject({ onHandNotAffected: ea('0'), daysLeft: '0.0' });
});
