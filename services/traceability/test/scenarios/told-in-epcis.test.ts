import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { placeholderLotId } from '@lotwarden/platform/ids';
import type { Fact } from '../../src/genealogy/facts.ts';
import type { Genealogy } from '../../src/genealogy/genealogy.ts';
import { allLots, containerNamed, operationAt } from '../../src/genealogy/nodes.ts';
import { findRoots } from '../../src/roots/find-roots.ts';
import { gapsOf } from '../../src/trace/completeness.ts';
import { atOnce } from '../../src/trace/trace.ts';
import { graphOf, serials } from '../history.ts';
import { alone, label, ofLot, OURS, pallet, some, THEIRS, told, unit, units } from '../told.ts';
import { expectAnswers, plant } from './scenario.ts';

const ours = (number: number): string => unit(OURS, `IP${String(number).padStart(6, '0')}`);

/** A lot of ours with a hundred units. */
function shipped() {
  const { facts, tell, bought, did } = plant();
  bought('CAP', 100);
  tell.declared('F');
  did('op', { in: [['CAP', 100]], out: [['F', 100]] });
  tell.commissioned('F', serials(1, 100));
  return { facts, tell, epcis: told(facts) };
}

test('single units: what a partner made of a unit of ours comes from its lot, and from no other unit of it', () => {
  const { facts, epcis } = shipped();
  const kit = alone(THEIRS, 'K1');
  const set = alone(THEIRS, 'SET-9');
  epcis.made('e-1', [...units('input', ours(5), ours(6)), ...units('output', unit(THEIRS, 'K1'))]);
  epcis.made('e-2', [...units('input', unit(THEIRS, 'K1')), ...units('output', unit(THEIRS, 'SET-9'))], {
    party: null,
  });
  expectAnswers(facts, {
    forward: { F: { F: 'all', [kit]: 'all', [set]: 'all' }, CAP: { CAP: 'all', F: 'all', [kit]: 'all', [set]: 'all' } },
    forwardOfUnits: { 'F 5': { F: '5', [kit]: 'all', [set]: 'all' }, 'F 7': { F: '7' } },
    backward: { [set]: { [set]: 'all', [kit]: '1', F: '5–6', CAP: 'all' } },
    certainty: { F: { F: 'scanned', [kit]: 'possible', [set]: 'possible' } },
    gaps: [],
  });
});

test('single units with a lot number in their master data are of that lot, whenever that is told; our own books know better', () => {
  const { facts, epcis } = shipped();
  const kits = placeholderLotId({ system: `gs1:${THEIRS}`, code: 'KITS-7' });
  epcis.made('e-1', [...units('input', ours(5)), ...units('output', unit(THEIRS, 'K1'))]);
  epcis.born('e-2', units('object', unit(THEIRS, 'K1'), unit(THEIRS, 'K2')), { lotNumber: 'KITS-7' });
  epcis.born('e-3', units('object', ours(5)), { lotNumber: 'WRONG' });
  expectAnswers(facts, {
    forward: { F: { F: 'all', [kits]: 'all' } },
    backward: { [kits]: { [kits]: 'all', F: '5', CAP: 'all' } },
    gaps: [],
  });
});

test('a unit of ours that no book of ours knows stands alone and is missed until it is known', () => {
  const { facts, tell, epcis } = shipped();
  epcis.seen('e-1', units('object', ours(777)));
  epcis.seen('e-2', units('object', ours(7), unit(THEIRS, 'FOREIGN')));
  epcis.made('e-3', [...units('input', ours(778)), ...some('output', label(THEIRS, 'KIT'), 1)]);
  const kit = placeholderLotId({ system: `gs1:${THEIRS}`, code: 'KIT' });
  const missing = (...these: string[]) => these.map((one) => `unit-unknown ${one}`);
  expectAnswers(facts, {
    forward: { [alone(OURS, 'IP000778')]: { [alone(OURS, 'IP000778')]: 'all', [kit]: 'all' }, F: { F: 'all' } },
    gaps: missing(ours(777), ours(778), unit(THEIRS, 'FOREIGN')),
  });
  tell.commissioned('F', serials(770, 779));
  epcis.wrong.seen('e-2', units('object', ours(7), unit(THEIRS, 'FOREIGN')));
  expectAnswers(facts, { forward: { F: { F: 'all', [kit]: 'all' } }, gaps: [] });
});

test('no partner declares a unit of our own product: our house does', () => {
  const { facts, epcis } = shipped();
  epcis.born('e-1', units('object', ours(500)));
  epcis.born('e-2', units('object', ours(501)), { party: null });
  expectAnswers(facts, { gaps: [`unit-unknown ${ours(500)}`] });
});

test('no partner declares a lot of ours, nor takes back what another told', () => {
  const { facts, epcis } = shipped();
  const lot = 'F-SZ1-261101-00099';
  const goods = [...some('input', ofLot('F'), 1), ...some('output', ofLot(lot), 1)];
  epcis.made('e-1', goods);
  epcis.wrong.made('e-1', goods, { party: 'X9' });
  expectAnswers(facts, { forward: { F: { F: 'all', [lot]: 'all' } }, gaps: [`lot-undeclared ${lot}`] });
  epcis.wrong.made('e-1', goods, { party: 'D1' });
  expectAnswers(facts, { forward: { F: { F: 'all' } }, gaps: [] });
});

test('our own house takes back what anybody told; what is announced in its place is missed until it comes', () => {
  const { facts, epcis } = shipped();
  const kit = alone(THEIRS, 'K1');
  const of = (number: number) => [...units('input', ours(number)), ...units('output', unit(THEIRS, 'K1'))];
  epcis.made('e-1', of(5));
  epcis.wrong.made('e-1', of(5), { party: null, replacedBy: ['e-2'] });
  expectAnswers(facts, { forward: { F: { F: 'all' } }, gaps: ['epcis-event-missing e-2'] });
  epcis.made('e-2', of(6));
  expectAnswers(facts, { forwardOfUnits: { 'F 5': { F: '5' }, 'F 6': { F: '6', [kit]: 'all' } }, gaps: [] });
});

test('events of one transformation are one operation; whoever takes one back takes none of the others', () => {
  const { facts, epcis } = shipped();
  const mix = { transformationID: 'urn:uuid:mix' };
  const a = placeholderLotId({ system: `gs1:${THEIRS}`, code: 'A' });
  epcis.made('e-1', units('input', ours(5)), mix);
  epcis.made('e-2', some('output', label(THEIRS, 'A'), 10), mix);
  epcis.made('e-3', some('output', label(THEIRS, 'B'), 10), mix);
  epcis.wrong.made('e-3', some('output', label(THEIRS, 'B'), 10), mix);
  expectAnswers(facts, { forward: { F: { F: 'all', [a]: 'all' } }, gaps: [] });
});

const inside = (graph: Genealogy, number: number) =>
  atOnce(findRoots(graph, [{ container: String(number).padStart(18, '0') }]));
const within = (facts: readonly Fact[], number: number) => {
  const graph = graphOf(facts);
  return Object.fromEntries(
    [...inside(graph, number).lots].map(([lot, held]) => [
      graph.lotIds.text(lot),
      held === 'all' ? 'all' : held.map(({ first, last }) => `${first}–${last}`).join(', '),
    ]),
  );
};

test('what is packed is in the container by unit; what is taken out is out of it', () => {
  const { facts, epcis } = shipped();
  epcis.packed('e-1', pallet(1), units('child', ours(1), ours(2), ours(3)), { at: '2026-11-10T07:00:00.000Z' });
  epcis.packed('e-2', pallet(2), units('child', pallet(1)), { at: '2026-11-10T08:00:00.000Z' });
  expect(within(facts, 2)).toEqual({ F: '1–3' });
  epcis.unpacked('e-3', pallet(1), units('child', ours(2)), { at: '2026-11-10T09:00:00.000Z' });
  expect(within(facts, 2)).toEqual({ F: '1–1, 3–3' });
  expect(within(facts.toReversed(), 2)).toEqual({ F: '1–1, 3–3' });
  epcis.unpacked('e-4', pallet(2), [], { at: '2026-11-10T10:00:00.000Z' });
  expect(within(facts, 2)).toEqual({});
  expect(within(facts, 1)).toEqual({ F: '1–1, 3–3' });
  epcis.wrong.unpacked('e-4', pallet(2), [], { at: '2026-11-10T10:00:00.000Z' });
  expect(within(facts, 2)).toEqual({ F: '1–1, 3–3' });
  epcis.wrong.packed('e-1', pallet(1), units('child', ours(1), ours(2), ours(3)));
  expect(within(facts.toReversed(), 2)).toEqual({});
});

test('quantities taken out leave the rest; a stranger takes nothing out of what others packed', () => {
  const { facts, tell, epcis } = shipped();
  const five = (quantity: number) => some('child', ofLot('F'), quantity);
  epcis.packed('e-1', pallet(1), five(5), { at: '2026-11-10T07:00:00.000Z' });
  epcis.unpacked('e-2', pallet(1), five(3), { at: '2026-11-10T08:00:00.000Z' });
  epcis.unpacked('e-3', pallet(1), [], { at: '2026-11-10T08:30:00.000Z', party: 'X9' });
  expect(within(facts, 1)).toEqual({ F: 'all' });
  epcis.unpacked('e-4', pallet(1), five(2), { at: '2026-11-10T09:00:00.000Z' });
  expect(within(facts, 1)).toEqual({});
  // What we packed ourselves only our own packing takes out.
  tell.packed(String(1).padStart(18, '0'), [{ lot: 'F', quantity: { value: '1', unit: 'EA' }, serials: serials(9, 9), containers: [] }]); // prettier-ignore
  epcis.unpacked('e-5', pallet(1), [], { at: '2026-11-10T10:00:00.000Z' });
  expect(within(facts, 1)).toEqual({ F: '9–9' });
});

/** Everything that answers are made of, by ids, in one order. */
function contentOf(graph: Genealogy) {
  const name = (lot: number): string => graph.lotIds.text(lot);
  const lines = (all: readonly { lot: number }[]) => all.map((line) => JSON.stringify({ ...line, lot: name(line.lot) })).sort(); // prettier-ignore
  const operations = Array.from({ length: graph.operations.size }, (_, index) => {
    const { id, head, voided, inputs, outputs } = operationAt(graph, index);
    return { id, voided, head: voided ? null : head, inputs: lines(inputs), outputs: lines(outputs) };
  });
  const lots = [...allLots(graph)].map(({ id, consumedBy, producedBy, serials: { ever }, containers }) => ({
    id,
    links: [consumedBy, producedBy].map((some) => some.map((one) => graph.operationIds.text(one)).sort()),
    ever,
    containers: [...containers].sort(),
  }));
  const containers = Array.from({ length: graph.containers.size }, (_, index) => {
    const id = graph.containerIds.text(index);
    const held = containerNamed(graph, id)?.told;
    return {
      id,
      lots: [...(held?.lots ?? [])].map((lot) => `${name(lot)} ${JSON.stringify(held?.units.get(lot))}`).sort(),
      children: [...(held?.children ?? [])].sort(),
    };
  });
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
  const isSomething = ({ links, ever, containers: held }: (typeof lots)[number]): boolean =>
    links.flat().length + ever.length + held.length > 0;
  return {
    operations: operations.filter(({ voided }) => !voided).sort(byId),
    lots: lots.filter(isSomething).sort(byId),
    containers: containers.filter((one) => one.lots.length + one.children.length > 0).sort(byId),
    gaps: gapsOf(graph, []),
  };
}

const anyThing = fc.oneof(
  fc.integer({ min: 1, max: 6 }).map((n) => units('', ours(n))[0]),
  fc.constantFrom('K1', 'K2', 'LAST').map((serial) => units('', unit(THEIRS, serial))[0]),
  fc
    .constantFrom(ofLot('F'), ofLot('NOWHERE'), label(THEIRS, 'KITS'), label(OURS, 'Z'))
    .map((id) => some('', id, 2)[0]),
  fc.integer({ min: 1, max: 3 }).map((n) => units('', pallet(n))[0]),
);
const anyGoods = (...roles: string[]) =>
  fc
    .array(fc.tuple(anyThing, fc.constantFrom(...roles)), { minLength: 1, maxLength: 4 })
    .map((all) => all.flatMap(([one, role]) => (one ? [{ ...one, role }] : [])));
const anyMore = fc.record({
  party: fc.constantFrom<(string | null)[]>('D1', 'D2', null),
  at: fc.constantFrom('2026-11-10T07:00:00.000Z', '2026-11-10T08:00:00.000Z', '2026-11-10T09:00:00.000Z'),
});
type Teller = ReturnType<typeof told>;
const anyEvent: fc.Arbitrary<(teller: Teller['wrong'], id: string, party?: string | null) => void> = fc.oneof(
  fc.tuple(anyGoods('input', 'output'), anyMore, fc.constantFrom({}, { transformationID: 'urn:mix' })).map(
    ([goods, more, mix]) =>
      (teller: Teller['wrong'], id: string, party = more.party) =>
        teller.made(id, goods, { ...more, ...mix, party }),
  ),
  fc.tuple(anyGoods('object'), anyMore, fc.constantFrom({}, { lotNumber: 'KITS' }, { lotNumber: 'MORE' })).map(
    ([goods, more, lot]) =>
      (teller: Teller['wrong'], id: string, party = more.party) =>
        teller.born(id, goods, { ...more, ...lot, party }),
  ),
  fc.tuple(anyGoods('object'), anyMore).map(
    ([goods, more]) =>
      (teller: Teller['wrong'], id: string, party = more.party) =>
        teller.seen(id, goods, { ...more, party }),
  ),
  fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3 }), fc.oneof(anyGoods('child'), fc.constant([])), anyMore).map(
    ([isIn, parent, goods, more]) =>
      (teller: Teller['wrong'], id: string, party = more.party) =>
        (isIn ? teller.packed : teller.unpacked)(id, pallet(parent), goods, { ...more, party }),
  ),
);

test('whatever is told in EPCIS, taken back, and known late: in any order, and twice, the graph is the same', () => {
  const anyStory = fc.array(fc.tuple(anyEvent, fc.constantFrom(null, 'same', 'D2', 'house')), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(anyStory, fc.infiniteStream(fc.nat(1_000_000)), fc.boolean(), (story, keys, known) => {
      const { facts, tell } = plant();
      tell.declared('F');
      if (known) tell.commissioned('F', serials(1, 2));
      tell.commissioned('F', serials(3, 4));
      const epcis = told(facts);
      for (const [at, [say, wrong]] of story.entries()) {
        say(epcis, `e-${at}`);
        if (wrong !== null)
          say(epcis.wrong, `e-${at}`, wrong === 'same' ? undefined : wrong === 'house' ? null : wrong);
      }
      const expected = contentOf(graphOf(facts));
      for (const order of [facts.toReversed(), shuffled([...facts, ...facts], keys), shuffled(facts, keys)])
        expect(contentOf(graphOf(order))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
}, 60_000);

function shuffled<T>(all: readonly T[], keys: Iterator<number>): T[] {
  const keyed = all.map((one) => [Number(keys.next().value), one] as const);
  return keyed.sort(([a], [b]) => a - b).map(([, one]) => one);
}
