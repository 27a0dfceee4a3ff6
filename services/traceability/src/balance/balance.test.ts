import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { at, createHistory, graphOf, line, serials } from '../../test/history.ts';
import type { Fact } from '../genealogy/facts.ts';
import { allLots, lotNode } from '../genealogy/nodes.ts';
import { balanceOf } from './balance.ts';
import { booksOf } from './books.ts';
import { fromExact, toExact } from './exact.ts';

const LOT = 'F1';
const balance = (facts: readonly Fact[], lot = LOT) => {
  const graph = graphOf(facts);
  return balanceOf(booksOf(graph, lotNode(graph, lot)));
};
const values = (facts: readonly Fact[], lot = LOT) =>
  Object.fromEntries(
    Object.entries(balance(facts, lot).buckets)
      .filter(([, { value }]) => value !== '0')
      .map(([bucket, { value }]) => [bucket, value]),
  );

/** 50 made and 2 scrapped; 40 stocked, 10 to the hospital, of which 1 used and 2 back; 3 destroyed. */
function pumps() {
  const { facts, tell } = createHistory();
  tell.operation('pump-1', { in: [['B1', 52]], out: [[LOT, 50]], scrap: [[LOT, 2]] });
  tell.stocked(LOT, 40);
  tell.dispatched('S-1', 'HOSPITAL', [line(LOT, 10, serials(1, 10))]);
  tell.arrived('S-1', 'HOSPITAL', line(LOT, 10, serials(1, 10)));
  tell.used('HOSPITAL', line(LOT, 1, serials(1, 1)));
  tell.givenBack('RT-1', 'HOSPITAL', line(LOT, 2, serials(2, 3)));
  tell.returned('RT-1', LOT, 2, serials(2, 3));
  tell.destroyed(LOT, 3);
  return { facts, tell };
}

test('every unit is in exactly one bucket; flows stand beside', () => {
  const { facts } = pumps();
  expect(balance(facts)).toMatchObject({
    source: { made: { value: '52' } },
    buckets: {
      onHand: { value: '29' },
      inProcess: { value: '10' },
      scrapped: { value: '2' },
      atCustodian: { value: '7' },
      used: { value: '1' },
      destroyed: { value: '3' },
      unaccounted: { value: '0' },
    },
    onHandAt: [{ site: 'SZ1', location: 'STORE', status: 'unreleased', quantity: { value: '29' } }],
    flows: { shipped: { value: '10' }, returned: { value: '2' } },
    custodians: [{ custodian: 'HOSPITAL', dispatched: { value: '10' }, held: { value: '7' }, used: { value: '1' } }],
    remainders: [],
    balanced: true,
  });
});

test('what left the dock and nobody took over is in transit, and says to whom', () => {
  const { facts, tell } = pumps();
  tell.dispatched('S-2', 'DIST-1', [line(LOT, 5)]);
  expect(values(facts)).toMatchObject({ inTransit: '5', onHand: '24' });
  expect(balance(facts).custodians).toMatchObject([
    { custodian: 'DIST-1', inTransit: { value: '5' } },
    { custodian: 'HOSPITAL' },
  ]);
});

test('a count that found fewer leaves them unaccounted, and names the count', () => {
  const { facts, tell } = pumps();
  tell.adjusted(LOT, -4);
  expect(values(facts)).toMatchObject({ onHand: '25', unaccounted: '4' });
  expect(balance(facts).remainders).toMatchObject([{ where: 'adjusted', quantity: { value: '4' } }]);
});

test('two differences that cancel out are still two remainders', () => {
  const { facts, tell } = pumps();
  tell.adjusted(LOT, -4);
  tell.adjusted(LOT, 4);
  expect(balance(facts)).toMatchObject({ buckets: { unaccounted: { value: '0' } }, balanced: false });
  expect(balance(facts).remainders).toHaveLength(2);
});

test('a split leaves the parent what it keeps; rework takes the removed board out of what was consumed', () => {
  const { facts, tell } = createHistory();
  tell.operation('board', { in: [], out: [['B1', 30]] });
  tell.operation('pump', { in: [['B1', 20]], out: [[LOT, 20]] });
  tell.operation('split', { kind: 'split', in: [[LOT, 20]], out: [[LOT, 12], ['F6', 8]] }); // prettier-ignore
  tell.operation('rework', { kind: 'rework', in: [[LOT, 4], ['B2', 4]], out: [['F4', 4]], scrap: [['B1', 4]] }); // prettier-ignore
  expect(values(facts, LOT)).toEqual({ inProcess: '8', consumed: '12' });
  expect(balance(facts, LOT).consumedInto).toMatchObject([
    { of: 'rework', quantity: { value: '4' } },
    { of: 'split', quantity: { value: '8' } },
  ]);
  expect(values(facts, 'B1')).toEqual({ inProcess: '10', consumed: '16', scrapped: '4' });
});

test('a voided operation never happened; another unit is never added up', () => {
  const { facts, tell } = pumps();
  tell.operation('wrong', { in: [[LOT, 5]], out: [['F7', 5]] });
  tell.voided('wrong');
  expect(balance(facts).balanced).toBe(true);
  const metres = { value: '3', unit: 'MTR' };
  const last = facts.findLast((fact) => fact.topic === 'warehouse.stock.v1')!;
  const strange = { ...last, version: last.version + 1, event: { ...last.event, quantity: metres } } as Fact;
  expect(balance([...facts, strange])).toMatchObject({ remainders: [{ where: 'unit MTR' }] });
});

/** A consistent history at rest: everything issued is consumed, everything shipped has arrived. */
const atRest = fc
  .record({
    lots: fc.integer({ min: 1, max: 4 }),
    steps: fc.array(
      fc.record({
        lot: fc.nat({ max: 3 }),
        amount: fc.integer({ min: 1, max: 100_000 }),
        what: fc.constantFrom('consume', 'ship', 'use', 'return', 'destroy', 'sample'),
      }),
      { maxLength: 25 },
    ),
  })
  .map(({ lots, steps }) => {
    const { facts, tell } = createHistory();
    const onHand = new Map<string, number>();
    const held = new Map<string, number>();
    for (let n = 0; n < lots; n++) {
      const lot = `M-${n}`;
      tell.received(lot, 1_000_000);
      tell.stocked(lot, 1_000_000);
      onHand.set(lot, 1_000_000);
    }
    steps.forEach(({ lot: n, amount, what }, step) => {
      const lot = `M-${n % lots}`;
      const stock = Math.min(amount, onHand.get(lot) ?? 0);
      const custody = Math.min(amount, held.get(lot) ?? 0);
      const goods = line(lot, what === 'use' || what === 'return' ? custody : stock);
      const quantity = Number(goods.quantity.value);
      if (quantity === 0) return;
      const move = (stocked: number, custodian: number) => {
        onHand.set(lot, (onHand.get(lot) ?? 0) + stocked);
        held.set(lot, (held.get(lot) ?? 0) + custodian);
      };
      if (what === 'consume') {
        tell.issued(lot, quantity);
        tell.operation(`op-${step}`, { in: [[lot, quantity]], out: [[`F-${step}`, 1]] });
        tell.stocked(`F-${step}`, 1);
        move(-quantity, 0);
      } else if (what === 'ship') {
        tell.dispatched(`S-${step}`, 'DIST', [goods]);
        tell.arrived(`S-${step}`, 'DIST', goods);
        move(-quantity, quantity);
      } else if (what === 'use') {
        tell.used('DIST', goods);
        move(0, -quantity);
      } else if (what === 'return') {
        tell.givenBack(`RT-${step}`, 'DIST', goods);
        tell.returned(`RT-${step}`, lot, quantity);
        move(quantity, -quantity);
      } else if (what === 'destroy') {
        tell.destroyed(lot, quantity);
        move(-quantity, 0);
      } else {
        tell.issued(lot, quantity, 'sample');
        move(-quantity, 0);
      }
    });
    return facts;
  });

/** Facts that a second book tells as well: without one of them the other book stands alone. */
const TOLD_TWICE = ['MaterialLotReceived', 'StockReceived', 'StockShipped', 'StockReturned', 'CustodyGained'];

test('a consistent history has no remainder, and nothing is on its way', () => {
  fc.assert(
    fc.property(atRest, (facts) => {
      const graph = graphOf(facts);
      for (const lot of allLots(graph)) {
        const { balanced, buckets } = balanceOf(booksOf(graph, lot));
        expect({ balanced, unaccounted: buckets.unaccounted.value }).toEqual({ balanced: true, unaccounted: '0' });
        expect([buckets.inProcess.value, buckets.inTransit.value]).toEqual(['0', '0']);
      }
    }),
    { numRuns: 60 },
  );
});

test('one event dropped shows as exactly its quantity: unaccounted, or on a way it never ended', () => {
  fc.assert(
    fc.property(atRest, fc.nat(), (facts, pick) => {
      const candidates = facts.filter(({ event }) => TOLD_TWICE.includes(event.type));
      const dropped = candidates[pick % candidates.length]!;
      const { lot, quantity } = dropped.event as { lot: string; quantity: { value: string } };
      const rest = renumbered(facts.filter((fact) => fact !== dropped));
      const { buckets } = balance(rest, lot);
      const shown = [buckets.unaccounted, buckets.inProcess, buckets.inTransit].map(({ value }) =>
        value.replace('-', ''),
      );
      expect(shown).toContain(quantity.value);
    }),
    { numRuns: 60 },
  );
});

/** As if the event had never been published: its aggregate has no gap. */
function renumbered(facts: readonly Fact[]): Fact[] {
  const versions = new Map<string, number>();
  return facts.map((fact) => {
    const version = (versions.get(`${fact.topic}|${fact.aggregate}`) ?? 0) + 1;
    versions.set(`${fact.topic}|${fact.aggregate}`, version);
    return { ...fact, version };
  });
}

test('decimals are exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n }), (exact) => {
      expect(toExact(fromExact(exact))).toBe(exact);
    }),
  );
});

test('what a reel of the same lot gave to a rework takes nothing apart: what comes out was made', () => {
  const { facts, tell } = createHistory();
  tell.declared('F1');
  tell.mounted('MT-1', 'F1', '07:00', { mixing: true });
  tell.operation('rework', {
    kind: 'rework',
    in: [],
    out: [['F1', 2, serials(17, 18)]],
    more: { startedAt: at('08:00'), endedAt: at('09:00') },
  });
  const graph = graphOf(facts);
  expect(balanceOf(booksOf(graph, lotNode(graph, 'F1'))).source.made).toEqual({ value: '2', unit: 'EA' });
});
