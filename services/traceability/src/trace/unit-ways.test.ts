import { expect, test } from '@jest/globals';
import { createHistory, graphOf, serials } from '../../test/history.ts';
import type { Fact } from '../genealogy/facts.ts';
import { affectedGoods } from '../roots/affected-goods.ts';
import { askTrace } from './ask-trace.ts';
import { pageOf } from './trace-page.ts';
import { atOnce } from './trace.ts';
import { whyIn } from './why.ts';

const GTIN = '06901234567892';
const [TEN, NINETY] = [serials(1, 10), serials(11, 100)];

function asked(facts: readonly Fact[], root: string) {
  const graph = graphOf(facts);
  const { trace, summary } = atOnce(askTrace(graph, { roots: [{ lot: root }], direction: 'forward' }));
  const lots = JSON.parse(new TextDecoder().decode(pageOf(graph, trace, { part: 'lots', limit: 100 }))).items;
  const why = (lot: string, serial: string) => whyIn(graph, trace, lot, { serial, gtin: GTIN });
  const lot = (id: string) => lots.find((one: { lot: string }) => one.lot === id);
  const all = atOnce(affectedGoods(graph, trace, { trace: '', part: 'serials', lots: 100, from: 0 })).items;
  return { summary, lot, why, serials: all };
}

/** BAD went into ten pumps by scan; into the other ninety of the lot it may have gone. */
function pumps() {
  const { facts, tell } = createHistory();
  tell.received('BAD', 100);
  tell.declared('PUMPS');
  tell.commissioned('PUMPS', serials(1, 100));
  tell.operation('scanned', { in: [['BAD', 10, { certainty: 'scanned' }]], out: [['PUMPS', 10, TEN]] });
  tell.operation('perhaps', { in: [['BAD', 90, { certainty: 'possible' }]], out: [['PUMPS', 90, NINETY]] });
  return { facts, tell };
}

test('of one lot ten units are scanned with the bad part, of the others it is possible: each counts by its own certainty', () => {
  const { summary, lot, serials: listed } = asked(pumps().facts, 'BAD');
  expect(summary.unitsByCertainty).toMatchObject({ scanned: 10, possible: 90 });
  expect(summary.byCertainty).toMatchObject({ scanned: 2, possible: 0 });
  const ways = [
    { certainty: 'scanned', hops: 1, ranges: TEN },
    { certainty: 'possible', hops: 1, ranges: NINETY },
  ];
  expect(lot('PUMPS')).toMatchObject({ certainty: 'scanned', unitWays: ways });
  expect(lot('BAD').unitWays).toEqual([]);
  expect(listed).toMatchObject([{ lot: 'PUMPS', ways }]);
});

test('a unit that keeps its serial keeps its certainty through later operations; its path says by which', () => {
  const { facts, tell } = pumps();
  tell.declared('KITS');
  tell.operation('rework', { in: [['PUMPS', 100, { certainty: 'scanned', serials: serials(1, 100) }]], out: [['KITS', 100, serials(1, 100)]] }); // prettier-ignore
  tell.commissioned('KITS', serials(1, 100));
  const { summary, lot, why } = asked(facts, 'BAD');
  expect(lot('KITS').unitWays).toEqual([
    { certainty: 'scanned', hops: 2, ranges: TEN },
    { certainty: 'possible', hops: 2, ranges: NINETY },
  ]);
  expect(summary.unitsByCertainty).toMatchObject({ scanned: 20, possible: 180 });
  const path = (serial: string) => why('KITS', serial)?.path.map(({ lot: from, operation }) => `${from} ${operation ?? ''}`); // prettier-ignore
  expect(path('IP000007')).toEqual(['BAD scanned', 'PUMPS rework', 'KITS ']);
  expect(path('IP000077')).toEqual(['BAD perhaps', 'PUMPS rework', 'KITS ']);
  expect(why('KITS', 'IP000077')).toMatchObject({ lot: 'KITS', serial: 'IP000077', certainty: 'possible' });
});

test('whole lots need no ways of units; units that are none of the trace have none', () => {
  const { facts, tell } = pumps();
  tell.declared('BOXED');
  tell.operation('mixed', { in: [['PUMPS', 100]], out: [['BOXED', 50]] });
  tell.commissioned('BOXED', serials(201, 250));
  const { lot, why } = asked(facts, 'BAD');
  expect(lot('BOXED')).toMatchObject({ certainty: 'lot-inferred', unitWays: [] });
  expect(why('BOXED', 'IP000201')).toMatchObject({ certainty: 'lot-inferred', serial: 'IP000201' });
  for (const nobody of ['IP000251', 'IP201', '201', '', 'XX000201']) expect(why('BOXED', nobody)).toBeNull();
});

test('units that went in and that nobody knew to be in their lot make nothing surer than the least sure step', () => {
  const { facts, tell } = createHistory();
  tell.received('BAD', 100);
  for (const lot of ['PART', 'PUMPS']) tell.declared(lot);
  tell.operation('made', { in: [['BAD', 1, { certainty: 'scanned' }]], out: [['PART', 1, serials(3, 3)]] });
  const into = (id: string, certainty: 'scanned' | 'possible', part: number, pump: number) =>
    tell.operation(id, { in: [['PART', 1, { certainty, edge: 'installed', serials: serials(part, part) }]], out: [['PUMPS', 1, serials(pump, pump)]] }); // prettier-ignore
  into('sure', 'scanned', 1, 40);
  into('unsure', 'possible', 2, 41);
  tell.commissioned('PUMPS', serials(40, 41));
  const { lot, why } = asked(facts, 'BAD');
  expect(lot('PUMPS')).toMatchObject({
    certainty: 'scanned',
    hops: 2,
    unitWays: [{ certainty: 'possible', hops: 2, ranges: serials(40, 41) }],
  });
  expect(why('PUMPS', 'IP000041')).toMatchObject({ certainty: 'possible' });
});

test('a unit of which nobody says where it comes from is no surer than the units that can have gone into it', () => {
  const { facts, tell } = pumps();
  tell.declared('KITS');
  tell.operation('renumbered', { in: [['PUMPS', 90, { certainty: 'scanned', serials: NINETY }]], out: [['KITS', 90, serials(211, 300)]] }); // prettier-ignore
  tell.commissioned('KITS', serials(201, 300));
  const { lot, why, summary } = asked(facts, 'BAD');
  expect(lot('KITS').unitWays).toEqual([{ certainty: 'possible', hops: 2, ranges: serials(201, 300) }]);
  expect(why('KITS', 'IP000205')).toMatchObject({ certainty: 'possible' });
  expect(summary.unitsByCertainty).toMatchObject({ scanned: 10, possible: 190 });
});
