import { expect, test } from '@jest/globals';
import type { AnswerLine, LotLine } from '@lotwarden/contracts/events';
import { answerFindings } from '../answer/judge-answer.ts';
import { escalate, escalationsOf, evolve, NO_DELIVERY, pauseAfter, reachOf, type Delivery } from './delivery.ts';

const serials = (first: number, last: number) => [{ gtin: '09520123456788', prefix: 'IP', width: 6, first, last }];
const line: LotLine = { lot: 'F1', quantity: { value: '3', unit: 'EA' }, serials: serials(1, 3), containers: [] };
const answer = (over: Partial<AnswerLine>): AnswerLine => ({
  lot: 'F1',
  onHand: '2',
  used: '1',
  returned: '0',
  passedOn: '0',
  destroyed: '0',
  unit: 'EA',
  serials: [],
  ...over,
});
const codes = (...lines: AnswerLine[]) => answerFindings({ lines: [line], party: 'D1' }, lines).map((f) => f.code);

test('an answer that adds up has no findings', () => {
  expect(codes(answer({ serials: serials(1, 2) }))).toEqual([]);
});

test('what does not fit is named', () => {
  expect(codes(answer({ onHand: '1' }))).toEqual(['answer-does-not-add-up']);
  expect(codes(answer({ unit: 'CT' }))).toEqual(['answer-does-not-add-up']);
  expect(codes()).toEqual(['answer-without-lot']);
  expect(codes(answer({}), answer({ lot: 'F9' }))).toEqual(['lot-not-in-notice']);
  expect(answerFindings({ lines: [line], party: 'D3' }, [answer({ serials: serials(3, 4) })])).toEqual([
    { code: 'serial-not-in-notice', subject: '09520123456788/IP000004', detail: 'named by D3' },
  ]);
});

test('trying never ends, and never pauses longer than a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 99].map((n) => pauseAfter(n, null))).toEqual([
    1000, 2000, 5000, 10_000, 30_000, 60_000, 60_000,
  ]);
  expect(pauseAfter(1, 20_000)).toBe(20_000);
  expect(pauseAfter(1, 3_600_000)).toBe(60_000);
});

test('two endpoints of a party: attempts are told apart, and the first to take it is the delivery', () => {
  const named = { notice: 'N', version: 1, case: 'C', party: 'D1' };
  const failed = {
    type: 'NoticeDeliveryFailed',
    ...named,
    endpoint: 'day',
    error: 'HTTP 503',
    nextAttemptAt: null,
  } as const;
  const taken = { type: 'NoticeDelivered', ...named } as const;
  const known = [
    { ...failed, attempt: 1 },
    { ...taken, endpoint: 'night', attempt: 1, deliveredAt: '2026-11-01T08:00:01.000Z' },
    { ...failed, attempt: 2 },
  ].reduce(evolve, NO_DELIVERY);
  expect(known).toMatchObject({ attempts: 3, deliveredAt: '2026-11-01T08:00:01.000Z' });
  expect(reachOf(known, 'day')).toMatchObject({ attempts: 2, deliveredAt: null, lastError: 'HTTP 503' });
  const both = evolve(known, { ...taken, endpoint: 'day', attempt: 3, deliveredAt: '2026-11-01T08:00:09.000Z' });
  expect(both).toMatchObject({ attempts: 4, deliveredAt: '2026-11-01T08:00:01.000Z' });
  expect(reachOf(both, 'day')).toMatchObject({ deliveredAt: '2026-11-01T08:00:09.000Z', lastError: null });
});

test('one escalation for each reason', () => {
  const named = { notice: 'N', version: 1, case: 'C', party: 'D1' };
  const [first] = escalate(NO_DELIVERY, named, 'unanswered');
  if (!first) throw new Error('no escalation');
  expect(escalate(evolve(NO_DELIVERY, first), named, 'unanswered')).toEqual([]);
  expect(escalate(evolve(NO_DELIVERY, first), named, 'no-endpoint')).toHaveLength(1);
});

test('a person is called while nobody at the party took it; one that is gone is told in any case', () => {
  const named = { notice: 'N', version: 1, case: 'C', party: 'D1' };
  const reasons = (known: Delivery, how: { late: boolean; gone: boolean }) =>
    escalationsOf(known, named, how).map((event) => (event.type === 'NoticeEscalated' ? event.reason : event.type));
  expect(reasons(NO_DELIVERY, { late: false, gone: false })).toEqual([]);
  expect(reasons(NO_DELIVERY, { late: true, gone: false })).toEqual(['endpoint-does-not-answer']);
  const taken = { ...NO_DELIVERY, deliveredAt: '2026-11-01T08:00:01.000Z' };
  expect(reasons(taken, { late: true, gone: false })).toEqual([]);
  expect(reasons(taken, { late: true, gone: true })).toEqual(['endpoint-gone']);
});
