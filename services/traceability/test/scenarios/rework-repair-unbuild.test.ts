import { test } from '@jest/globals';
import { at, serials } from '../history.ts';
import { expectAnswers, plant } from './scenario.ts';

/** Capacitors CAP into boards B1 and, from clean ones, B2; boards into pumps F1, units 1–10. */
function pumps() {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  bought('CLEAN', 100);
  for (const board of ['B1', 'B2']) tell.declared(board, 'intermediate');
  tell.declared('F1');
  did('op-b1', { in: [['CAP', 40]], out: [['B1', 20]] });
  did('op-b2', { in: [['CLEAN', 40]], out: [['B2', 20]] });
  did('op-f1', { in: [['B1', 10]], out: [['F1', 10]] });
  tell.commissioned('F1', serials(1, 10));
  return { facts, tell, did };
}

test('rework: units take their exposure to the lot they go to; the new part affects them too; the removed one is scrapped', () => {
  const { facts, tell, did } = pumps();
  tell.declared('F4');
  did('rework', {
    kind: 'rework',
    in: [['F1', 3, { serials: serials(8, 10) }], ['B2', 3]], // prettier-ignore
    out: [['F4', 3, serials(8, 10)]],
    scrap: [['B1', 3]],
  });
  tell.serialsMoved('F1', 'F4', serials(8, 10), 'rework');
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', B1: 'all', F1: 'all', F4: 'all' }, CLEAN: { CLEAN: 'all', B2: 'all', F4: 'all' } },
    backward: { F4: { F4: 'all', F1: '8–10', B1: 'all', B2: 'all', CAP: 'all', CLEAN: 'all' } },
    paths: ['CAP>B1>F1>F4', 'CLEAN>B2>F4'],
    balance: {
      B1: { onHand: 10, consumed: 7, scrapped: 3, balanced: true },
      B2: { onHand: 17, consumed: 3, balanced: true },
      F1: { onHand: 7, consumed: 3, balanced: true },
      F4: { onHand: 3, balanced: true },
    },
    gaps: [],
  });
});

test('repair: the unit stays what and where it is; the part put in affects this unit only', () => {
  const { facts, did } = pumps();
  did('repair', {
    kind: 'repair',
    in: [['F1', 1, { serials: serials(7, 7) }], ['B2', 1, { edge: 'installed', certainty: 'scanned' }]], // prettier-ignore
    out: [['F1', 1, serials(7, 7)]],
    scrap: [['B1', 1]],
  });
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', B1: 'all', F1: 'all' }, CLEAN: { CLEAN: 'all', B2: 'all', F1: '7' } },
    backward: { F1: { F1: 'all', B1: 'all', B2: 'all', CAP: 'all', CLEAN: 'all' } },
    paths: ['CLEAN>B2>F1'],
    balance: {
      F1: { onHand: 10, balanced: true },
      B1: { onHand: 10, consumed: 9, scrapped: 1, balanced: true },
      B2: { onHand: 19, consumed: 1, balanced: true },
    },
    gaps: [],
  });
});

test('unbuild: parts taken out are affected by all that went into the units; back in their own lot they were never consumed', () => {
  const { facts, tell, did } = pumps();
  tell.declared('B1-R', 'intermediate');
  tell.declared('F9');
  did('apart', {
    kind: 'unbuild',
    in: [['F1', 3, { serials: serials(1, 3) }]],
    out: [['B1', 1], ['B1-R', 1]], // prettier-ignore
    scrap: [['B1', 1]],
  });
  tell.serialsScrapped('F1', serials(1, 3), 'apart');
  did('again', { in: [['B1-R', 1]], out: [['F9', 1]] });
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', B1: 'all', F1: 'all', 'B1-R': 'all', F9: 'all' } },
    backward: { F9: { F9: 'all', 'B1-R': 'all', F1: '1–3', B1: 'all', CAP: 'all' } },
    paths: ['CAP>B1>F1>B1-R>F9'],
    balance: {
      // 20 made, 10 went into pumps; of the three taken out one came back, one was scrapped, one is another lot's now.
      B1: { onHand: 11, consumed: 8, scrapped: 1, balanced: true },
      'B1-R': { consumed: 1, balanced: true },
      F1: { onHand: 7, consumed: 3, balanced: true },
      F9: { onHand: 1, balanced: true },
    },
    gaps: [],
  });
});

test('a repair that is voided leaves no trace in the answers', () => {
  const { facts, tell } = pumps();
  tell.operation('repair', {
    kind: 'repair',
    in: [['F1', 1, { serials: serials(7, 7) }], ['B2', 1, { edge: 'installed' }]], // prettier-ignore
    out: [['F1', 1, serials(7, 7)]],
  });
  tell.voided('repair');
  expectAnswers(facts, {
    forward: { CLEAN: { CLEAN: 'all', B2: 'all' } },
    balance: { B2: { onHand: 20, balanced: true }, F1: { onHand: 10, balanced: true } },
    gaps: [],
  });
});

/** Boards 51–60 into pumps 1–10, one by one; pump 7 was also in a steriliser load. */
function byUnit() {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  bought('CLEAN', 100);
  for (const board of ['B1', 'B2']) tell.declared(board, 'intermediate');
  tell.declared('F1');
  did('op-b1', { in: [['CAP', 20]], out: [['B1', 10]] });
  did('op-b2', { in: [['CLEAN', 20]], out: [['B2', 10]] });
  tell.commissioned('B1', serials(51, 60));
  tell.commissioned('B2', serials(71, 80));
  const buildIn = (id: string, unit: number, lot: string, board: number, kind = 'make') =>
    did(id, {
      kind,
      in: [[lot, 1, { serials: serials(board, board), certainty: 'scanned', edge: 'installed' }], ...old(kind, unit)],
      out: [['F1', 1, serials(unit, unit)]],
    });
  const old = (kind: string, unit: number) =>
    kind === 'make' ? [] : ([['F1', 1, { serials: serials(unit, unit) }]] as const);
  for (const unit of [7, 8]) buildIn(`fit-${String(unit)}`, unit, 'B1', unit + 50);
  tell.commissioned('F1', serials(7, 8));
  /** Board 57 comes out of pump 7, by its number or not, scrapped or back to the store; board 77 goes in. */
  const swap = (named: boolean, back = false) =>
    did('swap', {
      kind: 'repair',
      in: [['F1', 1, { serials: serials(7, 7) }], ['B2', 1, { serials: serials(77, 77), edge: 'installed' }]], // prettier-ignore
      out: [['F1', 1, serials(7, 7)], ...(back ? [['B1', 1, serials(57, 57)] as const] : [])],
      scrap: back ? [] : [['B1', 1, named ? serials(57, 57) : []]],
    });
  return { facts, tell, did, buildIn, swap };
}

test('taken out: a part that a repair names by its serial clears its unit; what was made of it besides stays affected', () => {
  const { facts, swap } = byUnit();
  swap(true);
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', B1: 'all', F1: '8' }, CLEAN: { CLEAN: 'all', B2: 'all', F1: '7' } },
    forwardOfUnits: { 'B1 57': { B1: '57' }, 'B1 58': { B1: '58', F1: '8' } },
    backwardOfUnits: { 'F1 7': { F1: '7', B2: '77', CLEAN: 'all' }, 'F1 8': { F1: '8', B1: '58', CAP: 'all' } },
    certainty: { CAP: { CAP: 'scanned', B1: 'lot-inferred', F1: 'lot-inferred' } },
    balance: { B1: { onHand: 8, consumed: 1, scrapped: 1, balanced: true }, F1: { onHand: 2, balanced: true } },
    gaps: [],
  });
});

test('taken out and back in the store: the part goes on from there, and affects what it is built into next', () => {
  const { facts, tell, swap, buildIn } = byUnit();
  swap(true, true);
  tell.stocked('B1', 1, 'back');
  buildIn('again', 9, 'B1', 57);
  tell.commissioned('F1', serials(9, 9));
  expectAnswers(facts, {
    forwardOfUnits: { 'B1 57': { B1: '57', F1: '9' } },
    backwardOfUnits: { 'F1 7': { F1: '7', B2: '77', CLEAN: 'all' } },
  });
});

test('taken out and put in again: the unit contains it as long as it came out less often than it went in', () => {
  const { facts, buildIn, swap } = byUnit();
  swap(true, true);
  buildIn('again', 7, 'B1', 57, 'repair');
  expectAnswers(facts, { forwardOfUnits: { 'B1 57': { B1: '57', F1: '7' } } });
});

test('taken out, and nobody said which part: the unit stays in scope, as surely as before', () => {
  const { facts, swap } = byUnit();
  swap(false);
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', B1: 'all', F1: 'all' } },
    certainty: { CAP: { CAP: 'scanned', B1: 'lot-inferred', F1: 'lot-inferred' } },
    backwardOfUnits: { 'F1 7': { F1: '7', B1: '57', B2: '77', CAP: 'all', CLEAN: 'all' } },
  });
});

test('taken out by a repair that is voided: the unit contains it again', () => {
  const { facts, tell, swap } = byUnit();
  swap(true);
  tell.voided('swap');
  expectAnswers(facts, { forwardOfUnits: { 'B1 57': { B1: '57', F1: '7' } } });
});

test('taken out of one that was exposed: what it was exposed to stays', () => {
  const { facts, tell, swap } = byUnit();
  tell.load('LD-1', { operations: ['fit-7'], startedAt: at('20:00'), endedAt: at('20:30') });
  swap(true);
  expectAnswers(facts, {
    forward: { 'LD-1': { 'LD-1': 'all', F1: '7' } },
    backwardOfUnits: { 'F1 7': { F1: '7', 'LD-1': 'all', B2: '77', CLEAN: 'all' } },
  });
});
