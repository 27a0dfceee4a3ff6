import { expect, test } from '@jest/globals';
import { createHistory, graphOf, line, serials } from '../../test/history.ts';
import { scopeOf } from './answer.ts';
import { PROPAGATION } from './propagation.ts';
import type { EdgeKind } from '../genealogy/model.ts';

const L1042 = 'M-SZ1-261101-00001';
const OTHER = 'M-SZ1-261101-00002';

/** The story in miniature: L-1042 into boards, boards into pumps at two plants, rework, split, scrap, a late truth. */
function story() {
  const { facts, tell } = createHistory();
  tell.received(L1042, 4000, 'L-1042');
  tell.received(OTHER, 4000, 'L-2001');
  for (const board of ['B1', 'B2', 'B3']) tell.declared(board, 'intermediate');
  for (const lot of ['F1', 'F2', 'F3', 'F4', 'F5', 'F6']) tell.declared(lot);
  tell.operation('board-1', { in: [[L1042, 200], [OTHER, 100]], out: [['B1', 100]] }); // prettier-ignore
  tell.operation('board-2', { in: [[OTHER, 200]], out: [['B2', 100]] });
  tell.operation('board-3', { in: [[OTHER, 100]], out: [['B3', 50]] });
  tell.operation('pump-1', { in: [['B1', 51]], out: [['F1', 50]], scrap: [['F1', 1]] });
  tell.operation('pump-2', { in: [['B1', 20]], out: [['F2', 20]] });
  tell.operation('pump-5', { in: [['B3', 30]], out: [['F5', 30]] });
  tell.operation('pump-4', { in: [['B2', 10]], out: [['F4', 10]] });
  tell.commissioned('F1', serials(1, 50));
  tell.commissioned('F4', serials(101, 110));
  return { facts, tell };
}

const idsOf = (lots: readonly { lot: string }[]) => lots.map(({ lot }) => lot);

test('whatever was built from the lot is affected, with its shortest path and its worst link', () => {
  const { facts, tell } = story();
  tell.operation('pump-3', { in: [['B1', 5, { certainty: 'backflushed' }]], out: [['F3', 5]] });
  const { lots } = scopeOf(graphOf(facts), [L1042], 'forward');
  expect(idsOf(lots)).toEqual([L1042, 'B1', 'F1', 'F2', 'F3']);
  expect(lots.find(({ lot }) => lot === 'F3')).toEqual({
    lot: 'F3',
    item: 'IP-200',
    quantity: { value: '5', unit: 'EA' },
    serials: { mode: 'all', ranges: [] },
    certainty: 'backflushed',
    path: [
      { lot: L1042, operation: 'board-1', edge: 'material', certainty: 'lot-inferred' },
      { lot: 'B1', operation: 'pump-3', edge: 'material', certainty: 'backflushed' },
      { lot: 'F3', operation: null, edge: null, certainty: null },
    ],
    ways: [{ from: 'B1', operation: 'pump-3' }],
  });
});

test('reworked units carry their exposure into the lot they go to; its other units stay free', () => {
  const { facts, tell } = story();
  tell.operation('rework-1', {
    kind: 'rework',
    in: [['F1', 10, { serials: serials(41, 50) }], ['B2', 10]], // prettier-ignore
    out: [['F4', 10, serials(41, 50)]],
    scrap: [['B1', 10]],
  });
  tell.serialsMoved('F1', 'F4', serials(41, 50), 'rework-1');
  const { lots } = scopeOf(graphOf(facts), [L1042], 'forward');
  expect(lots.find(({ lot }) => lot === 'F4')).toMatchObject({
    quantity: { value: '10' },
    serials: { mode: 'only', ranges: serials(41, 50) },
  });
});

test('rework that puts an affected board into good units affects these units only', () => {
  const { facts, tell } = story();
  tell.operation('rework-2', {
    kind: 'rework',
    in: [['F4', 3, { serials: serials(101, 103) }], ['B1', 3]], // prettier-ignore
    out: [['F4', 3, serials(101, 103)]],
  });
  tell.operation('split-4', { kind: 'split', in: [['F4', 4]], out: [['F6', 4]] });
  tell.serialsMoved('F4', 'F6', serials(103, 106), 'split-4');
  const { lots } = scopeOf(graphOf(facts), [L1042], 'forward');
  expect(lots.find(({ lot }) => lot === 'F4')?.serials).toEqual({ mode: 'only', ranges: serials(101, 103) });
  expect(lots.find(({ lot }) => lot === 'F6')?.serials).toEqual({ mode: 'only', ranges: serials(103, 103) });
});

test('units that leave by a split leave the rest of their lot as it was', () => {
  const { facts, tell } = story();
  tell.operation('rework-2', { kind: 'rework', in: [['F4', 3, { serials: serials(101, 103) }], ['B1', 3]], out: [['F4', 3, serials(101, 103)]] }); // prettier-ignore
  tell.operation('split-4', { kind: 'split', in: [['F4', 10]], out: [['F4', 6], ['F6', 4]] }); // prettier-ignore
  tell.serialsMoved('F4', 'F6', serials(103, 106), 'split-4');
  const { lots } = scopeOf(graphOf(facts), [L1042], 'forward');
  expect(lots.find(({ lot }) => lot === 'F4')?.serials).toEqual({ mode: 'only', ranges: serials(101, 103) });
  expect(lots.find(({ lot }) => lot === 'F6')?.serials).toEqual({ mode: 'only', ranges: serials(103, 103) });
});

test('lots put together by serial: only the units of the affected one are', () => {
  const { facts, tell } = story();
  tell.operation('merge-1', { kind: 'merge', in: [['F1', 2, { serials: serials(1, 2) }], ['F4', 1, { serials: serials(101, 101) }]], out: [['F6', 3]] }); // prettier-ignore
  tell.serialsMoved('F1', 'F6', serials(1, 2), 'merge-1');
  tell.serialsMoved('F4', 'F6', serials(101, 101), 'merge-1');
  const { lots } = scopeOf(graphOf(facts), [L1042], 'forward');
  expect(lots.find(({ lot }) => lot === 'F6')?.serials).toEqual({ mode: 'only', ranges: serials(1, 2) });
});

test('where some units of a share have no serial, nobody can show which: all of it is affected', () => {
  const { facts, tell } = story();
  tell.operation('merge-2', { kind: 'merge', in: [['F2', 5], ['F4', 1, { serials: serials(101, 101) }]], out: [['F4', 6]] }); // prettier-ignore
  tell.operation('split-2', { kind: 'split', in: [['F1', 3]], out: [['F6', 3]] });
  tell.serialsMoved('F1', 'F6', serials(1, 2), 'split-2');
  const { lots } = scopeOf(graphOf(facts), [L1042], 'forward');
  expect(lots.find(({ lot }) => lot === 'F4')?.serials.mode).toBe('all');
  expect(lots.find(({ lot }) => lot === 'F6')?.serials.mode).toBe('all');
});

test('no path leads on through what was only boxed, though the box was reached another way as well', () => {
  const { facts, tell } = createHistory();
  tell.operation('box', { in: [['ROOT', 1, { edge: 'containment' }]], out: [['KIT', 1]] });
  tell.operation('one', { in: [['ROOT', 1]], out: [['MID', 1]] });
  tell.operation('two', { in: [['MID', 1, { certainty: 'possible' }]], out: [['KIT', 1]] });
  tell.operation('three', { in: [['KIT', 1]], out: [['END', 1]] });
  const { lots } = scopeOf(graphOf(facts), ['ROOT'], 'forward');
  const pathTo = (id: string) => lots.find(({ lot }) => lot === id)?.path.map(({ lot }) => lot);
  expect(pathTo('KIT')).toEqual(['ROOT', 'KIT']);
  expect(pathTo('END')).toEqual(['ROOT', 'MID', 'KIT', 'END']);
  expect(lots.find(({ lot }) => lot === 'END')?.certainty).toBe('possible');
});

test('a unit that came and went on is told no more, though the rest of its load is still on the way', () => {
  const { facts, tell } = createHistory();
  tell.dispatched('S-1', 'DIST', [line('F1', 3, serials(1, 3))]);
  tell.arrived('S-1', 'DIST', line('F1', 1, serials(1, 1)));
  tell.givenBack('RT-1', 'DIST', line('F1', 1, serials(1, 1)));
  const { custodians } = scopeOf(graphOf(facts), ['F1'], 'forward');
  expect(custodians).toEqual([{ custodian: 'DIST', lines: [line('F1', 2, serials(2, 3))] }]);
});

test('a split whose units are not known by serial takes everything along', () => {
  const { facts, tell } = story();
  tell.operation('split-1', { kind: 'split', in: [['F2', 20]], out: [['F2', 12], ['F6', 8]] }); // prettier-ignore
  const { lots } = scopeOf(graphOf(facts), [L1042], 'forward');
  expect(lots.find(({ lot }) => lot === 'F6')).toMatchObject({ serials: { mode: 'all' }, quantity: { value: '8' } });
});

test('units that left before the operation itself is heard of are affected, and the operation is named as a gap', () => {
  const { facts, tell } = story();
  tell.serialsMoved('F1', 'F4', serials(45, 50), 'rework-9');
  const { lots } = scopeOf(graphOf(facts), [L1042], 'forward');
  expect(lots.find(({ lot }) => lot === 'F4')?.serials).toEqual({ mode: 'only', ranges: serials(45, 50) });
});

test('a consumption reported late is walked all the way down; a voided operation counts for nothing', () => {
  const { facts, tell } = story();
  tell.late('board-3', L1042, 50);
  expect(idsOf(scopeOf(graphOf(facts), [L1042], 'forward').lots)).toContain('F5');
  tell.voided('pump-1');
  const { lots } = scopeOf(graphOf(facts), [L1042], 'forward');
  expect(idsOf(lots)).toEqual([L1042, 'B1', 'B3', 'F2', 'F5']);
});

test('what was said of a placeholder counts for the lot it turns out to be, whichever comes first', () => {
  const { facts, tell } = createHistory();
  tell.received(L1042, 10, 'L-1042');
  tell.declared('X-1', 'unknown', true);
  tell.operation('make-x', { in: [[L1042, 1]], out: [['X-1', 1]] });
  tell.declared('F9');
  tell.operation('use-x', { in: [['F8', 1]], out: [['F9', 1]] });
  tell.declared('F8');
  tell.alias('F8', 'MES-SZ', 'strange', 'X-1');
  for (const order of [facts, [...facts].reverse()])
    expect(idsOf(scopeOf(graphOf(order), [L1042], 'forward').lots)).toEqual([L1042, 'F8', 'F9']);
});

test('back from a finished lot: every lot that went into it', () => {
  const { facts } = story();
  expect(idsOf(scopeOf(graphOf(facts), ['F1'], 'backward').lots)).toEqual(['F1', 'B1', L1042, OTHER]);
});

test('a root that nobody ever mentioned is in its own scope', () => {
  const { lots } = scopeOf(graphOf([]), ['M-SZ1-261101-00099'], 'forward');
  expect(lots).toMatchObject([{ lot: 'M-SZ1-261101-00099', quantity: null, serials: { mode: 'all' } }]);
});

/** ROOT →(kind) MID →(kind) END →(material) NEXT; MATE shares MID's operation. */
const rows: [EdgeKind, string[], string[]][] = [
  ['material', ['ROOT', 'MID', 'END', 'NEXT'], ['MATE', 'MID', 'END', 'NEXT']],
  ['installed', ['ROOT', 'MID', 'END', 'NEXT'], ['MATE', 'MID', 'END', 'NEXT']],
  ['exposure', ['ROOT', 'MID'], ['MATE', 'MID']],
  ['containment', ['ROOT', 'MID'], ['MATE', 'MID']],
];
test.each(rows)('%s: what flows on from the root, and from its neighbour', (edge, fromRoot, fromMate) => {
  expect(PROPAGATION.forward[edge].because).not.toBe('');
  const { facts, tell } = createHistory();
  tell.operation('one', { in: [['ROOT', 1, { edge }], ['MATE', 1, { edge }]], out: [['MID', 1]] }); // prettier-ignore
  tell.operation('two', { in: [['MID', 1, { edge }]], out: [['END', 1]] });
  tell.operation('three', { in: [['END', 1]], out: [['NEXT', 1]] });
  const graph = graphOf(facts);
  expect(idsOf(scopeOf(graph, ['ROOT'], 'forward').lots)).toEqual(fromRoot);
  expect(idsOf(scopeOf(graph, ['MATE'], 'forward').lots)).toEqual(fromMate);
});

test('a bad steriliser load affects its members and what they became; a bad member does not affect its load-mates', () => {
  const { facts, tell } = createHistory();
  tell.operation('sterilise-1', { in: [['RAW', 1], ['LOAD', 1, { edge: 'exposure' }]], out: [['S1', 1]] }); // prettier-ignore
  tell.operation('sterilise-2', { in: [['RAW-2', 1], ['LOAD', 1, { edge: 'exposure' }]], out: [['S2', 1]] }); // prettier-ignore
  tell.operation('pack', { in: [['S1', 1]], out: [['P1', 1]] });
  tell.operation('heat', { in: [['GAS', 1]], out: [['LOAD', 1]] });
  const graph = graphOf(facts);
  expect(idsOf(scopeOf(graph, ['LOAD'], 'forward').lots)).toEqual(['LOAD', 'S1', 'S2', 'P1']);
  expect(idsOf(scopeOf(graph, ['RAW'], 'forward').lots)).toEqual(['RAW', 'S1', 'P1']);
  expect(idsOf(scopeOf(graph, ['GAS'], 'forward').lots)).toEqual(['GAS', 'LOAD']);
});

test('a unit that came back and was sent again is told by its serial; one booked under a placeholder too', () => {
  const { facts, tell } = createHistory();
  const unit = line('F1', 1, serials(7, 7));
  tell.dispatched('S-1', 'DIST', [unit]);
  tell.arrived('S-1', 'DIST', unit);
  tell.givenBack('RT-1', 'DIST', unit);
  tell.dispatched('S-2', 'DIST', [unit]);
  tell.arrived('S-2', 'DIST', unit);
  tell.arrived('S-3', 'HOSPITAL', line('X-1', 1, serials(8, 8)));
  tell.merged('HOSPITAL', 'X-1', 'F1', line('', 1, serials(8, 8)));
  tell.alias('F1', 'WMS', 'strange', 'X-1');
  const { custodians } = scopeOf(graphOf(facts), ['F1'], 'forward');
  expect(custodians).toEqual([
    { custodian: 'DIST', lines: [unit] },
    { custodian: 'HOSPITAL', lines: [line('F1', 1, serials(8, 8))] },
  ]);
});

test('goods of one lot in two units are told in both, sent by one shipment or not; each arrives for itself', () => {
  const { facts, tell } = createHistory();
  const boxes = { ...line('F1', 0), quantity: { value: '2', unit: 'BX' } };
  const custodians = () => scopeOf(graphOf(facts), ['F1'], 'forward').custodians;
  tell.dispatched('S-1', 'DIST', [boxes, line('F1', 3, serials(1, 3)), line('F1', 2, serials(4, 5))]);
  const all = [{ custodian: 'DIST', lines: [boxes, line('F1', 5, serials(1, 5))] }];
  expect(custodians()).toEqual(all);
  tell.arrived('S-1', 'DIST', line('F1', 3, serials(1, 3)));
  expect(custodians()).toEqual(all);
  tell.arrived('S-1', 'DIST', boxes);
  tell.arrived('S-1', 'DIST', line('F1', 2, serials(4, 5)));
  expect(custodians()).toEqual(all);
  tell.givenBack('RT-1', 'DIST', boxes);
  tell.givenBack('RT-2', 'DIST', line('F1', 1, serials(3, 3)));
  expect(custodians()).toMatchObject([
    { lines: [{ quantity: { value: '4', unit: 'EA' }, serials: [...serials(1, 2), ...serials(4, 5)] }] },
  ]);
});
