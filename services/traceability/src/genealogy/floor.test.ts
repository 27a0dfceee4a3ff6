import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { at, createHistory, graphOf, line } from '../../test/history.ts';
import { scopeOf } from '../trace/answer.ts';
import { gapsOf } from '../trace/completeness.ts';
import type { Fact } from './facts.ts';

/** On SMT-2, from the first to the second moment. */
const during = (from: string, to: string, more = {}) => ({ startedAt: at(from), endedAt: at(to), ...more });

const scope = (facts: readonly Fact[], root: string, direction: 'forward' | 'backward' = 'forward') =>
  scopeOf(graphOf(facts), [root], direction).lots.map(({ lot, certainty }) => `${lot} ${certainty}`);

function line2() {
  const { facts, tell } = createHistory();
  for (const reel of ['R1', 'R2']) tell.received(reel, 5000, reel, 'CAP-100');
  tell.received('SOLDER', 100, 'SOLDER', 'SOLDER');
  const make = (id: string, from: string, to: string, inputs: readonly string[] = ['SOLDER']) =>
    tell.operation(id, { in: inputs.map((lot) => [lot, 1] as const), out: [[`B-${id}`, 10]], more: during(from, to) });
  return { facts, tell, make };
}

test('what ran while one reel alone was mounted was made of it: backflushed', () => {
  const { facts, tell, make } = line2();
  tell.mounted('m1', 'R1', '08:00');
  make('early', '07:00', '07:30');
  make('one', '09:00', '09:30');
  tell.unmounted('m1', '10:00');
  tell.mounted('m2', 'R2', '10:00');
  make('two', '10:00', '10:30');
  expect(scope(facts, 'R1')).toEqual(['R1 scanned', 'B-one backflushed']);
  expect(scope(facts, 'R2')).toEqual(['R2 scanned', 'B-two backflushed']);
  expect(scope(facts, 'B-one', 'backward')).toEqual(['B-one scanned', 'R1 backflushed', 'SOLDER lot-inferred']);
});

test('a reel change within the operation makes both reels possible; two reels of one lot are one', () => {
  const { facts, tell, make } = line2();
  tell.mounted('m1', 'R1', '08:00');
  tell.mounted('m2', 'R2', '10:00');
  tell.mounted('m3', 'R2', '11:00');
  make('change', '09:30', '10:30');
  make('same', '10:30', '11:30');
  expect(scope(facts, 'R1')).toEqual(['R1 scanned', 'B-change possible']);
  expect(scope(facts, 'R2')).toEqual(['R2 scanned', 'B-change possible', 'B-same backflushed']);
});

test('who names a lot of the item, or of the position, was not fed by the mount', () => {
  const { facts, tell, make } = line2();
  tell.mounted('m1', 'R1', '08:00');
  make('scanned', '09:00', '09:30', ['R2']);
  make('told-late', '09:00', '09:30');
  expect(scope(facts, 'R1')).toEqual(['R1 scanned', 'B-told-late backflushed']);
  tell.late('told-late', 'R2', 5);
  expect(scope(facts, 'R1')).toEqual(['R1 scanned']);
});

test('what divides or writes off is fed by nothing', () => {
  const { facts, tell } = line2();
  tell.mounted('m1', 'R1', '08:00');
  tell.operation('split', { kind: 'split', in: [['SOLDER', 1]], out: [['S2', 1]], more: during('09:00', '09:30') });
  expect(scope(facts, 'R1')).toEqual(['R1 scanned']);
});

test('the heel of a tank mixes into the next fillings, until it ran empty', () => {
  const { facts, tell, make } = line2();
  const tank = { position: 'T1', mixing: true };
  tell.mounted('m1', 'R1', '08:00', tank);
  tell.mounted('m2', 'R2', '10:00', tank);
  make('mixed', '11:00', '11:30');
  tell.unmounted('m2', '12:00', { position: 'T1', remaining: { value: '0', unit: 'LTR' } });
  tell.mounted('m3', 'SOLDER', '12:00', tank);
  tell.operation('clean', { in: [['R2', 1, { edge: 'containment' }]], out: [['B-clean', 1]], more: during('12:30', '13:00') }); // prettier-ignore
  expect(scope(facts, 'R1')).toEqual(['R1 scanned', 'B-mixed possible']);
  expect(scope(facts, 'SOLDER')).toContain('B-clean backflushed');
});

test('one that only came off may have been there ever since the one before it; contradictions make all possible', () => {
  const { facts, tell, make } = line2();
  tell.mounted('m1', 'R1', '08:00');
  tell.unmounted('m1', '09:00');
  tell.unmounted('m2', '11:00', { lot: 'R2' });
  make('a', '08:15', '08:45');
  make('b', '09:30', '10:00');
  make('c', '11:30', '12:00');
  expect(scope(facts, 'R2')).toEqual(['R2 scanned', 'B-b possible']);
  tell.mounted('m3', 'R1', '11:00', {});
  tell.mounted('m3', 'R2', '11:00', {});
  expect(scope(facts, 'R1')).toEqual(['R1 scanned', 'B-a backflushed', 'B-c possible']);
});

test('a mounting that is taken back feeds nothing; a placeholder of the item is the lot that it turns out to be', () => {
  const { facts, tell, make } = line2();
  tell.mounted('m1', 'R1', '08:00');
  make('one', '09:00', '09:30', ['X-1']);
  expect(scope(facts, 'R1')).toEqual(['R1 scanned', 'B-one backflushed']);
  tell.alias('R2', 'MES', 'x', 'X-1');
  expect(scope(facts, 'R1')).toEqual(['R1 scanned']);
  make('two', '09:00', '09:30');
  tell.mountVoided('m1');
  expect(scope(facts, 'R1')).toEqual(['R1 scanned']);
});

test('a load exposes its members and what ran on the machines it served; a bad member does not reach its load-mates', () => {
  const { facts, tell, make } = line2();
  tell.load('LD-1', { members: [line('A', 10), line('B', 10)], serves: ['SMT-2'] });
  make('in', '11:30', '12:30');
  make('out', '12:00', '12:30');
  tell.operation('named', { in: [['SOLDER', 1]], out: [['B-named', 1]], more: { equipment: null, load: 'LD-1' } });
  tell.operation('on', { in: [['A', 1]], out: [['A2', 1]] });
  expect(scope(facts, 'LD-1')).toEqual(['LD-1 scanned', 'A scanned', 'B scanned', 'B-in lot-inferred', 'B-named scanned', 'A2 lot-inferred']); // prettier-ignore
  expect(scope(facts, 'A')).toEqual(['A scanned', 'A2 lot-inferred']);
  expect(scope(facts, 'A2', 'backward')).toEqual(['A2 scanned', 'A lot-inferred', 'LD-1 lot-inferred']);
  tell.loadVoided('LD-1');
  expect(scope(facts, 'LD-1')).toEqual(['LD-1 scanned']);
});

/** Everything that can be told of two machines in a few hours, as short as it can be said. */
const told = fc.record({
  mounts: fc.array(fc.record({ reel: fc.nat(3), from: fc.nat(9), to: fc.option(fc.nat(9)), at: fc.nat(1), mixing: fc.boolean(), empty: fc.boolean() }), { maxLength: 6 }), // prettier-ignore
  makes: fc.array(fc.record({ from: fc.nat(9), long: fc.nat(2), names: fc.option(fc.nat(3)), late: fc.boolean(), voided: fc.boolean() }), { maxLength: 5 }), // prettier-ignore
  known: fc.nat(3),
});

test('the order in which mounts, operations and lots are heard of makes no difference', () => {
  const hour = (n: number) => `${String(8 + n).padStart(2, '0')}:00`;
  const once = (facts: readonly Fact[]) =>
    ['R0', 'R1', 'R2', 'R3', 'LD'].map((root) => scope(facts, root).sort().join());
  fc.assert(
    fc.property(told, fc.infiniteStream(fc.nat()), ({ mounts, makes, known }, order) => {
      const { facts, tell } = createHistory();
      for (const n of [0, 1, 2, 3].slice(0, known)) tell.received(`R${n}`, 100, `R${n}`, n < 2 ? 'CAP' : `I${n}`);
      mounts.forEach(({ reel, from, to, at: place, mixing, empty }, n) => {
        const position = `F${place}`;
        tell.mounted(`m${n}`, `R${reel}`, hour(from), { position, mixing });
        const remaining = empty ? { value: '0', unit: 'EA' } : null;
        if (to !== null) tell.unmounted(`m${n}`, hour(to), { position, remaining });
      });
      makes.forEach(({ from, long, names, late, voided }, n) => {
        const inputs = names === null || late ? [] : [[`R${names}`, 1] as const];
        tell.operation(`o${n}`, { in: inputs, out: [[`B${n}`, 1]], more: during(hour(from), hour(from + long)) });
        if (names !== null && late) tell.late(`o${n}`, `R${names}`, 1);
        if (voided) tell.voided(`o${n}`);
      });
      tell.load('LD', { startedAt: at('10:00'), endedAt: at('11:00'), serves: ['SMT-2'] });
      const shuffled = facts.map((fact) => ({ fact, key: order.next().value as number }));
      shuffled.sort((a, b) => a.key - b.key);
      expect(once(shuffled.map(({ fact }) => fact))).toEqual(once(facts));
    }),
    { numRuns: 300 },
  );
});

test('an operation fed by a mount came out of something; one that was only exposed did not', () => {
  const { facts, tell } = line2();
  tell.operation('fed', { in: [], out: [['F', 1]], more: during('09:00', '09:30') });
  tell.operation('bare', { in: [], out: [['G', 1]], more: during('13:00', '13:30') });
  tell.load('LD-1', { serves: ['SMT-2'], endedAt: null });
  const wanting = () => {
    const graph = graphOf(facts);
    return [...graph.wanting].map((index) => graph.operationIds.text(index));
  };
  expect(wanting()).toEqual(['fed', 'bare']);
  tell.mounted('m1', 'R1', '08:00');
  tell.unmounted('m1', '12:00');
  expect(wanting()).toEqual(['bare']);
});

test('an item that was mounted is not missing, though nobody named a lot of it; told before or after', () => {
  const { facts, tell } = line2();
  tell.operation('o1', { in: [['SOLDER', 1]], out: [['B', 1]], missing: 'CAP-100: expected 4, seen none', more: during('09:00', '09:30') }); // prettier-ignore
  expect(gapsOf(graphOf(facts), []).some((gap) => gap.includes('operation-input-missing'))).toBe(true);
  tell.mounted('m1', 'R1', '08:00');
  for (const told of [facts, facts.toReversed()])
    expect(gapsOf(graphOf(told), []).some((gap) => gap.includes('operation-input-missing'))).toBe(false);
});
