import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { at, createHistory, graphOf, serials } from '../../test/history.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { operationAt } from '../genealogy/nodes.ts';
import { createStepper } from '../trace/steps.ts';
import { atOnce } from '../trace/trace.ts';
import { walk } from '../trace/walk.ts';
import { evidenceFor, type Evidence } from './evidence.ts';
import { shrinking, type Shrink } from './shrink.ts';

type History = ReturnType<typeof createHistory>;

const shrink = (graph: Genealogy, roots: readonly string[]): Shrink =>
  atOnce(shrinking(graph, { roots: roots.map((lot) => ({ lot })), most: 100 }));
const during = (from: string, to: string, more = {}) => ({ startedAt: at(from), endedAt: at(to), ...more });

/** Line 2 between two reels: the log of 14:00 to 16:00 says two lots, and nobody scanned any. */
function line2(): History {
  const history = createHistory();
  const { tell } = history;
  for (const reel of ['L-1042', 'L-2001']) tell.received(reel, 9000, reel, 'CAP-100');
  tell.mounted('m1', 'L-1042', '13:00');
  tell.unmounted('m1', '16:00');
  tell.mounted('m2', 'L-2001', '14:00');
  tell.operation('sure', { in: [], out: [['B0', 100]], more: during('13:10', '13:50') });
  for (const n of [1, 2, 3, 4])
    tell.operation(`o${n}`, { in: [], out: [[`B${n}`, 800]], more: during(`14:${n}0`, `15:${n}0`) });
  tell.operation('pump', { in: [['B4', 50]], out: [['F4', 40, serials(1, 40)]] });
  return history;
}

test('the mount log of line 2 for two hours would clear 3,200 possible boards, and the pumps made of them', () => {
  const { facts, tell } = line2();
  const before = shrink(graphOf(facts), ['L-1042']);
  expect(before.scope).toEqual({ lots: 7, units: 9000 + 100 + 3200 + 40 });
  expect(before.evidence).toMatchObject([
    { kind: 'mount-log', equipment: 'SMT-2', position: 'F1', from: at('14:10'), to: at('15:40'), decides: 4, clears: { lots: 5, units: 3240 } },
    { kind: 'scan-list', equipment: 'SMT-2', position: 'F1', from: at('13:10'), decides: 1, clears: { lots: 1, units: 100 } },
  ]); // prettier-ignore
  expect(before.together).toEqual({ lots: 6, units: 3340 });
  // The log comes: the first reel had been taken off when the second went on.
  tell.mountVoided('m1');
  tell.mounted('m1b', 'L-1042', '13:00');
  tell.unmounted('m1b', '14:00');
  const after = shrink(graphOf(facts), ['L-1042']);
  expect(before.scope.units - after.scope.units).toBe(3240);
  expect(after.evidence.map(({ kind }) => kind)).toEqual(['scan-list']);
});

test('where everything that can have been mounted is affected, no log clears anything', () => {
  const { facts } = line2();
  const { evidence } = shrink(graphOf(facts), ['L-1042', 'L-2001']);
  expect(evidence.filter(({ kind }) => kind === 'mount-log')).toEqual([]);
});

test('a link that a source is not sure of is decided by the scan list of the lot, one that was assumed by the record', () => {
  const { facts, tell } = createHistory();
  tell.operation('a', { in: [['L', 1, { certainty: 'possible' }]], out: [['A', 10]] });
  tell.operation('b', { in: [['L', 1, { certainty: 'gap-assumed' }]], out: [['B', 20]] });
  tell.operation('c', { in: [['L', 1]], out: [['C', 30]] });
  const { evidence, notWeighed } = shrink(graphOf(facts), ['L']);
  expect(evidence).toMatchObject([
    { kind: 'operation-record', operation: 'b', clears: { lots: 1, units: 20 } },
    { kind: 'scan-list', lot: 'L', clears: { lots: 1, units: 10 } },
  ]);
  expect(notWeighed).toBe(0);
  expect(atOnce(shrinking(graphOf(facts), { roots: [{ lot: 'L' }], most: 1 }))).toMatchObject({ notWeighed: 1, together: { lots: 2, units: 30 } }); // prettier-ignore
});

const hour = (n: number): string => `${String(8 + n).padStart(2, '0')}:00`;
const ITEMS: Readonly<Record<string, string>> = { R0: 'CAP', R1: 'CAP', R2: 'RES', R3: 'IC', T0: 'PIN', T1: 'PIN' };

/** A line, a shelf of pins that are not scanned well, and what is made of the boards. */
const shapes = fc.record({
  mounts: fc.array(fc.record({ reel: fc.nat(3), from: fc.nat(9), to: fc.option(fc.nat(9)), place: fc.nat(1) }), { maxLength: 6 }), // prettier-ignore
  makes: fc.array(fc.record({ from: fc.nat(9), long: fc.nat(2), pins: fc.option(fc.nat(1)), sure: fc.nat(4), amount: fc.integer({ min: 1, max: 50 }) }), { minLength: 1, maxLength: 6 }), // prettier-ignore
  uses: fc.array(fc.record({ of: fc.nat(5), sure: fc.nat(4), into: fc.nat(3), named: fc.boolean() }), { maxLength: 6 }),
});
const SURE = ['scanned', 'lot-inferred', 'backflushed', 'possible', 'gap-assumed'];

type Sketch = Parameters<History['tell']['operation']>[1];

function tellShape({ mounts, makes, uses }: typeof shapes extends fc.Arbitrary<infer S> ? S : never) {
  const history = createHistory();
  const { tell } = history;
  const sketches = new Map<string, Sketch>();
  const make = (id: string, sketch: Sketch): void => {
    sketches.set(id, sketch);
    tell.operation(id, sketch);
  };
  for (const [lot, item] of Object.entries(ITEMS)) tell.received(lot, 100, lot, item);
  mounts.forEach(({ reel, from, to, place }, n) => {
    const position = `F${place}`;
    tell.mounted(`m${n}`, `R${reel}`, hour(from), { position });
    if (to !== null) tell.unmounted(`m${n}`, hour(to), { position });
  });
  makes.forEach(({ from, long, pins, sure, amount }, n) => {
    const inputs = pins === null ? [] : [[`T${pins}`, 1, { certainty: SURE[sure] ?? '' }] as const];
    make(`o${n}`, { in: inputs, out: [[`B${n}`, amount]], more: during(hour(from), hour(from + long)) });
  });
  uses.forEach(({ of, sure, into, named }, n) => {
    const range = serials(10 * n + 1, 10 * n + 10);
    tell.commissioned(`F${into}`, range);
    make(`u${n}`, { in: [[`B${of}`, 10, { certainty: SURE[sure] ?? '' }]], out: [[`F${into}`, 10, named ? range : []]], more: { equipment: null } }); // prettier-ignore
  });
  return { ...history, sketches };
}

/** Brings the evidence: scans of other lots of the same item, and records that replace the unsure ones. */
function bring({ tell, sketches }: ReturnType<typeof tellShape>, graph: Genealogy, piece: Evidence): void {
  const fresh = (item: string): string => {
    if (graph.lotIds.find(`NEW-${item}`) === undefined) tell.received(`NEW-${item}`, 100, `NEW-${item}`, item);
    return `NEW-${item}`;
  };
  for (const { operation: index, items, without } of piece.decisions.values()) {
    const { id } = operationAt(graph, index);
    const known = sketches.get(id);
    const gone = new Set([...without].map((lot) => graph.lotIds.text(lot)));
    if (gone.size > 0 && known) {
      tell.voided(id);
      const inputs = known.in.map(([lot, n, more = {}]) => [gone.has(lot) ? fresh(ITEMS[lot] ?? 'BOARD') : lot, n, more] as const); // prettier-ignore
      tell.operation(`${id}-again`, { ...known, in: inputs });
      sketches.set(`${id}-again`, known);
    }
    for (const item of items) tell.late(gone.size > 0 ? `${id}-again` : id, fresh(item), 1);
  }
}

const ROOTS = ['R0', 'T0'];

test('bringing the evidence clears exactly as much as was said, piece by piece', () => {
  let pieces = 0;
  fc.assert(
    fc.property(shapes, (shape) => {
      const told = graphOf(tellShape(shape).facts);
      const before = shrink(told, ROOTS);
      const starts = ROOTS.map((root) => ({ lot: told.lotIds.find(root) ?? 0, units: 'all' as const }));
      const reached = atOnce(walk(told, starts, createStepper(told, 'forward'), { direction: 'forward' }));
      for (const piece of evidenceFor(told, reached)) {
        pieces += 1;
        const said = before.evidence.find(
          (one) =>
            (['kind', 'equipment', 'position', 'lot', 'operation'] as const).every((key) => one[key] === piece[key]) &&
            one.from === piece.from,
        );
        const history = tellShape(shape);
        bring(history, graphOf(history.facts), piece);
        const after = shrink(graphOf(history.facts), ROOTS);
        const cleared = {
          lots: before.scope.lots - after.scope.lots,
          units: before.scope.units - after.scope.units,
        };
        expect(cleared).toEqual(said?.clears);
      }
    }),
    { numRuns: 300 },
  );
  expect(pieces).toBeGreaterThan(300);
});
