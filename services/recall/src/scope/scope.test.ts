import { expect, test } from '@jest/globals';
import type { ScopeLot } from '@lotwarden/contracts/events';
import fc from 'fast-check';
import { laterCause, mergeCustodian, mergeHead, mergeLot, type ScopedLot } from './scope.ts';

const lot = (first: number, last: number, certainty: string): ScopeLot => ({
  lot: 'F-1',
  item: 'IP-200',
  quantity: null,
  serials: { mode: 'only', ranges: [{ gtin: '06901234567892', prefix: '', width: 6, first, last }] },
  certainty,
  path: [
    { lot: 'M-1', operation: 'op-1', edge: 'material', certainty: 'scanned' },
    { lot: 'F-1', operation: null, edge: null, certainty: null },
  ],
  ways: [{ from: 'M-1', operation: `op-${String(first)}` }],
});

test('serials by union, the rest from the newest answer: order and repetition do not matter', () => {
  const answers = [lot(1, 3, 'scanned'), lot(9, 9, 'backflushed'), lot(4, 5, 'lot-inferred')].map((line, index) => ({
    line,
    sequence: index + 1,
  }));
  const merged = (steps: typeof answers) =>
    steps.reduce<ScopedLot | undefined>(
      (known, { line, sequence }) => mergeLot(known, 'RC-1', line, sequence),
      undefined,
    );
  fc.assert(
    fc.property(fc.shuffledSubarray([...answers, ...answers], { minLength: 6 }), (steps) => {
      expect(merged(steps)).toEqual(merged(answers));
    }),
  );
  expect(merged(answers)).toMatchObject({
    certainty: 'lot-inferred',
    sequence: 3,
    since: 1,
    ways: [{ operation: 'op-1' }, { operation: 'op-4' }, { operation: 'op-9' }],
  });
});

const cause = { trace: null, at: '2026-11-01T08:00:00.000Z' };

test('a notice goes on in the trace of what came last: the goods or the permission to tell', () => {
  const launch = { trace: 'launch', at: '2026-11-01T09:00:00.000Z' };
  expect(laterCause(cause, null)).toBe(cause);
  expect(laterCause(cause, launch)).toBe(launch);
  expect(laterCause({ ...cause, at: '2026-11-01T10:00:00.000Z' }, launch)).not.toBe(launch);
});

test('an older answer says nothing about a custodian or the whole', () => {
  const lines = [{ lot: 'F-1', quantity: { value: '5', unit: 'EA' }, serials: [], containers: [] }];
  const custodian = mergeCustodian(undefined, 'RC-1', { custodian: 'DIST-A', lines }, { sequence: 4, cause });
  expect(custodian).toMatchObject({ due: true, sequence: 4 });
  expect(mergeCustodian(custodian, 'RC-1', { custodian: 'DIST-A', lines: [] }, { sequence: 3, cause })).toBeUndefined();
  const answer = {
    type: 'ScopeChanged',
    question: 'RC-1',
    sequence: 4,
    lots: [],
    custodians: [],
    totalLots: 7,
    offsets: [],
    complete: true,
    gaps: [],
  } as const;
  const head = mergeHead(undefined, answer);
  expect(mergeHead(head, { ...answer, sequence: 3, totalLots: 2 })).toBe(head);
});
