import { expect, test } from '@jest/globals';
import { at, createHistory, ea, graphOf } from '../../test/history.ts';
import { usesOf } from './uses.ts';

const during = (from: string, to: string) => ({ startedAt: at(from), endedAt: at(to) });

/** 100 boards of 4 capacitors each while the reel was changed. */
function change(first: number, second: number) {
  const { facts, tell } = createHistory();
  for (const reel of ['R1', 'R2']) tell.received(reel, 9000, reel, 'CAP-100');
  tell.declared('B1', 'intermediate');
  tell.specified('BOARD-7', [['CAP-100', '4']]);
  tell.mounted('m1', 'R1', '08:00', { quantity: ea(first) });
  tell.unmounted('m1', '10:00', { remaining: ea(0) });
  tell.mounted('m2', 'R2', '10:00', { quantity: ea(second) });
  tell.operation('o1', { in: [], out: [['B1', 100]], more: during('09:30', '10:30') });
  return { facts, tell };
}

const usesIn = (facts: ReturnType<typeof change>['facts'], lot: string) => {
  const graph = graphOf(facts);
  return usesOf(graph, graph.lotIds.find(lot) ?? -1);
};

test('at most what was there and what was needed, at least what the other cannot have given', () => {
  const { facts } = change(150, 5000);
  expect(usesIn(facts, 'R1')).toMatchObject({
    uses: [{ operation: 'o1', certainty: 'possible', positions: ['F1'], minimum: ea(0), maximum: ea(150) }],
    certain: '0',
    possibleMinimum: '0',
    possibleMaximum: '150',
  });
  expect(usesIn(facts, 'R2')).toMatchObject({ uses: [{ minimum: ea(250), maximum: ea(400) }], possibleMinimum: '250' });
});

test('one reel alone gave all that was needed; what was told stands as it was told', () => {
  const { facts, tell } = change(150, 5000);
  tell.declared('B2', 'intermediate');
  tell.operation('o2', { in: [], out: [['B2', 10]], more: during('11:00', '11:30') });
  tell.operation('o3', { in: [['R2', 7]], out: [['B2', 1]], more: during('12:00', '12:30') });
  const { uses, certain, possibleMaximum } = usesIn(facts, 'R2');
  expect(uses.map(({ certainty, minimum, maximum }) => [certainty, minimum.value, maximum?.value])).toEqual([
    ['possible', '250', '400'],
    ['backflushed', '40', '40'],
    ['lot-inferred', '7', '7'],
  ]);
  expect(certain).toBe('47');
  expect(possibleMaximum).toBe('400');
});

test('several possible uses together are no more than was mounted; without counts and a bill of material nobody knows', () => {
  const { facts, tell } = change(150, 5000);
  tell.mounted('m0', 'R2', '07:00', { position: 'F2' });
  tell.operation('o0', { in: [], out: [['B1', 100]], more: during('09:00', '10:10') });
  expect(usesIn(facts, 'R1').possibleMaximum).toBe('150');
  const { facts: bare, tell: say } = createHistory();
  say.mounted('m1', 'R1', '08:00');
  say.mounted('m2', 'R2', '09:00');
  say.operation('o1', { in: [], out: [['B1', 100]], more: during('08:30', '09:30') });
  expect(usesIn(bare, 'R1')).toMatchObject({ uses: [{ minimum: ea(0), maximum: null }], possibleMaximum: null });
});
