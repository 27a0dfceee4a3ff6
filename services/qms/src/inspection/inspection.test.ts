import { expect, test } from '@jest/globals';
import type { Characteristic } from '@lotwarden/contracts/events';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import { decideByPerson, openInspection, recordResult } from './inspect.ts';
import { evolve, NO_INSPECTION, type InspectionEvent } from './inspection.ts';

const lot = 'M-SZ1-261101-00001';
const stage = 'incoming';
const limit = (code: string, upper: string): Characteristic => ({
  code,
  name: code,
  kind: 'electrical',
  source: 'inspection',
  unit: 'OHM',
  lower: null,
  upper,
});
const characteristics = [limit('esr', '0.5'), limit('leak', '2')];
const given = (...history: InspectionEvent[]) => givenEvents(NO_INSPECTION, evolve, history);
const opened = openInspection(NO_INSPECTION, { lot, stage, characteristics });
const result = (characteristic: string, value: string, unit = 'OHM') =>
  ({ lot, stage, sample: 'S-1', characteristic, value, unit }) as const;
const after = (...results: ReturnType<typeof result>[]) =>
  results.reduce((history, r) => [...history, ...recordResult(history.reduce(evolve, NO_INSPECTION), r)], opened);

test('the last awaited result decides: all within limits accepts', () => {
  given(...after(result('esr', '0.5')))
    .when((i) => recordResult(i, result('leak', '1')))
    .thenLike([
      { type: 'InspectionResultRecorded', result: { verdict: 'pass', upper: '2' }, violations: [] },
      {
        type: 'InspectionDecided',
        verdict: 'accept',
        results: [{ characteristic: 'esr' }, { characteristic: 'leak' }],
      },
    ]);
});

test('one value out of limits rejects and says which', () => {
  given(...after(result('esr', '0.6')))
    .when((i) => recordResult(i, result('leak', '1')))
    .thenLike([
      { type: 'InspectionResultRecorded' },
      { type: 'InspectionDecided', verdict: 'reject', reason: 'out of limits: esr' },
    ]);
});

test('a good second sample does not wash away a bad first one', () => {
  given(...after(result('esr', '0.6'), result('esr', '0.1')))
    .when((i) => recordResult(i, result('leak', '1')))
    .thenLike([{}, { type: 'InspectionDecided', verdict: 'reject' }]);
});

test('a result in another unit proves nothing', () => {
  given(...opened)
    .when((i) => recordResult(i, result('esr', '0.1', 'MOH')))
    .thenLike([{ result: { verdict: 'fail' } }]);
});

test('results that come before the inspection is opened are judged when it opens', () => {
  const early = [result('esr', '0.1'), result('leak', '1')].flatMap((r) => recordResult(NO_INSPECTION, r));
  given(...early)
    .when((i) => openInspection(i, { lot, stage, characteristics }))
    .thenLike([{ type: 'InspectionOpened' }, { type: 'InspectionDecided', verdict: 'accept' }]);
});

test('the same value of the same sample again changes nothing', () => {
  given(...after(result('esr', '0.5')))
    .when((i) => recordResult(i, result('esr', '0.5')))
    .then([]);
  given(...after(result('esr', '0.5'), result('leak', '1')))
    .when((i) => recordResult(i, result('leak', '1')))
    .then([]);
});

test('what comes after the decision is kept, and flagged where it speaks against it', () => {
  given(...after(result('esr', '0.1'), result('leak', '1')))
    .when((i) => recordResult(i, result('esr', '9')))
    .thenLike([{ type: 'InspectionResultRecorded', violations: [{ code: 'result-against-decision' }] }]);
  given(...opened)
    .when((i) => recordResult(i, result('colour', '1')))
    .thenLike([{ violations: [{ code: 'characteristic-not-specified' }] }]);
});

const signature = {
  jws: 'a.b.c',
  signer: 'qa.li',
  signerName: '李质量',
  meaning: 'decide-inspection',
  reason: 'visual',
  signedAt: '2026-11-01T08:00:00.000Z',
};

test('an inspection without characteristics waits for a person', () => {
  const bare = openInspection(NO_INSPECTION, { lot, stage, characteristics: [] });
  expect(bare).toHaveLength(1);
  given(...bare)
    .when((i) => decideByPerson(i, { verdict: 'accept', signature }))
    .thenLike([{ type: 'InspectionDecided', verdict: 'accept', reason: 'visual', signature }]);
  given(...opened)
    .when((i) => decideByPerson(i, { verdict: 'accept', signature }))
    .rejects('inspection-not-passed');
  given()
    .when((i) => decideByPerson(i, { verdict: 'accept', signature }))
    .rejects('inspection-unknown');
});
