import { expect, test } from '@jest/globals';
import type { LotLine } from '@lotwarden/contracts/events';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import type { Launch, OpenedCase } from '../case/case.ts';
import { closeAnswered, closeEscalated, issueNotice } from './issue-notice.ts';
import { judgeAnswer, type NoticeAnswered } from './judge-answer.ts';
import { evolve, NO_NOTICE, type NoticeEvent } from './notice.ts';
import { advance, versionOf, type DeliveryEvent, type NoticeProgress } from './progress.ts';

const NOW = '2026-11-01T08:00:00.000Z';
const NOTICE = 'RC-1|DIST-A';
const signature = { jws: 'j', signer: 's', signerName: 's', meaning: 'launch', reason: 'r', signedAt: NOW };
const recall: OpenedCase & { readonly launch: Launch } = {
  status: 'launched',
  case: 'RC-1',
  title: 'IP-200',
  reason: 'smoke',
  roots: ['M-1'],
  complaint: null,
  hold: 'H-RC-1',
  launch: { recallClass: 'I', instructions: 'Stop use', instructionsZh: '停止使用', signature },
  frozen: { epoch: 2, lots: 1, digest: 'd', gates: [], elapsedMs: 1 },
  contained: null,
  closure: null,
};
const serials = (first: number, last: number) => [{ gtin: '06901234567892', prefix: 'IP', width: 6, first, last }];
const line = (lot: string, first: number, last: number): LotLine => ({
  lot,
  quantity: { value: String(last - first + 1), unit: 'EA' },
  serials: serials(first, last),
  containers: [],
});
const answerHours = { I: 24, II: 72, III: 168 };
const given = (...history: NoticeEvent[]) => givenEvents(NO_NOTICE, evolve, history);
const issue = (lines: readonly LotLine[], ...history: NoticeEvent[]) =>
  issueNotice(history.reduce(evolve, NO_NOTICE), { recall, party: 'DIST-A', lines, now: NOW, answerHours });
const first = issue([line('F-1', 1, 10)]);
const second = issue([line('F-1', 1, 10), line('F-5', 50, 51)], ...first);

test('a party is told its own goods and until when to answer', () => {
  expect(first).toEqual([
    {
      type: 'NoticeIssued',
      notice: NOTICE,
      version: 1,
      case: 'RC-1',
      party: 'DIST-A',
      recallClass: 'I',
      title: 'IP-200',
      instructions: 'Stop use',
      instructionsZh: '停止使用',
      lines: [line('F-1', 1, 10)],
      issuedAt: NOW,
      answerBy: '2026-11-02T08:00:00.000Z',
    },
  ]);
});

test('goods it was not told of make a new version with the whole list; goods it no longer has do not', () => {
  expect(second).toMatchObject([{ version: 2, lines: [{ lot: 'F-1' }, { lot: 'F-5' }] }]);
  expect(issue([line('F-1', 3, 6)], ...first)).toEqual([]);
  expect(issue([], ...first)).toEqual([]);
  expect(issue([line('F-1', 10, 11)], ...first)).toMatchObject([{ version: 2 }]);
  expect(issue([line('F-1', 50, 51)], ...first, ...second)).toMatchObject([{ version: 3 }]);
});

test('a lot in two units is told in both, and each is answered for itself', () => {
  const box = (value: string): LotLine => ({ ...line('F-1', 1, 10), quantity: { value, unit: 'BX' }, serials: [] });
  const both = issue([line('F-1', 1, 10), box('2')]);
  expect(both).toMatchObject([{ lines: [{ quantity: { unit: 'BX' } }, { quantity: { unit: 'EA' } }] }]);
  expect(issue([line('F-1', 1, 10), box('2')], ...both)).toEqual([]);
  expect(issue([box('1')], ...both)).toEqual([]);
  expect(issue([line('F-1', 1, 10), box('3')], ...both)).toMatchObject([{ version: 2 }]);
  expect(issue([line('F-1', 1, 10), box('2')], ...first)).toMatchObject([{ version: 2 }]);
  const details = (lines: NoticeAnswered['lines']) =>
    judgeAnswer(both.reduce(evolve, NO_NOTICE), answer({ lines }), () => serials(1, 10)).map(({ detail }) => detail);
  const boxes = { ...said!, unit: 'BX', onHand: '2', used: '0', returned: '0', destroyed: '0', serials: [] };
  expect(details([said!, boxes])).toEqual([]);
  expect(details([said!])).toEqual(['F-1: not answered in BX']);
  expect(details([said!, { ...boxes, onHand: '1' }])).toEqual(['F-1: told 2, accounted for 1']);
  expect(details([said!, boxes, { ...boxes, unit: 'KGM' }])).toEqual(['F-1: not in the notice in KGM']);
});

test('whoever has nothing left when the time has come is not told', () => {
  expect(issue([])).toEqual([]);
});

test('an answer to version 1 does not close version 2', () => {
  given(...first)
    .when((notice) => closeAnswered(notice, 1))
    .then([{ type: 'NoticeClosed', notice: NOTICE, reason: 'answered' }]);
  given(...first, ...second)
    .when((notice) => closeAnswered(notice, 1))
    .then([]);
  given(...first, { type: 'NoticeClosed', notice: NOTICE, reason: 'answered' }, ...second)
    .when((notice) => closeAnswered(notice, 2))
    .then([{ type: 'NoticeClosed', notice: NOTICE, reason: 'answered' }]);
});

test('a person closes only what was escalated', () => {
  given(...first)
    .when((notice) => closeEscalated(notice, false, 'called'))
    .rejects('notice-not-escalated');
  given(...first)
    .when((notice) => closeEscalated(notice, true, 'visited, shop is gone'))
    .then([{ type: 'NoticeClosed', notice: NOTICE, reason: 'visited, shop is gone' }]);
  given()
    .when((notice) => closeEscalated(notice, true, 'x'))
    .rejects('notice-unknown');
});

const answer = (over: Partial<NoticeAnswered> = {}): NoticeAnswered => ({
  type: 'NoticeAnswered',
  notice: NOTICE,
  version: 1,
  case: 'RC-1',
  party: 'DIST-A',
  respondent: '王',
  late: false,
  lines: [
    {
      lot: 'F-1',
      onHand: '6',
      used: '1',
      returned: '2',
      passedOn: '0',
      destroyed: '1',
      unit: 'EA',
      serials: serials(1, 6),
    },
  ],
  answeredAt: NOW,
  findings: [],
  ...over,
});
const codes = (over: Partial<NoticeAnswered>, ...more: NoticeEvent[]) =>
  judgeAnswer([...first, ...more].reduce(evolve, NO_NOTICE), answer(over), () => serials(1, 10)).map(
    ({ code }) => code,
  );
const [said] = answer().lines;

test('an answer that adds up is no finding; the others are, by name', () => {
  expect(codes({})).toEqual([]);
  expect(codes({ late: true })).toEqual(['answer-late']);
  expect(codes({ lines: [{ ...said!, onHand: '7' }] })).toEqual(['answer-does-not-add-up']);
  expect(codes({ lines: [{ ...said!, unit: 'KGM' }] })).toEqual(['answer-does-not-add-up', 'answer-does-not-add-up']);
  expect(codes({ lines: [] })).toEqual(['answer-does-not-add-up']);
  expect(codes({ lines: [said!, { ...said!, lot: 'F-9', serials: [] }] })).toEqual(['answer-does-not-add-up']);
  expect(codes({ lines: [{ ...said!, serials: serials(10, 11) }] })).toEqual(['serial-never-shipped-to-party']);
  expect(codes({}, ...second)).toEqual(['answer-to-old-version']);
});

test('the way of a notice is the same whatever is repeated', () => {
  const about = { notice: NOTICE, version: 1, case: 'RC-1', party: 'DIST-A' };
  const events: DeliveryEvent[] = [
    { type: 'NoticeDeliveryFailed', ...about, endpoint: 'E', attempt: 1, error: '503', nextAttemptAt: NOW },
    { type: 'NoticeEscalated', ...about, reason: 'no answer' },
    { type: 'NoticeDelivered', ...about, endpoint: 'E', attempt: 2, deliveredAt: NOW },
    answer(),
  ];
  const fold = (all: readonly DeliveryEvent[]) => all.reduce<NoticeProgress | undefined>(advance, undefined);
  expect(fold([...events, ...events])).toEqual(fold(events));
  expect(versionOf(fold(events), 1)).toMatchObject({
    delivered: { attempt: 2 },
    failures: 1,
    escalated: 'no answer',
    answers: [{ respondent: '王' }],
  });
  expect(versionOf(fold(events), 2).answers).toEqual([]);
});
