import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHistory, graphOf, serials } from '../../test/history.ts';
import { createGenealogy } from '../genealogy/create-genealogy.ts';
import { fold } from '../genealogy/fold.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { meant } from '../genealogy/nodes.ts';
import { placeIn } from '../packed/arena.ts';
import { makeReady } from './make-ready.ts';
import { totalsOf } from './totals.ts';
import { atOnce, trace } from './trace.ts';
import type { Start } from './walk.ts';
import { extentOf, type ExtentRoom } from './extent.ts';

const LOTS = Array.from({ length: 12 }, (_, n) => `L${n}`);
const anyLot = fc.nat({ max: 11 });
const anyStep = fc.record({
  what: fc.constantFrom('make', 'make', 'make', 'again', 'split', 'box', 'expose', 'void', 'alias'),
  from: anyLot,
  also: anyLot,
  to: anyLot,
});

const ask = (graph: Genealogy, lot: string, direction: 'forward' | 'backward') =>
  atOnce(extentOf(graph, [{ lot: graph.lotIds.find(lot) ?? 0, units: 'all' }], direction, []));

test('as many lots, as far, as a trace finds; plain or not, in rooms that others used and left', () => {
  const rooms: ExtentRoom[] = [];
  fc.assert(
    fc.property(
      fc.array(anyStep, { maxLength: 20 }),
      fc.array(anyLot, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('forward', 'backward'),
      fc.boolean(),
      (steps, roots, direction, some) => {
        const { facts, tell } = createHistory();
        for (const lot of LOTS) tell.declared(lot);
        tell.commissioned('L1', serials(1, 9));
        steps.forEach(({ what, from, also, to }, at) => {
          const [a, b, c] = [`L${from}`, `L${also}`, `L${to}`];
          if (what === 'make')
            tell.operation(`op-${at}`, { in: [[a, 2], [b, 1]], out: [[c, 2]] }); // prettier-ignore
          else if (what === 'again') tell.operation(`op-${Math.max(0, at - 1)}`, { in: [[b, 1]], out: [[c, 2]] });
          else if (what === 'split')
            tell.operation(`op-${at}`, { kind: 'split', in: [[a, 2]], out: [[a, 1], [c, 1]] }); // prettier-ignore
          else if (what === 'box') tell.operation(`op-${at}`, { in: [[a, 2, { edge: 'containment' }]], out: [[c, 2]] });
          else if (what === 'expose') tell.operation(`op-${at}`, { in: [[a, 2, { edge: 'exposure' }]], out: [[c, 2]] });
          else if (what === 'void') tell.voided(`op-${Math.max(0, at - 1)}`);
          else tell.alias(c, 'ERP', `code-${at}`);
        });
        const graph = createGenealogy({ mostHot: 2 });
        facts.forEach((fact, at) => {
          fold(graph, fact);
          // What is kept from this question on must not outlive what the next facts change.
          if (at % 5 === 4) for (const lot of LOTS) for (const side of ['forward', 'backward'] as const) ask(graph, lot, side); // prettier-ignore
        });
        const starts = roots.flatMap((root): Start[] => {
          const lot = graph.lotIds.find(`L${root}`);
          const units = some && root === 1 ? serials(2, 3) : 'all';
          return lot === undefined ? [] : meant(graph, lot).map((one) => ({ lot: one, units }));
        });
        const traced = trace(graph, starts, { direction });
        const { hops, units } = atOnce(totalsOf(graph, traced));
        const extent = { lots: traced.reached.places.size, hops, units };
        expect(atOnce(extentOf(graph, starts, direction, rooms))).toEqual(extent);
      },
    ),
    { numRuns: 200 },
  );
  expect(rooms.length).toBe(1);
  for (const bits of [rooms[0]?.lots, rooms[0]?.operations]) expect(bits?.every((word) => word === 0)).toBe(true);
});

test('whoever leaves in the middle leaves nothing behind', () => {
  const { facts, tell } = createHistory();
  for (let n = 0; n < 3_000; n++) tell.operation(`op-${n}`, { in: [[`C${n}`, 1]], out: [[`C${n + 1}`, 1]] });
  const graph = graphOf(facts);
  const start: Start = { lot: graph.lotIds.find('C0') ?? -1, units: 'all' };
  const rooms: ExtentRoom[] = [{ lots: new Uint32Array(0), operations: new Uint32Array(0), queue: new Int32Array(1), passed: new Int32Array(1) }]; // prettier-ignore
  const [room] = rooms;
  const left = extentOf(graph, [start], 'forward', rooms);
  expect(left.next().done).toBe(false);
  expect(atOnce(extentOf(graph, [start], 'forward', rooms))).toEqual({ lots: 3_001, hops: 3_000, units: 0 });
  left.return({ lots: 0, hops: 0, units: 0 });
  expect(room?.lots.some((word) => word !== 0)).toBe(false);
});

test('made ready, it answers the same; whoever makes it ready lets others in between', () => {
  const { facts, tell } = createHistory();
  for (let n = 0; n < 3_000; n++) tell.operation(`op-${n}`, { in: [[`C${n}`, 1]], out: [[`C${n + 1}`, 1]] });
  const graph = graphOf(facts);
  const before = ask(graph, 'C0', 'forward');
  const work = makeReady(graph);
  expect(work.next().done).toBe(false);
  tell.operation('late', { in: [['C3000', 1]], out: [['late', 1]] });
  for (const fact of facts.slice(3_000)) fold(graph, fact);
  while (work.next().done !== true);
  // Rows that the late one changed behind it come when it is begun anew.
  atOnce(makeReady(graph));
  for (const arena of [graph.edges.children, graph.edges.parents, graph.edges.consumers])
    for (let lot = 0; lot < graph.lots.size; lot++) expect(placeIn(arena, lot)).toBeGreaterThan(0);
  expect(before).toEqual({ lots: 3_001, hops: 3_000, units: 0 });
  expect(ask(graph, 'C0', 'forward')).toEqual({ lots: 3_002, hops: 3_001, units: 0 });
});
