import { expect, test } from '@jest/globals';
import { createHistory, serials } from '../../test/history.ts';
import { detailFor, touchedLots } from './touched-lots.ts';

test('every lot that an event speaks of is touched, at any depth, once', () => {
  const { facts, tell } = createHistory();
  tell.operation('op-1', { in: [['L0', 1], ['L1', 1]], out: [['F1', 1]], scrap: [['L1', 1]] }); // prettier-ignore
  tell.serialsMoved('F1', 'F2', serials(1, 2), 'op-2');
  expect(touchedLots(facts[0]!.event)).toEqual(['L0', 'L1', 'F1']);
  expect(touchedLots(facts[1]!.event)).toEqual(['F1', 'F2']);
  expect(touchedLots({ type: 'HoldReleased', lots: ['A', 'B'], hold: 'H' })).toEqual(['A', 'B']);
  expect(touchedLots({ type: 'ProductionLotDeclared', lot: 'A', placeholder: true })).toEqual(['A']);
});

test("a timeline shows a lot's own lines and what holds for all; long lists are counted", () => {
  const { facts, tell } = createHistory();
  tell.operation('op-1', { in: [['L0', 1], ['L1', 1]], out: [['F1', 1]] }); // prettier-ignore
  expect(detailFor(facts[0]!.event, 'L0')).toMatchObject({ operation: 'op-1', inputs: [{ lot: 'L0' }], outputs: [] });
  const parameters = Array.from({ length: 30 }, (_, n) => ({ name: `p${n}` }));
  expect(detailFor({ type: 'X', lot: 'L0', parameters }, 'L0')).toEqual({ lot: 'L0', parametersCount: 30 });
});
