import { expect, test } from '@jest/globals';
import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { count, intersect, union } from '@lotwarden/platform/serial-range';
import fc from 'fast-check';
import { followOperation, unfollowOperation, type Look } from './follow-operation.ts';
import { NOT_FOLLOWED, type Flows, type Followed } from './followed-operation.ts';
import { holdsOfUnits } from './holds-of-units.mapper.ts';
import { evolve, NO_SERIALS, type LotSerialsEvent } from './lot-serials.ts';
import { formerName, nextName } from './relabelled.ts';

const range = (first: number, last: number): SerialRange => ({
  gtin: '09520123456788',
  prefix: 'IP',
  width: 6,
  first,
  last,
});
const ea = (n: number) => ({ value: String(n), unit: 'EA' });
const input = (lot: string, n: number, serials: SerialRange[] = [], certainty = 'scanned'): OperationInput => ({
  lot,
  quantity: ea(n),
  edge: 'material',
  certainty,
  serials,
});
const output = (lot: string, n: number, serials: SerialRange[] = []): OperationOutput => ({
  lot,
  quantity: ea(n),
  serials,
});
const flows = (kind: string, some: Partial<Flows>): Flows => ({ inputs: [], outputs: [], scrap: [], ...some, kind });

type Where = Readonly<Record<string, readonly SerialRange[]>>;
const look = (where: Where, over: Partial<Look> = {}): Look => ({
  serialsOf: (lot) => where[lot] ?? [],
  productOf: () => 'IP-200',
  others: [],
  issued: (ranges) => intersect(ranges, Object.values(where).flat()),
  ...over,
});
const follow = (told: Flows, where: Where, over: Partial<Look> = {}, before: Followed = NOT_FOLLOWED) =>
  followOperation(before, 'OP', told, told, look(where, over));
const after = (where: Where, events: readonly LotSerialsEvent[]): Where =>
  events.reduce<Where>(
    (now, event) => ({
      ...now,
      [event.lot]: evolve({ ...NO_SERIALS, ranges: now[event.lot] ?? [] }, event).ranges,
    }),
    where,
  );
const found = (events: readonly LotSerialsEvent[]) =>
  events.flatMap((event) => (event.type === 'SerialConflictFound' ? event.violations.map(({ code }) => code) : []));

test('reworked units take their serials to the new lot', () => {
  const rework = flows('rework', {
    inputs: [input('F1', 20, [range(41, 60)]), input('B4', 20)],
    outputs: [output('F4', 20, [range(41, 60)])],
  });
  const { followed, events, awaited } = follow(rework, { F1: [range(1, 60)] });
  expect(followed.moves).toEqual([{ from: 'F1', to: 'F4', ranges: [range(41, 60)] }]);
  expect([found(events), awaited]).toEqual([[], []]);
});

test('a split without named serials carves them from the end; the parent keeps its identity', () => {
  const split = flows('split', { inputs: [input('F2', 59)], outputs: [output('F2', 39), output('F2b', 20)] });
  expect(follow(split, { F2: [range(61, 119)] }).followed.moves).toEqual([
    { from: 'F2', to: 'F2b', ranges: [range(100, 119)] },
  ]);
});

test('shares are kept: over several inputs and outputs, beside scrap, and only among units of one product', () => {
  const where = { A: [range(1, 20)], B: [range(21, 30)] };
  const left = (told: Flows, over: Partial<Look> = {}) => {
    const now = after(where, follow(told, where, over).events);
    return Object.fromEntries(Object.entries(now).map(([lot, ranges]) => [lot, count(ranges)]));
  };
  const merge = { inputs: [input('A', 20), input('B', 10)], outputs: [output('A', 10), output('C', 20)] };
  expect(left(flows('merge', merge))).toEqual({ A: 10, B: 0, C: 20 });
  expect(
    left(flows('merge', { inputs: [input('A', 20), input('B', 10)], outputs: [output('C', 25), output('D', 5)] })),
  ).toEqual({ A: 0, B: 0, C: 25, D: 5 });
  const scrapped = { inputs: [input('A', 20)], outputs: [output('C', 19)], scrap: [output('A', 1, [range(20, 20)])] };
  expect(left(flows('rework', scrapped))).toEqual({ A: 0, B: 10, C: 19 });
  expect(
    left(flows('make', { inputs: [input('A', 5)], outputs: [output('KIT', 5)] }), {
      productOf: (lot) => (lot === 'KIT' ? 'KIT-9' : 'IP-200'),
    }),
  ).toEqual({ A: 20, B: 10 });
  const maybe = { inputs: [input('A', 20, [], 'possible')], outputs: [output('C', 20)] };
  expect(left(flows('split', maybe))).toEqual({ A: 20, B: 10 });
});

test('no serial is lost or doubled by a split, whatever the shares; its void puts all back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }), (shares) => {
      const total = shares.reduce((a, b) => a + b, 0);
      const where: Where = { P: [range(1, total)] };
      const split = flows('split', {
        inputs: [input('P', total)],
        outputs: shares.map((n, i) => output(`C${String(i)}`, n)),
      });
      const { followed, events } = follow(split, where);
      expect(followed.moves.map(({ ranges }) => count(ranges))).toEqual(shares);
      expect(followed.moves.reduce<SerialRange[]>((sum, m) => union(sum, m.ranges), [])).toEqual(where['P']);
      const now = after(where, events);
      const undone = unfollowOperation(followed, 'OP', (lot) => now[lot] ?? []);
      expect(after(now, undone.events)['P']).toEqual(where['P']);
    }),
  );
});

test('a void leaves units where they moved on to', () => {
  const rework = flows('rework', { inputs: [input('A', 2, [range(1, 2)])], outputs: [output('B', 2, [range(1, 2)])] });
  const { followed } = follow(rework, { A: [range(1, 2)] });
  const now: Where = { B: [range(1, 1)], C: [range(2, 2)] };
  const undone = unfollowOperation(followed, 'OP', (lot) => now[lot] ?? []);
  expect(after(now, undone.events)).toMatchObject({ A: [range(1, 1)], B: [], C: [range(2, 2)] });
  expect(found(undone.events)).toEqual(['serial-moved-on']);
});

test('units named where they are not: a finding, once, and waited for', () => {
  const rework = flows('rework', { inputs: [input('A', 1, [range(1, 1)])], outputs: [output('B', 1, [range(1, 1)])] });
  const elsewhere = { others: [{ lot: 'Z', ranges: [range(1, 9)] }] };
  const first = follow(rework, { Z: [range(1, 9)] }, elsewhere);
  expect(found(first.events)).toEqual(['serial-in-other-lot', 'serial-in-other-lot']);
  expect(count(first.awaited)).toBe(1);
  expect(follow(rework, { Z: [range(1, 9)] }, elsewhere, first.followed).events).toEqual([]);
  const come = follow(rework, { A: [range(1, 1)] }, {}, first.followed);
  expect(come.followed.moves).toEqual([{ from: 'A', to: 'B', ranges: [range(1, 1)] }]);
  // It moves a unit once, whatever comes later.
  expect(follow(rework, { A: [range(1, 1)] }, {}, come.followed).events).toEqual([]);
  expect(found(follow(rework, {}).events)).toContain('serial-not-commissioned');
  const make = flows('make', { inputs: [input('B1', 1)], outputs: [output('F', 1, [range(1, 1)])] });
  const made = follow(make, {}, { productOf: (lot) => (lot === 'F' ? 'IP-200' : 'BRD-10') });
  expect([found(made.events), made.awaited]).toEqual([[], [range(1, 1)]]);
});

test('scrapped units: by name, by what did not come out, or a finding', () => {
  const where = { F: [range(1, 10)] };
  const scrap = (named: SerialRange[], into: SerialRange[]) =>
    follow(flows('scrap', { inputs: [input('F', 1, into)], scrap: [output('F', 1, named)] }), where);
  expect(scrap([range(3, 3)], []).followed.scrapped).toEqual([{ lot: 'F', ranges: [range(3, 3)] }]);
  expect(scrap([], [range(4, 4)]).followed.scrapped).toEqual([{ lot: 'F', ranges: [range(4, 4)] }]);
  expect(found(scrap([], []).events)).toEqual(['serials-of-scrap-unknown']);
});

test.each(['relabel', 'field-relabel'])(
  'units taken apart, or by %s known under another name, end under the one they had; unnamed ones are a finding',
  (relabel) => {
    const where = { F: [range(1, 10)], R: [range(21, 22)] };
    const end = (kind: string, named: SerialRange[], out: OperationOutput[]) =>
      follow(flows(kind, { inputs: [input('F', 2, named)], outputs: out }), where);
    expect(end('unbuild', [range(1, 2)], [output('B', 2)]).followed.scrapped).toEqual([
      { lot: 'F', ranges: [range(1, 2)] },
    ]);
    const relabelled = end(relabel, [range(1, 2)], [output('R', 2, [range(21, 22)])]);
    expect(relabelled.followed).toMatchObject({ moves: [], scrapped: [{ lot: 'F', ranges: [range(1, 2)] }] });
    expect(found(relabelled.events)).toEqual([]);
    const oneStays = end('unbuild', [range(1, 2)], [output('F', 1, [range(2, 2)])]).followed.scrapped;
    expect(oneStays).toEqual([{ lot: 'F', ranges: [range(1, 1)] }]);
    expect(found(end('unbuild', [], [output('B', 2)]).events)).toEqual(['serials-of-scrap-unknown']);
  },
);

test('the n-th serial that goes in is the n-th that comes out, both ways, unless it does not come out even', () => {
  const followed: Followed = {
    ...NOT_FOLLOWED,
    ...flows('relabel', {
      inputs: [input('F', 2, [range(7, 8)]), input('G', 1, [range(3, 3)])],
      outputs: [output('R', 3, [range(31, 31), range(21, 22)])],
    }),
  };
  expect([7, 8, 3].map((n) => nextName(followed, range(n, n))?.unit.first)).toEqual([31, 21, 22]);
  expect(formerName(followed, range(22, 22))).toEqual({ lot: 'G', unit: range(3, 3) });
  expect(nextName(followed, range(9, 9))).toBeUndefined();
  expect(nextName({ ...followed, voided: true }, range(7, 7))).toBeUndefined();
  expect(nextName({ ...followed, inputs: [] }, range(7, 7))).toBeUndefined();
});

test('units that a void puts back take their own part of the holds along', () => {
  const held = (serials: { mode: string; ranges: SerialRange[] }) => ({
    H: { epoch: 1, state: 'held', provisional: false, placed: serials, inherited: null } as const,
  });
  const back = (serials: { mode: string; ranges: SerialRange[] }) =>
    holdsOfUnits(held(serials), [range(1, 5)])['H']?.inherited;
  expect(back({ mode: 'all', ranges: [] })).toEqual({ mode: 'only', ranges: [range(1, 5)] });
  expect(back({ mode: 'only', ranges: [range(5, 9)] })).toEqual({ mode: 'only', ranges: [range(5, 5)] });
  expect(back({ mode: 'all-except', ranges: [range(1, 4)] })).toEqual({ mode: 'only', ranges: [range(5, 5)] });
  expect(back({ mode: 'only', ranges: [range(6, 9)] })).toBeUndefined();
});
