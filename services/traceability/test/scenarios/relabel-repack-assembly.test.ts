import { test } from '@jest/globals';
import { line, serials } from '../history.ts';
import { expectAnswers, plant } from './scenario.ts';

/** CAP into pumps F1, units 1–10. */
function pumps() {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  tell.declared('F1');
  did('op-1', { in: [['CAP', 10]], out: [['F1', 10]] });
  tell.commissioned('F1', serials(1, 10));
  return { facts, tell, bought, did };
}

/** The same units under a new device identifier, told for the numbers given: one operation, one range. */
function relabelled(ranges: readonly (readonly [operation: string, first: number, last: number])[]) {
  const history = pumps();
  const { tell, did } = history;
  tell.declared('F1-N');
  tell.commissioned('F1-N', serials(101, 110));
  for (const [operation, first, last] of ranges) {
    did(operation, {
      kind: 'relabel',
      in: [['F1', last - first + 1, { serials: serials(first, last) }]],
      out: [['F1-N', last - first + 1, serials(first + 100, last + 100)]],
    });
    tell.serialsScrapped('F1', serials(first, last), operation);
  }
  return history;
}

test('relabel: the unit goes on under another serial in another lot; what was asked by the old name leads to the new', () => {
  const { facts } = relabelled([['relabel', 1, 10]]);
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', F1: 'all', 'F1-N': 'all' }, F1: { F1: 'all', 'F1-N': 'all' } },
    backward: { 'F1-N': { 'F1-N': 'all', F1: '1–10', CAP: 'all' } },
    paths: ['CAP>F1>F1-N'],
    balance: { F1: { consumed: 10, balanced: true }, 'F1-N': { onHand: 10, balanced: true } },
    gaps: [],
  });
});

test('relabel of some affected units: told range by range, only their new names are affected', () => {
  const { facts, tell, bought, did } = relabelled([
    ['relabel-1', 1, 5],
    ['relabel-2', 6, 10],
  ]);
  bought('BAD', 5);
  // Before they were relabelled, units 6–10 got a bad part.
  did('repair', {
    kind: 'repair',
    in: [['F1', 5, { serials: serials(6, 10) }], ['BAD', 5]], // prettier-ignore
    out: [['F1', 5, serials(6, 10)]],
  });
  tell.dispatched('S-1', 'H1', [line('F1-N', 2, serials(101, 102))]);
  expectAnswers(facts, {
    forward: { BAD: { BAD: 'all', F1: '6–10', 'F1-N': '106–110' } },
    // By the old name to the new one, and by the new one to the old.
    forwardOfUnits: { 'F1 3': { F1: '3', 'F1-N': '101–105' } },
    backwardOfUnits: {
      'F1-N 102': { 'F1-N': '102', F1: '1–5', CAP: 'all' },
      'F1-N 107': { 'F1-N': '107', F1: '6–10', CAP: 'all', BAD: 'all' },
    },
    paths: ['BAD>F1>F1-N'],
    balance: { F1: { consumed: 10, balanced: true }, 'F1-N': { onHand: 8, inTransit: 2, balanced: true } },
    gaps: [],
  });
});

test('relabel in the field: the unit stays with its custodian under another name; by either name the same is found', () => {
  const { facts, tell, bought, did } = pumps();
  bought('BAD', 1);
  did('repair', {
    kind: 'repair',
    in: [['F1', 1, { serials: serials(2, 2) }], ['BAD', 1]], // prettier-ignore
    out: [['F1', 1, serials(2, 2)]],
  });
  tell.dispatched('S-1', 'H1', [line('F1', 3, serials(1, 3))]);
  tell.arrived('S-1', 'H1', line('F1', 3, serials(1, 3)));
  tell.declared('F1-N');
  tell.commissioned('F1-N', serials(101, 102));
  // One operation, one unit: so it is known which is which.
  for (const nth of [1, 2]) {
    const [operation, old, renewed] = [`relabel-${String(nth)}`, serials(nth, nth), serials(100 + nth, 100 + nth)];
    tell.operation(operation, {
      kind: 'field-relabel',
      in: [['F1', 1, { serials: old }]],
      out: [['F1-N', 1, renewed]],
    });
    tell.serialsScrapped('F1', old, operation);
    tell.renamed('H1', operation, line('F1', 1, old), line('F1-N', 1, renewed));
  }
  expectAnswers(facts, {
    forward: { BAD: { BAD: 'all', F1: '2', 'F1-N': '102' } },
    forwardOfUnits: { 'F1 1': { F1: '1', 'F1-N': '101' } },
    backwardOfUnits: { 'F1-N 101': { 'F1-N': '101', F1: '1', CAP: 'all' } },
    custodians: { BAD: ['H1 F1-N 102'], CAP: ['H1 F1 3', 'H1 F1-N 101–102'] },
    balance: {
      F1: { onHand: 7, consumed: 2, atCustodian: 1, balanced: true },
      'F1-N': { atCustodian: 2, balanced: true },
    },
    gaps: [],
  });
});

test('repack: goods change their box and stay what they are; the box of an affected unit is not what affects others', () => {
  const { facts, tell, bought, did } = pumps();
  bought('CLEAN', 10);
  tell.declared('F2');
  did('op-2', { in: [['CLEAN', 10]], out: [['F2', 10]] });
  tell.commissioned('F2', serials(11, 20));
  tell.packed('C-1', [line('F1', 2, serials(1, 2)), line('F2', 2, serials(11, 12))]);
  tell.unpacked('C-1');
  tell.packed('C-2', [line('F1', 1, serials(1, 1)), line('F2', 2, serials(11, 12))]);
  tell.packed('C-1', [line('F1', 1, serials(2, 2))]);
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', F1: 'all' }, F1: { F1: 'all' } },
    backward: { F2: { F2: 'all', CLEAN: 'all' } },
    balance: { F1: { onHand: 10, balanced: true }, F2: { onHand: 10, balanced: true } },
    gaps: [],
  });
});

test('packed as an operation (a kit box): the box of an affected lot is affected, its other contents are not', () => {
  const { facts, tell, bought, did } = pumps();
  bought('LEAFLET', 10);
  tell.declared('KIT');
  tell.declared('PALLET');
  did('kit', { kind: 'pack', in: [['F1', 10, { edge: 'containment' }], ['LEAFLET', 10, { edge: 'containment' }]], out: [['KIT', 10]] }); // prettier-ignore
  did('pallet', { kind: 'pack', in: [['KIT', 10, { edge: 'containment' }]], out: [['PALLET', 1]] });
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', F1: 'all', KIT: 'all' }, LEAFLET: { LEAFLET: 'all', KIT: 'all' } },
    backward: { KIT: { KIT: 'all' } },
    gaps: [],
  });
});

test('substitution: the genealogy follows what was used, not what was planned', () => {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  bought('ALT', 100, 'CAP-200');
  tell.declared('B', 'intermediate');
  did('op', { in: [['ALT', 40]], out: [['B', 10]] });
  expectAnswers(facts, {
    forward: { ALT: { ALT: 'all', B: 'all' }, CAP: { CAP: 'all' } },
    backward: { B: { B: 'all', ALT: 'all' } },
    balance: { ALT: { onHand: 60, consumed: 40, balanced: true }, CAP: { onHand: 100, balanced: true } },
    gaps: [],
  });
});

test('substitution that nobody approved: what it stood in for is missing, and named as a gap until somebody says', () => {
  const { facts, tell, bought, did } = plant();
  bought('ALT', 100, 'CAP-300');
  tell.declared('B', 'intermediate');
  did('op', { in: [['ALT', 40]], out: [['B', 10]], missing: 'CAP-100: expected 40, seen none' });
  const gap = ['operation-input-missing op: CAP-100: expected 40, seen none'];
  expectAnswers(facts, { forward: { ALT: { ALT: 'all', B: 'all' } }, gaps: gap });
});

test('serial-to-serial assembly: one bad board affects one pump; by lot it would be all of them', () => {
  const assembly = (scanned: boolean) => {
    const { facts, tell, bought, did } = plant();
    bought('CAP', 100);
    for (const part of ['BAD']) bought(part, 5);
    tell.declared('B', 'intermediate');
    tell.declared('F');
    did('op-b', { in: [['CAP', 3]], out: [['B', 3]] });
    tell.commissioned('B', serials(51, 53));
    // Board 52 was mended with a bad part before it was built in.
    did('mend', { kind: 'repair', in: [['B', 1, { serials: serials(52, 52) }], ['BAD', 1]], out: [['B', 1, serials(52, 52)]] }); // prettier-ignore
    for (const nth of scanned ? [1, 2, 3] : [])
      did(`op-${nth}`, {
        in: [['B', 1, { serials: serials(50 + nth, 50 + nth), certainty: 'scanned' }]],
        out: [['F', 1, serials(nth, nth)]],
      });
    if (!scanned) did('op-f', { in: [['B', 3]], out: [['F', 3]] });
    tell.commissioned('F', serials(1, 3));
    return facts;
  };
  expectAnswers(assembly(true), {
    forward: { BAD: { BAD: 'all', B: '52', F: '2' }, CAP: { CAP: 'all', B: 'all', F: 'all' } },
    forwardOfUnits: { 'B 51': { B: '51', F: '1' } },
    backwardOfUnits: { 'F 3': { F: '3', B: '53', CAP: 'all' }, 'F 2': { F: '2', B: '52', CAP: 'all', BAD: 'all' } },
    certainty: { B: { B: 'scanned', F: 'scanned' } },
    backward: { F: { F: 'all', B: '51–53', CAP: 'all', BAD: 'all' } },
    balance: { B: { consumed: 3, balanced: true }, F: { onHand: 3, balanced: true } },
    gaps: [],
  });
  expectAnswers(assembly(false), {
    forward: { BAD: { BAD: 'all', B: '52', F: 'all' } },
    certainty: { B: { B: 'scanned', F: 'lot-inferred' } },
    gaps: [],
  });
});
