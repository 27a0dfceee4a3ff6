import { expect, test } from '@jest/globals';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import { evolve, mayNotify, NO_CASE, type CaseEvent } from './case.ts';
import { closeCase, closeRecord, type Findings } from './close-case.ts';
import { draftCase } from './draft-case.ts';
import { launchCase, launchRecord } from './launch-case.ts';

const CASE = 'RC-2026-1';
const signature = {
  jws: 'jws-1',
  signer: 'rm.chen',
  signerName: '陈召回',
  meaning: 'launch',
  reason: 'capacitor fails short',
  signedAt: '2026-11-01T08:00:00.000Z',
};
const draft = { case: CASE, hold: `H-${CASE}`, title: 'IP-200', reason: 'smoke', roots: ['M-1'], complaint: 'C-1' };
const drafted: CaseEvent = { type: 'RecallDrafted', ...draft };
const launch = { recallClass: 'I', instructions: 'Stop use', instructionsZh: '停止使用' } as const;
const launched: CaseEvent = { type: 'RecallLaunched', case: CASE, ...launch, signature };
const frozen: CaseEvent = {
  type: 'RecallFrozen',
  case: CASE,
  hold: draft.hold,
  epoch: 2,
  lots: 5,
  digest: 'd',
  gates: ['qms'],
  elapsedMs: 40,
};
const contained: CaseEvent = {
  type: 'RecallContained',
  case: CASE,
  hold: draft.hold,
  epoch: 2,
  rounds: 1,
  offsets: [],
};
const extended: CaseEvent = { type: 'RecallScopeExtended', case: CASE, epoch: 3, lots: ['F-5'], custodians: [] };
const settled: Findings = { report: 'hash', remainder: [], untold: [], unanswered: [], pending: 0 };
const given = (...history: CaseEvent[]) => givenEvents(NO_CASE, evolve, history);
const close = (findings = settled, explanation: string | null = null) => ({ findings, explanation });

test('a draft needs a root, and is drafted once', () => {
  given()
    .when((state) => draftCase(state, draft))
    .then([drafted]);
  given()
    .when((state) => draftCase(state, { ...draft, roots: [] }))
    .rejects('recall-roots-missing');
  given(drafted)
    .when((state) => draftCase(state, draft))
    .rejects('recall-case-already-drafted');
});

test('a launch is signed once; the same again changes nothing', () => {
  given(drafted)
    .when((state) => launchCase(state, CASE, { ...launch, signature }))
    .then([launched]);
  given(drafted, launched)
    .when((state) => launchCase(state, CASE, { ...launch, signature }))
    .then([]);
  given(drafted, launched)
    .when((state) => launchCase(state, CASE, { ...launch, signature: { ...signature, jws: 'jws-2' } }))
    .rejects('recall-case-already-launched');
  given()
    .when((state) => launchCase(state, CASE, { ...launch, signature }))
    .rejects('recall-case-unknown');
});

test('what is signed to launch names class and instructions, and does not change while the scope grows', () => {
  const before = [drafted].reduce(evolve, NO_CASE);
  const after = [drafted, frozen, contained, extended].reduce(evolve, NO_CASE);
  expect(launchRecord(after, CASE, launch)).toEqual(launchRecord(before, CASE, launch));
  expect(launchRecord(before, CASE, { ...launch, recallClass: 'II' })).not.toEqual(launchRecord(before, CASE, launch));
});

test('notices wait for the launch and its own freeze, and then for nothing any more', () => {
  const may = (...history: CaseEvent[]) => mayNotify(history.reduce(evolve, NO_CASE));
  expect(may(drafted, frozen)).toBe(false);
  expect(may(drafted, frozen, launched)).toBe(false);
  expect(may(drafted, frozen, launched, frozen)).toBe(true);
  expect(may(drafted, frozen, launched, frozen, contained, extended)).toBe(true);
});

test('a case closes contained, answered and balanced, or with its remainder explained', () => {
  const through = [drafted, launched, frozen, contained];
  const remainder = [{ value: '2', unit: 'EA' }];
  const closing = ({ findings, explanation }: ReturnType<typeof close>, ...history: CaseEvent[]) =>
    given(...history).when((state) => closeCase(state, CASE, findings, { signature, explanation }));
  closing(close(), ...through).then([
    { type: 'RecallClosed', case: CASE, report: 'hash', remainder: [], explanation: null, signature },
  ]);
  closing(close(), drafted).rejects('recall-case-not-launched');
  closing(close(), drafted, launched, frozen).rejects('recall-not-contained');
  closing(close(), ...through, extended).rejects('recall-not-contained');
  closing(close({ ...settled, pending: 1 }), ...through).rejects('recall-not-contained');
  closing(close({ ...settled, unanswered: ['N'] }), ...through).rejects('notices-unanswered');
  closing(close({ ...settled, untold: ['DIST-A'] }), ...through).rejects('custodians-untold');
  closing(close({ ...settled, remainder }), ...through).rejects('remainder-unexplained');
  closing(close({ ...settled, remainder }, 'crushed'), ...through).thenLike([{ remainder, explanation: 'crushed' }]);
  expect(closeRecord(CASE, settled, null)).not.toEqual(closeRecord(CASE, { ...settled, report: 'other' }, null));
});
