import { expect, test } from '@jest/globals';
import type { OpenedCase } from '../case/case.ts';
import type { IssuedNotice } from '../notice/notice.ts';
import type { ScopedLot } from '../scope/scope.ts';
import { remainderOf, reportHash, reportOf, unanswered, type CaseRecords } from './report.ts';

const recall: OpenedCase = {
  status: 'launched',
  case: 'RC-1',
  title: 'IP-200',
  reason: 'smoke',
  roots: ['M-1'],
  complaint: null,
  hold: 'H-RC-1',
  launch: null,
  frozen: null,
  contained: null,
  closure: null,
};
const lot = (id: string): ScopedLot => ({
  case: 'RC-1',
  lot: id,
  item: null,
  quantity: null,
  serials: { mode: 'all', ranges: [] },
  certainty: 'scanned',
  path: [],
  ways: [],
  sequence: 1,
  since: 1,
});
const balance = (id: string, value: string, unit = 'EA') => ({
  lot: id,
  unit,
  buckets: { unaccounted: { value, unit } },
  remainders: [],
  balanced: value === '0',
});
const records: CaseRecords = {
  recall,
  head: undefined,
  lots: [lot('F-2'), lot('F-1')],
  custodians: [],
  epochs: [],
  words: [],
  notices: [],
  progress: [],
  findings: [],
  releases: [],
  balances: [balance('F-2', '0'), balance('F-1', '0')],
};

test('the order in which records were read does not show in the report or its hash', () => {
  const other = { ...records, lots: [lot('F-1'), lot('F-2')], balances: [balance('F-1', '0'), balance('F-2', '0')] };
  expect(reportOf(other)).toEqual(reportOf(records));
  expect(reportHash(reportOf(other))).toBe(reportHash(reportOf(records)));
  expect(reportHash(reportOf({ ...records, lots: [lot('F-1')] }))).not.toBe(reportHash(reportOf(records)));
});

test('closing does not change what was reported', () => {
  const signature = { jws: 'j', signer: 's', signerName: 's', meaning: 'close', reason: 'r', signedAt: 't' };
  const closed: OpenedCase = {
    ...recall,
    status: 'closed',
    closure: { report: 'h', remainder: [], explanation: null, signature },
  };
  expect(reportHash(reportOf({ ...records, recall: closed }))).toBe(reportHash(reportOf(records)));
});

test('a surplus of one lot does not hide what another lot lacks', () => {
  expect(remainderOf([balance('F-1', '3'), balance('F-2', '-3'), balance('M-1', '0.5', 'KGM')])).toEqual([
    { value: '6', unit: 'EA' },
    { value: '0.5', unit: 'KGM' },
  ]);
  expect(remainderOf([balance('F-1', '0')])).toEqual([]);
  const cancelling = ['2', '-2'].map((value) => ({ where: 'onHand', quantity: { value, unit: 'EA' } }));
  expect(remainderOf([{ ...balance('F-1', '0'), remainders: cancelling }])).toEqual([{ value: '4', unit: 'EA' }]);
});

test('a notice is settled by an answer to its latest version or by a person', () => {
  const notice = (party: string, status: 'open' | 'closed', version: number): IssuedNotice => ({
    status,
    notice: `RC-1|${party}`,
    case: 'RC-1',
    party,
    version,
    lines: [],
    told: [],
    issuedAt: '',
    answerBy: '',
    reason: null,
  });
  const answer = { respondent: 'w', answeredAt: '', late: false, lines: [] };
  const way = (party: string, version: number) => ({
    notice: `RC-1|${party}`,
    case: 'RC-1',
    party,
    versions: [{ version, delivered: null, failures: 0, escalated: null, answers: [answer] }],
  });
  expect(
    unanswered(
      [notice('B', 'open', 2), notice('A', 'open', 1), notice('D', 'open', 1), notice('C', 'closed', 1)],
      [way('A', 1), way('B', 1)],
    ),
  ).toEqual(['RC-1|B', 'RC-1|D']);
});
