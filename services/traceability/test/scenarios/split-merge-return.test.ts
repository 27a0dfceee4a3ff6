import { test } from '@jest/globals';
import { line, serials } from '../history.ts';
import { expectAnswers, plant } from './scenario.ts';

/** CAP into pumps F1, units 1–10, and CLEAN into F2, units 11–20. */
function twoLots() {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  bought('CLEAN', 100);
  for (const lot of ['F1', 'F2', 'F3']) tell.declared(lot);
  did('op-1', { in: [['CAP', 10]], out: [['F1', 10]] });
  did('op-2', { in: [['CLEAN', 10]], out: [['F2', 10]] });
  tell.commissioned('F1', serials(1, 10));
  tell.commissioned('F2', serials(11, 20));
  return { facts, tell, bought, did };
}

test('split: the parent keeps its identity; the child has what was carved, no more and no less', () => {
  const { facts, tell, did } = twoLots();
  did('split', { kind: 'split', in: [['F1', 10]], out: [['F1', 7], ['F3', 3]] }); // prettier-ignore
  tell.serialsMoved('F1', 'F3', serials(8, 10), 'split');
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', F1: 'all', F3: 'all' }, F3: { F3: 'all' }, CLEAN: { CLEAN: 'all', F2: 'all' } },
    backward: { F3: { F3: 'all', F1: '8–10', CAP: 'all' } },
    paths: ['CAP>F1>F3'],
    balance: { F1: { onHand: 7, consumed: 3, balanced: true }, F3: { onHand: 3, balanced: true } },
    gaps: [],
  });
});

test('split without serials: nobody can show which units went, so all of the child is affected', () => {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 10);
  for (const lot of ['B', 'B-2']) tell.declared(lot, 'intermediate');
  did('op', { in: [['CAP', 10]], out: [['B', 10]] });
  did('split', { kind: 'split', in: [['B', 10]], out: [['B', 6], ['B-2', 4]] }); // prettier-ignore
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', B: 'all', 'B-2': 'all' } },
    backward: { 'B-2': { 'B-2': 'all', B: 'all', CAP: 'all' } },
    balance: { B: { onHand: 6, consumed: 4, balanced: true }, 'B-2': { onHand: 4, balanced: true } },
    gaps: [],
  });
});

test('merge: units that keep their serial stay apart; without serials all that came out is affected', () => {
  const bySerial = twoLots();
  bySerial.did('merge', {
    kind: 'merge',
    in: [['F1', 2, { serials: serials(1, 2) }], ['F2', 2, { serials: serials(11, 12) }]], // prettier-ignore
    out: [['F3', 4]],
  });
  bySerial.tell.serialsMoved('F1', 'F3', serials(1, 2), 'merge');
  bySerial.tell.serialsMoved('F2', 'F3', serials(11, 12), 'merge');
  expectAnswers(bySerial.facts, {
    forward: { CAP: { CAP: 'all', F1: 'all', F3: '1–2' }, CLEAN: { CLEAN: 'all', F2: 'all', F3: '11–12' } },
    balance: { F3: { onHand: 4, balanced: true }, F1: { onHand: 8, consumed: 2, balanced: true } },
    gaps: [],
  });
  const { facts, tell, bought, did } = plant();
  for (const glue of ['GLUE-1', 'GLUE-2']) bought(glue, 5);
  tell.declared('MIX', 'intermediate');
  did('merge', { kind: 'merge', in: [['GLUE-1', 2], ['GLUE-2', 3]], out: [['MIX', 5]] }); // prettier-ignore
  expectAnswers(facts, {
    forward: { 'GLUE-1': { 'GLUE-1': 'all', MIX: 'all' }, 'GLUE-2': { 'GLUE-2': 'all', MIX: 'all' } },
    backward: { MIX: { MIX: 'all', 'GLUE-1': 'all', 'GLUE-2': 'all' } },
    balance: { 'GLUE-1': { onHand: 3, consumed: 2, balanced: true }, MIX: { onHand: 5, balanced: true } },
    gaps: [],
  });
});

test('return to stock: what was fetched and not used is moved back, what an operation gives back was never consumed', () => {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  tell.declared('B', 'intermediate');
  tell.moved('CAP', 60, 'STORE', 'LINE');
  did('op', { in: [['CAP', 60]], out: [['B', 20], ['CAP', 20]] }); // prettier-ignore
  tell.moved('CAP', 20, 'LINE', 'STORE');
  expectAnswers(facts, {
    // What came back is what it was: no lot goes into itself.
    forward: { CAP: { CAP: 'all', B: 'all' }, B: { B: 'all' } },
    backward: { CAP: { CAP: 'all' } },
    balance: { CAP: { onHand: 60, consumed: 40, balanced: true }, B: { onHand: 20, balanced: true } },
    gaps: [],
  });
});

test('return from a customer: on hand again, and still where it had been', () => {
  const { facts, tell } = twoLots();
  const goods = line('F1', 4, serials(1, 4));
  tell.dispatched('S-1', 'H1', [goods]);
  tell.arrived('S-1', 'H1', goods);
  tell.givenBack('R-1', 'H1', line('F1', 1, serials(4, 4)));
  tell.returned('R-1', 'F1', 1, serials(4, 4));
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', F1: 'all' } },
    balance: { F1: { onHand: 7, atCustodian: 3, balanced: true } },
    gaps: [],
  });
});
