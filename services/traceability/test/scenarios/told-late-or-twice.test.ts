import { test } from '@jest/globals';
import { placeholderLotId } from '@lotwarden/platform/ids';
import type { Fact } from '../../src/genealogy/facts.ts';
import { line, serials } from '../history.ts';
import { expectAnswers, plant } from './scenario.ts';

test('correction: nothing is edited; what was voided counts for nothing, what replaces it counts alone', () => {
  const { facts, tell, bought, did } = plant();
  bought('WRONG', 100);
  bought('RIGHT', 100);
  tell.declared('B', 'intermediate');
  tell.operation('op', { in: [['WRONG', 40]], out: [['B', 10]] });
  tell.voided('op');
  did('op-2', { in: [['RIGHT', 40]], out: [['B', 10]] });
  expectAnswers(facts, {
    forward: { WRONG: { WRONG: 'all' }, RIGHT: { RIGHT: 'all', B: 'all' } },
    backward: { B: { B: 'all', RIGHT: 'all' } },
    balance: {
      WRONG: { onHand: 100, balanced: true },
      RIGHT: { onHand: 60, consumed: 40, balanced: true },
      B: { onHand: 10, balanced: true },
    },
    gaps: [],
  });
});

test('a claim against the record: the first stands, and lots that only the claim names are possible', () => {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  bought('CLAIMED', 100);
  tell.declared('B', 'intermediate');
  did('op', { in: [['CAP', 40, { certainty: 'scanned' }]], out: [['B', 10]] });
  tell.contradicted('op');
  tell.late('op', 'CLAIMED', 40, { certainty: 'possible' });
  expectAnswers(facts, {
    certainty: { CLAIMED: { CLAIMED: 'scanned', B: 'possible' }, CAP: { CAP: 'scanned', B: 'scanned' } },
    backward: { B: { B: 'all', CAP: 'all', CLAIMED: 'all' } },
    gaps: [],
  });
});

test('late: a consumption told weeks after closes its gap and is walked all the way down', () => {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  bought('PCB', 10);
  tell.declared('B', 'intermediate');
  tell.declared('F');
  did('op-b', { in: [['PCB', 10]], out: [['B', 10]], missing: 'CAP-100: expected 40, seen none' });
  did('op-f', { in: [['B', 10]], out: [['F', 10]] });
  tell.dispatched('S-1', 'H1', [line('F', 10)]);
  const gap = ['operation-input-missing op-b: CAP-100: expected 40, seen none'];
  expectAnswers(facts, { forward: { CAP: { CAP: 'all' } }, gaps: gap });
  tell.late('op-b', 'CAP', 40);
  tell.issued('CAP', 40, 'operation');
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', B: 'all', F: 'all' } },
    paths: ['CAP>B>F'],
    balance: { CAP: { onHand: 60, consumed: 40, balanced: true }, F: { inTransit: 10, balanced: true } },
    gaps: [],
  });
});

test('one event from two sources: traces are the same as if it were told once; the books say who told it twice', () => {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  tell.declared('B', 'intermediate');
  did('OP-MES-SZ:B1', { in: [['CAP', 40, { certainty: 'scanned' }]], out: [['B', 10]] });
  // The line's own controller reports the same work under an id of its own; the warehouse has issued and received once.
  tell.operation('OP-SCADA-4:77', { in: [['CAP', 40]], out: [['B', 10]] });
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', B: 'all' } },
    // The surest of both is told.
    certainty: { CAP: { CAP: 'scanned', B: 'scanned' } },
    balance: { CAP: { onHand: 60, consumed: 80, unaccounted: -40, balanced: false } },
    gaps: [],
  });
  tell.voided('OP-SCADA-4:77');
  expectAnswers(facts, { balance: { CAP: { onHand: 60, consumed: 40, balanced: true } }, gaps: [] });
});

test('one event from a partner too: told in EPCIS it is one more path, and none of our books', () => {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  tell.declared('B', 'intermediate');
  did('op', { in: [['CAP', 40, { certainty: 'scanned' }]], out: [['B', 10]] });
  facts.push(toldInEpcis('CAP', 'B'));
  expectAnswers(facts, {
    certainty: { CAP: { CAP: 'scanned', B: 'scanned' } },
    balance: { CAP: { onHand: 60, consumed: 40, balanced: true }, B: { onHand: 10, balanced: true } },
    gaps: [],
  });
});

test('consumed before it was declared: a placeholder until then, and one lot for ever after', () => {
  const { facts, tell, bought, did } = plant();
  const unknown = placeholderLotId({ system: 'supplier:SUP-HX', code: 'L-1042' });
  tell.declared('B', 'intermediate');
  did('op', { in: [[unknown, 40]], out: [['B', 10]] });
  expectAnswers(facts, {
    forward: { [unknown]: { [unknown]: 'all', B: 'all' } },
    gaps: [`lot-undeclared ${unknown}`],
  });
  tell.received('M-1', 100, 'L-1042');
  tell.stocked('M-1', 100);
  bought('OTHER', 1);
  expectAnswers(facts, {
    forward: { 'M-1': { 'M-1': 'all', B: 'all' }, [unknown]: { 'M-1': 'all', B: 'all' } },
    backward: { B: { B: 'all', 'M-1': 'all' } },
    named: { 'L-1042': ['M-1'], [unknown]: ['M-1'] },
    balance: { 'M-1': { onHand: 60, consumed: 40, balanced: true } },
    gaps: [],
  });
});

test('a lot whose stock ran out: history stays, both ways, by every name', () => {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 40);
  tell.declared('B', 'intermediate');
  tell.declared('F');
  did('op-b', { in: [['CAP', 40]], out: [['B', 10]] });
  did('op-f', { in: [['B', 10]], out: [['F', 10]] });
  tell.commissioned('F', serials(1, 10));
  tell.dispatched('S-1', 'H1', [line('F', 10, serials(1, 10))]);
  tell.arrived('S-1', 'H1', line('F', 10, serials(1, 10)));
  tell.used('H1', line('F', 10, serials(1, 10)));
  expectAnswers(facts, {
    forward: { CAP: { CAP: 'all', B: 'all', F: 'all' } },
    backward: { F: { F: 'all', B: 'all', CAP: 'all' } },
    paths: ['CAP>B>F'],
    named: { 'mes-F': ['F'], CAP: ['CAP'] },
    balance: {
      CAP: { consumed: 40, balanced: true },
      B: { consumed: 10, balanced: true },
      F: { used: 10, balanced: true },
    },
    gaps: [],
  });
});

const toldInEpcis = (from: string, to: string): Fact => {
  const own = (lot: string) => `urn:lotwarden:lot:${lot}`;
  const quantity = { value: '10', unit: 'EA' };
  const at = '2026-11-10T08:00:00.000Z';
  return {
    topic: 'traceability.epcis.v1',
    partition: 0,
    offset: 0,
    aggregate: 'e-1',
    version: 1,
    id: 'e-1',
    occurredAt: at,
    event: {
      type: 'EpcisEventCaptured',
      eventId: 'e-1',
      hash: 'ni:///sha-256;0',
      eventType: 'TransformationEvent',
      recordTime: at,
      occurredAt: at,
      event: '{}',
      action: null,
      bizStep: 'assembling',
      source: null,
      destination: null,
      readPoint: null,
      parent: null,
      goods: [
        { role: 'input', id: own(from), quantity },
        { role: 'output', id: own(to), quantity },
      ],
      declaredWrong: false,
      capture: null,
      capturer: 'd1-system',
      party: '0614141000012',
      roles: ['partner-epcis'],
    },
  };
};
