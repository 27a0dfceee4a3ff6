import { expect, test } from '@jest/globals';
import { createHistory, serials } from '../history.ts';
import { recordedFacts, asOfIn } from '../recorded.ts';

/** Board 57 was in pump 7 until a repair of which we heard at 00:05. */
function repaired() {
  const { facts, tell } = createHistory();
  for (const board of ['B1', 'B2']) tell.declared(board, 'intermediate');
  tell.declared('F1');
  tell.commissioned('F1', serials(7, 7));
  tell.operation('fit', { in: [['B1', 1, { serials: serials(57, 57) }]], out: [['F1', 1, serials(7, 7)]] });
  const before = facts.length;
  tell.operation('swap', {
    kind: 'repair',
    in: [['F1', 1, { serials: serials(7, 7) }], ['B2', 1, { serials: serials(77, 77) }]], // prettier-ignore
    out: [['F1', 1, serials(7, 7)]],
    scrap: [['B1', 1, serials(57, 57)]],
  });
  let told = 0;
  return recordedFacts(facts, () => (told++ < before ? 0 : 5));
}

test('taken out, as of before: the unit contains what we knew it to contain then', async () => {
  const told = repaired();
  const lots = async (root: string, direction: 'forward' | 'backward', minute: number) => {
    const asOf = asOfIn(told, 100);
    const { lots } = await asOf.scope([{ lot: root }], direction, `2026-11-02T00:0${String(minute)}:00.000Z`);
    return lots.map(({ lot }) => lot);
  };
  expect(await lots('B1', 'forward', 4)).toEqual(['B1', 'F1']);
  expect(await lots('B1', 'forward', 6)).toEqual(['B1']);
  expect(await lots('F1', 'backward', 4)).toEqual(['F1', 'B1']);
  expect(await lots('F1', 'backward', 6)).toEqual(['F1', 'B2']);
});

test('taken out, in the timelines: part, unit and what replaced it are told of both operations', () => {
  const about = repaired().map(({ cited: { aggregate }, subjects }) => [aggregate, subjects] as const);
  const of = (operation: string) => about.find(([aggregate]) => aggregate === operation)?.[1];
  expect(of('fit')).toEqual(expect.arrayContaining(['lot:B1', 'lot:F1']));
  expect(of('swap')).toEqual(expect.arrayContaining(['lot:B1', 'lot:B2', 'lot:F1']));
});
