import { expect, test } from '@jest/globals';
import { holdDigest } from '@lotwarden/platform/hold-digest';
import type { SerialRange, SerialScope } from '@lotwarden/platform/serial-range';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import fc from 'fast-check';
import { canonical, told, widen, type HeldLot, type Reach } from './held-lot.ts';
import { evolve, NO_HOLD, type HoldEvent } from './hold.ts';
import { openEpoch } from './open-epoch.ts';
import { releaseLots, releaseRecord } from './release-lots.ts';

const HOLD = 'H-RC-2026-1';
const CASE = 'RC-2026-1';
const ALL: SerialScope = { mode: 'all', ranges: [] };
const range = (first: number, last: number): SerialRange => ({
  gtin: '06901234567892',
  prefix: 'IP',
  width: 6,
  first,
  last,
});
const only = (...ranges: SerialRange[]): SerialScope => ({ mode: 'only', ranges });
const reach = (serials: SerialScope): Reach => ({ serials });
const held = (lot: string, serials: SerialScope = ALL): HeldLot => ({
  hold: HOLD,
  lot,
  serials,
  state: 'held',
  epoch: 1,
  pending: false,
});

/** Every lot reached in this order, as the service keeps them. */
function reached(steps: readonly { lot: string; serials: SerialScope }[]): HeldLot[] {
  const lots = new Map<string, HeldLot>();
  for (const { lot, serials } of steps) {
    const next = widen(lots.get(lot), { hold: HOLD, lot }, reach(serials));
    if (next) lots.set(lot, next);
  }
  return [...lots.values()];
}

const anyScope = fc.oneof(
  fc.constant(ALL),
  fc
    .array(
      fc.tuple(fc.nat(40), fc.nat(8)).map(([first, more]) => range(first, first + more)),
      { minLength: 1, maxLength: 3 },
    )
    .map((ranges): SerialScope => ({ mode: 'only', ranges })),
);
const anyReach = fc.record({ lot: fc.constantFrom('F-1', 'F-2', 'F-3', 'P-1'), serials: anyScope });

test('whatever the order and repetition of what widens it, the same is held and the manifest is the same', () => {
  fc.assert(
    fc.property(fc.array(anyReach, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (steps, chance) => {
      const pick = (n: number): number => chance.next().value % n;
      const again = [...steps, ...steps].map((step) => ({ step, place: pick(1_000) }));
      const shuffled = again.sort((a, b) => a.place - b.place).map(({ step }) => step);
      expect(holdDigest(reached(shuffled))).toEqual(holdDigest(reached(steps)));
    }),
  );
});

test('a hold never gets smaller by what reaches it', () => {
  const wide = widen(undefined, { hold: HOLD, lot: 'F-1' }, reach(only(range(1, 10))))!;
  expect(widen(wide, wide, reach(only(range(3, 4))))).toBeUndefined();
  expect(widen(wide, wide, reach(only(range(11, 12))))?.serials).toEqual(only(range(1, 12)));
  expect(widen(wide, wide, reach(ALL))?.serials).toEqual(ALL);
});

test('a lot with very many separate serials is held as a whole', () => {
  const odd = Array.from({ length: 2_001 }, (_, n) => range(2 * n, 2 * n));
  expect(canonical(only(...odd))).toEqual(ALL);
});

test('a released lot is held again by a new way or by other serials, not by what was reviewed', () => {
  const released: HeldLot = { ...held('F-1', only(range(1, 5))), state: 'released' };
  const again = { state: 'held', pending: true };
  expect(widen(released, released, reach(only(range(1, 5))))).toBeUndefined();
  expect(widen(released, released, { ...reach(only(range(1, 5))), unreviewed: true })).toMatchObject(again);
  expect(widen(released, released, reach(only(range(6, 6))))).toMatchObject(again);
});

test('an epoch goes out in chunks, then its manifest over all that is held', () => {
  const place = Array.from({ length: 1_001 }, (_, n) => held(`F-${n}`));
  const events = openEpoch({ hold: HOLD, case: CASE, epoch: 2, provisional: false, place, held: place });
  expect(events.map((event) => (event.type === 'HoldPlaced' ? event.lots.length : event.type))).toEqual([
    500,
    500,
    1,
    'HoldManifest',
  ]);
  expect(events[2]).toMatchObject({ chunk: 3, chunks: 3 });
  expect(events.at(-1)).toMatchObject({ epoch: 2, ...holdDigest(place) });
  expect(evolveAll(events)).toMatchObject({ epoch: 2, provisional: false, count: 1_001 });
});

test('lots with many serials make smaller chunks', () => {
  const many = only(...Array.from({ length: 1_500 }, (_, n) => range(2 * n, 2 * n)));
  const place = Array.from({ length: 8 }, (_, n) => held(`F-${n}`, many));
  const events = openEpoch({ hold: HOLD, case: CASE, epoch: 1, provisional: true, place, held: place });
  expect(events.slice(0, -1).map((event) => (event.type === 'HoldPlaced' ? event.lots.length : 0))).toEqual([3, 3, 2]);
});

const evolveAll = (events: readonly HoldEvent[]) => events.reduce(evolve, NO_HOLD);
const placed = openEpoch({
  hold: HOLD,
  case: CASE,
  epoch: 1,
  provisional: true,
  place: [held('F-1')],
  held: [held('F-1')],
});
const given = (...history: HoldEvent[]) => givenEvents(NO_HOLD, evolve, history);
const signature = (signer: string) => ({
  jws: `jws-${signer}`,
  signer,
  signerName: signer,
  meaning: 'hold-release',
  reason: 'reworked',
  signedAt: '2026-11-01T08:00:00.000Z',
});
const two = [signature('qa.li'), signature('rm.chen')];
const asked = { lots: ['F-1'], reviewedOperations: ['op-1'], reason: 'reworked', signatures: two };
const way = () => ['op-1'];

test('a release takes two people, a held lot and a look at every operation on its way', () => {
  const lots = [held('F-1')];
  given(...placed)
    .when((hold) => [releaseLots(hold, asked, lots, way)])
    .then([{ type: 'HoldReleased', hold: HOLD, case: CASE, epoch: 2, ...asked }]);
  given(...placed)
    .when((hold) => [releaseLots(hold, { ...asked, signatures: [two[0]!, two[0]!] }, lots, way)])
    .rejects('two-signers-needed');
  given(...placed)
    .when((hold) => [releaseLots(hold, asked, [], way)])
    .rejects('lot-not-held');
  given(...placed)
    .when((hold) => [releaseLots(hold, asked, lots, () => ['op-1', 'op-2'])])
    .rejects('operation-not-reviewed');
  given(...placed)
    .when((hold) => [releaseLots(hold, asked, [{ ...held('F-1'), pending: true }], way)])
    .rejects('hold-still-growing');
  given()
    .when((hold) => [releaseLots(hold, asked, lots, way)])
    .rejects('hold-unknown');
});

test('a signature for one epoch of a hold is none for the next', () => {
  const later = openEpoch({ hold: HOLD, case: CASE, epoch: 2, provisional: false, place: [], held: [held('F-1')] });
  expect(releaseRecord(evolveAll(placed), asked)).not.toEqual(releaseRecord(evolveAll([...placed, ...later]), asked));
  expect(told(held('F-1'), 2)).toMatchObject({ epoch: 2, pending: false });
});
