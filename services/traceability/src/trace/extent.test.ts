import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHistory, graphOf, serials } from '../../test/history.ts';
import { meant } from '../genealogy/nodes.ts';
import { atOnce, trace } from './trace.ts';
import type { Start } from './walk.ts';
import { extentOf, type ExtentRoom } from './extent.ts';

const LOTS = Array.from({ length: 12 }, (_, n) => `L${n}`);
const anyLot = fc.nat({ max: 11 });
const anyStep = fc.record({
  what: fc.constantFrom('make', 'make', 'make', 'split', 'box', 'expose', 'void', 'alias'),
  from: anyLot,
  also: anyLot,
  to: anyLot,
});

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
          else if (what === 'split')
            tell.operation(`op-${at}`, { kind: 'split', in: [[a, 2]], out: [[a, 1], [c, 1]] }); // prettier-ignore
          else if (what === 'box') tell.operation(`op-${at}`, { in: [[a, 2, { edge: 'containment' }]], out: [[c, 2]] });
          else if (what === 'expose') tell.operation(`op-${at}`, { in: [[a, 2, { edge: 'exposure' }]], out: [[c, 2]] });
          else if (what === 'void') tell.voided(`op-${Math.max(0, at - 1)}`);
          else tell.alias(c, 'ERP', `code-${at}`);
        });
        const graph = graphOf(facts);
        const starts = roots.flatMap((root): Start[] => {
          const lot = graph.lotIds.find(`L${root}`);
          const units = some && root === 1 ? serials(2, 3) : 'all';
          return lot === undefined ? [] : meant(graph, lot).map((one) => ({ lot: one, units }));
        });
        const { reached, paths } = trace(graph, starts, { direction });
        const hops = Array.from({ length: reached.places.size }, (_, place) => paths.shortest.hops[place] ?? 0);
        const extent = { lots: reached.places.size, hops: Math.max(0, ...hops) };
        expect(atOnce(extentOf(graph, starts, direction, rooms))).toEqual(extent);
      },
    ),
    { numRuns: 500 },
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
  expect(atOnce(extentOf(graph, [start], 'forward', rooms))).toEqual({ lots: 3_001, hops: 3_000 });
  left.return({ lots: 0, hops: 0 });
  expect(room?.lots.some((word) => word !== 0)).toBe(false);
});
