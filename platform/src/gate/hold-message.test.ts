import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HoldEntry } from '../store/hold.ts';
import { holdDigest } from './hold-digest.ts';
import { applyWrite, coalesce, type HoldMessage } from './hold-message.ts';
import { messagesOfHold } from '../testing/gate/hold-messages.ts';

/** A gate as a Map: what its documents say after messages in batches. */
function gateAfter(batches: readonly (readonly HoldMessage[])[]): Map<string, HoldEntry> {
  const lots = new Map<string, HoldEntry>();
  for (const batch of batches)
    for (const write of coalesce(batch)) lots.set(write.lot, applyWrite(lots.get(write.lot), write));
  return lots;
}

const digest = (lots: ReadonlyMap<string, HoldEntry>) =>
  holdDigest(
    [...lots].flatMap(([lot, { state, placed }]) => (state === 'held' && placed ? [{ lot, serials: placed }] : [])),
  );

test('in any order, any batches and with any repeats, a gate holds the same', () => {
  fc.assert(
    fc.property(
      messagesOfHold.chain((messages) =>
        fc.tuple(
          fc.constant(messages),
          fc.shuffledSubarray([...messages, ...messages], { minLength: messages.length * 2 }),
          fc.integer({ min: 1, max: 5 }),
        ),
      ),
      ([messages, shuffled, size]) => {
        const batches = [];
        for (let from = 0; from < shuffled.length; from += size) batches.push(shuffled.slice(from, from + size));
        expect(digest(gateAfter(batches))).toEqual(digest(gateAfter([messages])));
        expect(digest(gateAfter([...messages.map((message) => [message])]))).toEqual(digest(gateAfter([messages])));
      },
    ),
    { numRuns: 300 },
  );
});

test('the digest does not depend on order or on how ranges are cut, and tells each difference', () => {
  const range = (first: number, last: number) => ({ gtin: '1', prefix: '', width: 4, first, last });
  const a = { lot: 'A', serials: { mode: 'only', ranges: [range(1, 5), range(6, 9)] } };
  const b = { lot: 'B', serials: { mode: 'all', ranges: [] } };
  expect(holdDigest([a, b])).toEqual(holdDigest([b, { lot: 'A', serials: { mode: 'only', ranges: [range(1, 9)] } }]));
  expect(holdDigest([a, b])).not.toEqual(holdDigest([a]));
  expect(holdDigest([b])).not.toEqual(holdDigest([{ lot: 'B', serials: { mode: 'only', ranges: [] } }]));
  expect(holdDigest([]).count).toBe(0);
});
