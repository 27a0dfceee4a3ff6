import { expect, test } from '@jest/globals';
import { createHistory, graphOf, line, serials } from '../../test/history.ts';
import type { Fact } from '../genealogy/facts.ts';
import { askTrace } from './ask-trace.ts';
import { atOnce } from './trace.ts';
import { pageOf } from './trace-page.ts';
import type { TraceAsk, TracePageAsk } from './trace-question.ts';
import { whyIn } from './why.ts';

const text = new TextDecoder();

/** What is answered to a question about these facts, and its pages. */
function asked(facts: readonly Fact[], roots: string | TraceAsk['roots'], more: Partial<TraceAsk> = {}) {
  const graph = graphOf(facts);
  const named = typeof roots === 'string' ? roots.split(' ').filter(Boolean).map((lot) => ({ lot })) : roots; // prettier-ignore
  const { trace, summary } = atOnce(askTrace(graph, { roots: named, direction: 'forward', ...more }));
  const page = (part: TracePageAsk['part'], limit = 100, cursor = '0') =>
    JSON.parse(text.decode(pageOf(graph, trace, { part, limit, cursor })));
  const lots = () => page('lots').items.map(({ lot }: { lot: string }) => lot);
  return { graph, trace, summary, page, lots };
}

/** RAW → A1 → B1 → C1 and RAW → A2; B1 also of OTHER, which also went into B2. */
function chain() {
  const { facts, tell } = createHistory();
  tell.received('RAW', 100);
  tell.received('OTHER', 50);
  tell.declared('C1');
  tell.operation('a-1', { in: [['RAW', 10]], out: [['A1', 5]] });
  tell.operation('a-2', { in: [['RAW', 20]], out: [['A2', 7]] });
  tell.operation('b-1', { in: [['A1', 5], ['OTHER', 1]], out: [['B1', 5]] }); // prettier-ignore
  tell.operation('b-2', { in: [['OTHER', 2, { certainty: 'possible' }]], out: [['B2', 2]] });
  tell.operation('c-1', { in: [['B1', 3, { certainty: 'backflushed' }]], out: [['C1', 3]] });
  tell.commissioned('C1', serials(1, 3));
  return { facts, tell };
}

test('the summary counts lots and units by certainty; a line says how much went in and came out, and by which step', () => {
  const { facts, tell } = chain();
  tell.arrived('S-1', 'HOSPITAL', line('C1', 2, serials(1, 2)));
  const { summary, page, trace, graph } = asked(facts, 'RAW');
  expect(summary).toMatchObject({
    direction: 'forward',
    totalLots: 5,
    totalUnits: 3,
    lotsWithoutSerials: 4,
    byCertainty: { scanned: 1, 'lot-inferred': 3, backflushed: 1, possible: 0, 'gap-assumed': 0 },
    unitsByCertainty: { scanned: 0, backflushed: 3 },
    hops: 3,
    custodians: 1,
    stoppedAt: 0,
    cycles: 0,
  });
  expect(page('lots').items.at(-1)).toEqual({
    lot: 'C1',
    item: 'IP-200',
    quantity: { value: '3', unit: 'EA' },
    serials: { mode: 'all', ranges: serials(1, 3) },
    units: 3,
    unitWays: [],
    certainty: 'backflushed',
    hops: 3,
    via: { lot: 'B1', operation: 'c-1', edge: 'material', certainty: 'backflushed', taken: { value: '3', unit: 'EA' }, given: { value: '3', unit: 'EA' }, because: [] }, // prettier-ignore
  });
  expect(page('custodians').items).toMatchObject([{ custodian: 'HOSPITAL', lines: [{ lot: 'C1', serials: serials(1, 2) }] }]); // prettier-ignore
  expect(page('operations').items.map(({ operation }: { operation: string }) => operation).sort()).toEqual(['a-1', 'a-2', 'b-1', 'c-1']); // prettier-ignore
  expect(page('operations').items.find(({ operation }: { operation: string }) => operation === 'b-1').inputs).toEqual([
    {
      lot: 'A1',
      quantity: { value: '5', unit: 'EA' },
      inScope: true,
      edge: 'material',
      certainty: 'lot-inferred',
      because: [],
    },
    {
      lot: 'OTHER',
      quantity: { value: '1', unit: 'EA' },
      inScope: false,
      edge: 'material',
      certainty: 'lot-inferred',
      because: [],
    },
  ]);
  const ea = (value: string) => ({ value, unit: 'EA' });
  expect(whyIn(graph, trace, 'C1')?.path).toMatchObject([
    { lot: 'RAW', taken: ea('10'), takenAtLeast: ea('10'), takenAtMost: ea('10'), given: ea('5') },
    { lot: 'A1', taken: ea('5'), given: ea('5') },
    { lot: 'B1', taken: ea('3'), given: ea('3') },
    { lot: 'C1', taken: null, given: null },
  ]);
  expect(whyIn(graph, trace, 'B2')).toBeNull();
  const back = asked(facts, 'C1', { direction: 'backward' });
  expect(whyIn(back.graph, back.trace, 'RAW')?.path).toMatchObject([
    { lot: 'C1', taken: ea('3'), given: ea('3') },
    { lot: 'B1', taken: ea('5'), given: ea('5') },
    { lot: 'A1', taken: ea('10'), given: ea('5') },
    { lot: 'RAW', taken: null, given: null },
  ]);
  const other = asked(facts, 'OTHER');
  expect(whyIn(other.graph, other.trace, 'B2')?.path[0]).toMatchObject({ taken: ea('2'), takenAtLeast: ea('0'), takenAtMost: ea('2') }); // prettier-ignore
});

test('hops limit the operations; where the walk stopped is said, and going on from there finds the rest', () => {
  const { facts } = chain();
  const near = asked(facts, 'RAW', { hops: 1 });
  expect(near.lots()).toEqual(['RAW', 'A1', 'A2']);
  expect(near.summary.stoppedAt).toBe(1);
  expect(near.page('stopped').items).toEqual([{ lot: 'A1', hops: 1 }]);
  expect(asked(facts, 'A1').lots()).toEqual(['A1', 'B1', 'C1']);
  const none = asked(facts, 'RAW', { hops: 0 });
  expect([none.lots(), none.summary.stoppedAt]).toEqual([['RAW'], 1]);
  const all = asked(facts, 'RAW', { hops: 3 });
  expect([all.summary.totalLots, all.summary.stoppedAt]).toEqual([5, 0]);
});

test('siblings: back to the inputs, then forward from there', () => {
  const { facts } = chain();
  expect(asked(facts, 'C1', { direction: 'siblings' }).lots().sort()).toEqual(['A1', 'A2', 'B1', 'B2', 'C1', 'OTHER', 'RAW']); // prettier-ignore
  expect(asked(facts, 'B1', { direction: 'siblings', hops: 1 }).lots().sort()).toEqual(['A1', 'B1', 'B2', 'OTHER']);
});

test('siblings of roots of which one went into another; what nothing went into is its own input', () => {
  const { facts } = chain();
  const all = ['A1', 'A2', 'B1', 'B2', 'C1', 'OTHER', 'RAW'];
  const siblingsOf = (...lots: string[]) =>
    asked(facts, lots.map((lot) => ({ lot })), { direction: 'siblings' }).lots().sort(); // prettier-ignore
  expect(siblingsOf('C1', 'RAW')).toEqual(all);
  expect(siblingsOf('B1', 'A1', 'C1', 'RAW')).toEqual(all);
  expect(siblingsOf('RAW')).toEqual(asked(facts, 'RAW').lots().sort());
});

test('an operation as a root: its outputs forward, its inputs back; a void one is none', () => {
  const { facts, tell } = chain();
  expect(asked(facts, '', { operations: ['b-1'] }).lots()).toEqual(['B1', 'C1']);
  expect(asked(facts, '', { operations: ['b-1', 'x-9'], direction: 'backward' }).lots().sort()).toEqual(['A1', 'OTHER', 'RAW']); // prettier-ignore
  const gone = (direction: TraceAsk['direction']): string[] =>
    asked(facts, '', { operations: ['b-1', 'x-9'], direction }).page('operations').items.map(({ operation }: { operation: string }) => operation).sort(); // prettier-ignore
  expect(gone('forward')).toEqual(['b-1', 'c-1']);
  expect(gone('backward')).toEqual(['a-1', 'b-1']);
  expect(gone('siblings').filter((one) => one === 'b-1')).toHaveLength(1);
  expect(asked(facts, '', { operations: ['x-9'] }).summary).toMatchObject({ totalLots: 0, unknownOperations: ['x-9'] });
  tell.voided('b-1');
  expect(asked(facts, '', { operations: ['b-1'] }).lots()).toEqual([]);
  expect(gone('forward')).toEqual([]);
});

test('units as roots: only what they went into is affected', () => {
  const { facts, tell } = chain();
  tell.operation('pack', { in: [['C1', 1, { serials: serials(1, 1) }]], out: [['KIT-1', 1]] });
  tell.operation('pack-2', { in: [['C1', 1, { serials: serials(3, 3) }]], out: [['KIT-3', 1]] });
  const one = asked(facts, [{ lot: 'C1', serials: serials(1, 2) }]);
  expect(one.lots()).toEqual(['C1', 'KIT-1']);
  expect(one.page('lots').items[0]).toMatchObject({ units: 2, serials: { mode: 'only', ranges: serials(1, 2) } });
  expect(asked(facts, 'C1').lots()).toEqual(['C1', 'KIT-1', 'KIT-3']);
});

test('a lot that becomes its own ancestor ends, and is reported; a split that leaves the rest in its lot is none', () => {
  const { facts, tell } = chain();
  tell.operation('split', { kind: 'split', in: [['B1', 5]], out: [['B1', 3], ['B9', 2]] }); // prettier-ignore
  expect(asked(facts, 'RAW').summary.cycles).toBe(0);
  tell.operation('wrong', { in: [['C1', 1]], out: [['A1', 1]] });
  for (const direction of ['forward', 'backward'] as const) {
    const { summary, page, lots } = asked(facts, direction === 'forward' ? 'RAW' : 'C1', { direction });
    expect(summary.cycles).toBe(1);
    expect(page('cycles').items).toEqual([{ lots: ['A1', 'B1', 'C1'] }]);
    expect(lots()).toContain('A1');
  }
});

test('a root that nobody mentioned is in the scope; pages go on where the one before ended', () => {
  const { facts } = chain();
  const { summary, page } = asked(facts, 'RAW NEVER-HEARD');
  expect(summary).toMatchObject({ totalLots: 6, unknownRoots: ['NEVER-HEARD'], byCertainty: { scanned: 2 } });
  const first = page('lots', 4);
  expect(first.items).toHaveLength(4);
  expect(page('lots', 4, first.next)).toMatchObject({
    items: [{ lot: 'C1' }, { lot: 'NEVER-HEARD', via: null }],
    next: null,
  });
  expect(() => page('lots', 4, 'forged')).toThrow('cursor-invalid');
  expect(page('lots', 4, '999')).toEqual({ items: [], next: null });
});
