import { expect, test } from '@jest/globals';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import fc from 'fast-check';
import { at, createHistory, graphOf, line, serials } from '../../test/history.ts';
import { asOfIn, recordedFacts, scopeFrom, type RecordedFact } from '../../test/recorded.ts';
import { alone, pallet, THEIRS, told, unit, units } from '../../test/told.ts';
import type { Root } from '../roots/roots.ts';
import { differenceOf, totalsOf } from './difference.ts';

const step = fc.record({
  what: fc.constantFrom(
    'make',
    'move',
    'late',
    'void',
    'pack',
    'nest',
    'unpack',
    'alias',
    'redeclare',
    'load',
    'mount',
  ),
  from: fc.nat({ max: 5 }),
  to: fc.nat({ max: 5 }),
  hour: fc.nat({ max: 8 }),
});

/** Everything that roots can be found by, told in any order. */
const factories = fc.array(step, { minLength: 3, maxLength: 20 }).map((steps) => {
  const { facts, tell } = createHistory();
  for (const n of [0, 1, 2]) tell.received(`L${n}`, 100, `S-${n}`, n === 0 ? 'RES-1' : 'CAP-100');
  for (const n of [3, 4]) tell.declared(`L${n}`, n === 3 ? 'unknown' : 'finished');
  for (const n of [0, 1, 2, 3, 4, 5]) tell.commissioned(`L${n}`, serials(n * 10, n * 10 + 9));
  let made = 0;
  steps.forEach(({ what, from, to, hour }, number) => {
    const [a, b] = [`L${from}`, `L${to}`];
    const startedAt = at(`0${hour}:00`);
    const endedAt = at(`0${hour + 1}:00`);
    const parameters = [{ name: 'peak', value: String(230 + to), unit: 'CEL', lower: null, upper: null }];
    const more = {
      equipment: `M-${from % 2}`,
      operator: `op-${to % 2}`,
      softwareVersion: `v${hour % 3}`,
      labelVersion: `l${from % 2}`,
      tools: [`T-${to % 3}`],
      gauges: [`G-${from % 3}`],
      load: hour === 0 ? `LOAD-${from}` : null,
      parameters,
      startedAt,
      endedAt,
    };
    if (what === 'make') tell.operation(`op-${made++}`, { in: hour % 3 === 0 ? [] : [[a, 1]], out: [[b, 1]], more });
    else if (what === 'move' && a !== b) {
      tell.operation(`op-${made}`, { kind: 'split', in: [[a, 1]], out: [[b, 1]], more });
      tell.serialsMoved(a, b, serials(from * 10 + (number % 9), from * 10 + (number % 9)), `op-${made++}`);
    } else if (what === 'late' && made > 0) tell.late(`op-${from % made}`, b, 1);
    else if (what === 'void' && made > 0) tell.voided(`op-${to % made}`);
    else if (what === 'pack')
      tell.packed(`BOX-${to}`, [line(a, 1, from % 2 === 0 ? serials(from * 10, from * 10) : [])]);
    else if (what === 'nest') tell.packed(`PALLET-${from}`, [], [`BOX-${to}`], 'pallet');
    else if (what === 'unpack') tell.unpacked(`BOX-${to}`);
    else if (what === 'alias') tell.alias(a, 'ERP', `N-${to % 3}`);
    else if (what === 'redeclare') tell.declared('L3', 'finished');
    else if (what === 'load') tell.load(`LOAD-${from}`, { members: [line(b, 1)], startedAt, endedAt });
    else if (what === 'mount') tell.mounted(`m${number}`, a, `0${hour}:00`, { equipment: `M-${to % 2}` });
  });
  return facts;
});

const few = fc.nat({ max: 5 });
const roots: fc.Arbitrary<Root> = fc.oneof(
  few.map((n): Root => ({ lot: `L${n}` })),
  few.map((n): Root => ({ lot: `N-${n % 3}` })),
  few.map((n): Root => ({ lot: { system: n % 2 === 0 ? 'ERP' : 'supplier:SUP-HX', code: n % 2 === 0 ? `N-${n % 3}` : 'S-1' } })), // prettier-ignore
  few.map((n): Root => ({ lot: `L${n}`, serials: serials(n * 10, n * 10 + 3) })),
  fc.nat({ max: 59 }).map((n): Root => ({ serials: serials(n, n + 4) })),
  fc.tuple(few, fc.constantFrom('BOX', 'PALLET')).map(([n, level]): Root => ({ container: `${level}-${n}` })),
  few.map((n): Root => ({ operation: `op-${n}` })),
  fc
    .constantFrom(
      { supplier: 'SUP-HX', item: 'CAP-100' },
      { item: 'BOARD-7' },
      { item: 'IP-200' },
      { workOrder: 'WO-L3', site: 'SZ1' },
    ) // prettier-ignore
    .map((lotsWhere): Root => ({ lotsWhere })),
  fc
    .tuple(
      few,
      fc.constantFrom('equipment', 'operator', 'softwareVersion', 'labelVersion', 'tool', 'gauge', 'load', 'parameter'),
    )
    .map(([n, by]): Root => {
      const hours = { from: at(`0${n}:00`), to: at(`0${n + 2}:00`) };
      if (by === 'parameter') return { operationsWhere: { parameter: { name: 'peak', unit: 'CEL', above: `${230 + n}` } } }; // prettier-ignore
      const value = { equipment: `M-${n % 2}`, operator: `op-${n % 2}`, softwareVersion: `v${n % 3}`, labelVersion: `l${n % 2}`, tool: `T-${n % 3}`, gauge: `G-${n % 3}`, load: `LOAD-${n}` }[by]; // prettier-ignore
      return { operationsWhere: { [by]: value, ...(by === 'equipment' ? hours : {}) } };
    }),
  few.map((n): Root => ({ alongside: { operation: `op-${n}`, minutes: 90 } })),
  few.map((n): Root => ({ alongside: { lot: `L${n}`, minutes: 0 } })),
);

test('from whatever a trace starts: as of T it means what it would have meant to a graph of all facts recorded until T', async () => {
  await fc.assert(
    fc.asyncProperty(
      factories,
      fc.array(roots, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 7 }),
      fc.nat({ max: 9 }),
      fc.constantFrom('forward', 'backward'),
      async (facts, asked, minutes, until, direction) => {
        let next = 0;
        const told = recordedFacts(facts, () => minutes[next++ % minutes.length] ?? 0);
        const moment = `2026-11-02T00:0${until}:30.000Z`;
        const whole = graphOf(told.filter(({ cited }) => cited.recordedAt <= moment).map(({ fact }) => fact));
        const { lots, custodians, found } = await asOfIn(told).scope(asked, direction, moment);
        expect({ lots, custodians, found }).toEqual(scopeFrom(whole, asked, direction));
      },
    ),
    { numRuns: 150 },
  );
});

test('the same from units, boxes and transformations of which only partners told, and that they took back', async () => {
  const happening = fc.record({
    what: fc.constantFrom('born', 'made', 'seen', 'packed', 'unpacked', 'wrong', 'own'),
    of: fc.nat({ max: 3 }),
    also: fc.nat({ max: 3 }),
  });
  const serial = (n: number): SerialRange => ({ gtin: THEIRS, prefix: 'TX', width: 3, first: n, last: n + 1 });
  const root = fc.oneof(
    fc.nat({ max: 3 }).map((n): Root => ({ serials: [serial(n)] })),
    fc.nat({ max: 2 }).map((n): Root => ({ container: `00000000000000000${n}` })),
    fc.nat({ max: 3 }).map((n): Root => ({ operation: `epcis:t-${n}` })),
    fc.nat({ max: 3 }).map((n): Root => ({ lot: `F${n}` })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 2, maxLength: 14 }),
      fc.array(root, { minLength: 1, maxLength: 2 }),
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom('forward', 'backward'),
      async (steps, asked, minutes, direction) => {
        const { facts, tell } = createHistory();
        const teller = told(facts);
        const one = (n: number): string => unit(THEIRS, `TX00${n}`);
        const done: ((by: ReturnType<typeof told>['wrong']) => void)[] = [];
        steps.forEach(({ what, of, also }, number) => {
          const say = (by: ReturnType<typeof told>['wrong']): void => {
            const id = `e-${number}`;
            if (what === 'born') by.born(id, units('object', one(of)), { lotNumber: `LOT-${also}` });
            else if (what === 'made')
              by.made(id, [...units('input', one(of)), ...units('output', one(also))], { transformationID: `t-${of}` }); // prettier-ignore
            else if (what === 'seen') by.seen(id, units('object', one(of)));
            else if (what === 'packed') by.packed(id, pallet(also), units('child', one(of)));
            else if (what === 'unpacked') by.unpacked(id, pallet(also), units('child', one(of)));
          };
          if (what === 'wrong') done.splice(of, 1).forEach((wrongly) => wrongly(teller.wrong));
          else if (what === 'own') tell.commissioned(`F${also}`, [{ ...serial(of), last: of }]);
          else {
            say(teller);
            done.push(say);
          }
        });
        let next = 0;
        const recorded = recordedFacts(facts, () => minutes[next++ % minutes.length] ?? 0);
        const moment = '2026-11-02T00:05:00.000Z';
        const whole = graphOf(recorded.filter(({ cited }) => cited.recordedAt <= moment).map(({ fact }) => fact));
        const { lots, custodians, found } = await asOfIn(recorded).scope(asked, direction, moment);
        expect({ lots, custodians, found }).toEqual(scopeFrom(whole, asked, direction));
      },
    ),
    { numRuns: 150 },
  );
});

test('a unit that a partner saw before it was in our books was known by that alone, also where the whole graph needs no such word', async () => {
  const { facts, tell } = createHistory();
  tell.commissioned('F1', [{ gtin: THEIRS, prefix: 'TX', width: 3, first: 1, last: 1 }]);
  told(facts).seen('e-1', units('object', unit(THEIRS, 'TX001')));
  // Topics are read side by side: what was recorded first need not come first.
  const recorded = recordedFacts(facts, () => 0).map(({ cited, ...one }, n) => ({
    ...one,
    cited: { ...cited, recordedAt: n === 0 ? '2026-11-02T00:05:00.000Z' : '2026-11-02T00:01:00.000Z' },
  }));
  const ask = [{ serials: [{ gtin: THEIRS, prefix: 'TX', width: 3, first: 1, last: 1 }] }];
  const { lots, found } = await asOfIn(recorded).scope(ask, 'forward', DECIDED);
  expect(found).toMatchObject([{ is: 'known', unknownSerials: [] }]);
  expect(lots.map(({ lot }) => lot)).toEqual([alone(THEIRS, 'TX001')]);
  expect((await asOfIn(recorded).scope(ask, 'forward', NOW)).lots.map(({ lot }) => lot)).toEqual(['F1']);
});

test('which lot a unit came into being with may be told by itself, of a unit that only went into what is asked for', async () => {
  const { facts } = createHistory();
  const teller = told(facts);
  const one = (n: number): string => unit(THEIRS, `TX00${n}`);
  for (const [n, lotNumber] of ['LOT-A', 'LOT-B', 'LOT-B'].entries()) teller.born(`b-${n}`, units('object', one(n)), { lotNumber }); // prettier-ignore
  teller.made('m-1', [...units('input', one(2)), ...units('output', one(0))], { transformationID: 't-1' });
  teller.made('m-2', [...units('input', one(0)), ...units('output', one(1))], { transformationID: 't-2' });
  const recorded = recordedFacts(facts, () => 0);
  const ask: Root[] = [{ serials: [{ gtin: THEIRS, prefix: 'TX', width: 3, first: 0, last: 1 }] }];
  const { lots, custodians, found } = await asOfIn(recorded).scope(ask, 'forward', DECIDED);
  expect({ lots, custodians, found }).toEqual(scopeFrom(graphOf(facts), ask, 'forward'));
  expect(lots.flatMap(({ ways }) => ways.map(({ operation }) => operation)).sort()).toEqual(['epcis:t-1', 'epcis:t-2']);
});

const DECIDED = '2026-11-02T00:01:30.000Z';
const NOW = '2026-11-02T00:09:30.000Z';
type Tell = ReturnType<typeof createHistory>['tell'];

/** What was told before the decision at minute 1, and after it. */
function toldIn(before: (tell: Tell) => void, after: (tell: Tell) => void): RecordedFact[] {
  const { facts, tell } = createHistory();
  before(tell);
  const known = facts.length;
  after(tell);
  let told = 0;
  return recordedFacts(facts, () => (told++ < known ? 1 : 5));
}

async function between(told: readonly RecordedFact[], roots: readonly Root[]) {
  const asOf = asOfIn(told);
  const [then, now] = [await asOf.scope(roots, 'forward', DECIDED), await asOf.scope(roots, 'forward', NOW)];
  const later = [...now.past.cited.values()].filter(({ recordedAt }) => recordedAt > DECIDED);
  return { then, now, changes: differenceOf(then, now, later) };
}

test('a name that was told later means nothing as of before; what it brought is what came', async () => {
  const told = toldIn(
    (tell) => tell.declared('F1'),
    (tell) => tell.alias('F1', 'ERP', '4711'),
  );
  const asOf = asOfIn(told);
  expect(await asOf.named('4711', DECIDED)).toEqual([]);
  expect(await asOf.named({ system: 'ERP', code: '4711' }, DECIDED)).toEqual([]);
  expect(await asOf.named('4711', NOW)).toEqual(['F1']);
  const { then, changes } = await between(told, [{ lot: '4711' }]);
  expect(then).toMatchObject({ lots: [], found: [{ is: 'unknown' }], gaps: ['root-unknown 4711'] });
  expect(changes).toMatchObject([
    { what: 'lot', subject: 'F1', change: 'came', because: [{ type: 'LotAliasAssigned' }] },
    { what: 'gap', change: 'went' },
  ]);
});

test('a name that a second lot got later meant one lot as of before', async () => {
  const told = toldIn(
    (tell) => {
      for (const lot of ['F1', 'F2']) tell.declared(lot);
      tell.alias('F1', 'ERP', '4711');
    },
    (tell) => tell.alias('F2', 'ERP', '4711'),
  );
  const asOf = asOfIn(told);
  expect(await asOf.named('4711', DECIDED)).toEqual(['F1']);
  expect(await asOf.named('4711', NOW)).toEqual(['F1', 'F2']);
});

test('a filter means fewer lots as of before what came late, and the difference names exactly these', async () => {
  const told = toldIn(
    (tell) => tell.received('M1', 10),
    (tell) => {
      tell.received('M2', 10);
      tell.received('M3', 10, 'M3', 'OTHER');
    },
  );
  const where = { supplier: 'SUP-HX', item: 'CAP-100', from: at('00:00'), to: at('23:00') };
  const { then, now, changes } = await between(told, [{ lotsWhere: where }]);
  expect([then.lots, now.lots].map((lots) => lots.map(({ lot }) => lot))).toEqual([['M1'], ['M1', 'M2']]);
  expect(totalsOf(changes)).toEqual({ 'lots came': 1 });
  expect(changes[0]).toMatchObject({ subject: 'M2', because: [{ type: 'MaterialLotReceived', aggregate: 'M2' }] });
  const before = await between(told, [{ lotsWhere: { ...where, from: undefined, to: at('00:01') } }]);
  expect(before.now.found).toMatchObject([{ is: 'nothing', lots: 0 }]);
});

test('what was corrected in between: an operation on the machine that was voided since counted then', async () => {
  const run = (equipment: string) => ({ equipment, startedAt: at('09:00'), endedAt: at('10:00') });
  const told = toldIn(
    (tell) => {
      for (const lot of ['F1', 'F2']) tell.declared(lot);
      tell.operation('op-1', { in: [], out: [['F1', 1]], more: run('SMT-1') });
    },
    (tell) => {
      tell.voided('op-1');
      tell.operation('op-2', { in: [], out: [['F2', 1]], more: run('SMT-1') });
    },
  );
  const { then, now, changes } = await between(told, [
    { operationsWhere: { equipment: 'SMT-1', from: at('08:00'), to: at('11:00') } },
  ]);
  expect([then.lots, now.lots].map((lots) => lots.map(({ lot }) => lot))).toEqual([['F1'], ['F2']]);
  expect(changes.filter(({ what }) => what === 'lot')).toMatchObject([
    { subject: 'F1', change: 'went', because: [{ type: 'OperationVoided' }] },
    { subject: 'F2', change: 'came', because: [{ type: 'OperationRecorded', aggregate: 'op-2' }] },
  ]);
});

test('only candidates that were what is asked for are read: a supplier of many lots, received in one hour', async () => {
  const { facts, tell } = createHistory();
  for (let n = 0; n < 100; n++) tell.received(`M${n}`, 10);
  const told = recordedFacts(facts, () => 0).map((one, n) => ({
    ...one,
    fact: { ...one.fact, occurredAt: n < 97 ? at('01:00') : at('05:00') },
  }));
  const lotsWhere = { supplier: 'SUP-HX', from: at('04:30') };
  const { lots, past } = await asOfIn(told, 5).scope([{ lotsWhere }], 'forward', NOW);
  expect(lots.map(({ lot }) => lot)).toEqual(['M97', 'M98', 'M99']);
  expect(past.cited.size).toBe(3);
});
