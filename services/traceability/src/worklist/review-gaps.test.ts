import { expect, test } from '@jest/globals';
import { reviewGaps, type Sighting } from './review-gaps.ts';
import { gapId } from './work-on-gap.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 1, 8, 0, second)).toISOString();
const PARKED = 'owner-parked mes-bridge mes.inbound.v1 (3)';
const UNDECLARED = 'lot-undeclared F1';

const review = (known: readonly Sighting[], gaps: readonly string[], second: number, behind = false) =>
  reviewGaps(known, { gaps, behind, at: at(second), grace: 10_000 });

test('a gap is work only when it has stood for a while; then it is opened once', () => {
  const first = review([], [PARKED, UNDECLARED], 0);
  expect(first).toMatchObject({ seen: [{ kind: 'owner-parked' }, { kind: 'lot-undeclared' }], open: [], gone: [] });
  expect(review(first.seen, [PARKED], 5).open).toEqual([]);
  const later = review(first.seen, [PARKED], 10);
  expect(later.open).toMatchObject([
    { _id: gapId({ kind: 'owner-parked', subject: 'mes-bridge mes.inbound.v1' }), since: at(0) },
  ]);
  const opened = first.seen.map((one) => ({ ...one, opened: true }));
  expect(review(opened, [PARKED, UNDECLARED], 20)).toEqual({ seen: [], open: [], gone: [] });
});

test('the same gap with another extent is the same gap', () => {
  const { seen } = review([], [PARKED], 0);
  expect(review(seen, ['owner-parked mes-bridge mes.inbound.v1 (5)'], 1)).toMatchObject({
    seen: [{ _id: seen[0]!._id, since: at(0), detail: '(5)' }],
    gone: [],
  });
});

test('what is not there any more is gone', () => {
  const { seen } = review([], [PARKED, UNDECLARED], 0);
  expect(review(seen, [PARKED], 1).gone).toMatchObject([{ kind: 'lot-undeclared' }]);
});

test('a graph that has not read far enough opens and closes nothing of its own', () => {
  const { seen } = review([], [PARKED, UNDECLARED], 0);
  expect(review(seen, ['unread a.b.v1/0 up to 9', 'lot-undeclared F2'], 20, true)).toMatchObject({
    seen: [{ kind: 'unread' }],
    open: [],
    gone: [{ kind: 'owner-parked' }],
  });
});
