import fc from 'fast-check';
import type { HoldMessage } from '../../gate/hold-message.ts';
import type { SerialScope } from '../../serial-range.ts';

const LOTS = ['L-1', 'L-2', 'L-3', 'X-4', 'L-5'] as const;

const scope: fc.Arbitrary<SerialScope> = fc.oneof(
  fc.constant({ mode: 'all', ranges: [] }),
  fc.tuple(fc.constantFrom('only', 'all-except'), fc.nat(50), fc.nat(9)).map(([mode, first, length]) => ({
    mode,
    ranges: [{ gtin: '09520123456788', prefix: 'A', width: 6, first, last: first + length }],
  })),
);

const step = fc.record({
  release: fc.boolean(),
  lots: fc.uniqueArray(fc.tuple(fc.constantFrom(...LOTS), scope), { selector: ([lot]) => lot, minLength: 1 }),
});

/** What recall may say of one hold: epochs 1, 2, 3 …, each placing some lots or releasing some. */
export const messagesOfHold: fc.Arbitrary<HoldMessage[]> = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) =>
  steps.map(({ release, lots }, index): HoldMessage => {
    const common = { hold: 'H-RC-2026-1', case: 'RC-2026-1', epoch: index + 1 };
    if (release) {
      const ids = lots.map(([lot]) => lot);
      return { type: 'HoldReleased', ...common, lots: ids, reviewedOperations: [], reason: '', signatures: [] };
    }
    const held = lots.map(([lot, serials]) => ({ lot, serials }));
    return { type: 'HoldPlaced', ...common, chunk: 1, chunks: 1, provisional: false, lots: held };
  }),
);
