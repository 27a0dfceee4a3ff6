import { expect, test } from '@jest/globals';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import { createHistory, graphOf, line, serials } from '../../test/history.ts';
import type { Fact } from '../genealogy/facts.ts';
import { answerers, type ScopeAnswer } from '../graph/questions.ts';
import { keptTraces } from '../trace/kept-traces.ts';
import { atOnce } from '../trace/trace.ts';
import { publishScope } from './publish-scope.ts';
import { checkAsker, closeQuestion, registerQuestion } from './register-question.ts';
import { digestsIn, evolve, UNKNOWN_QUESTION, type ScopeEvent } from './standing-question.ts';

const lotLine = (lot: string): ScopeAnswer['lots'][number] => ({
  lot,
  item: null,
  quantity: null,
  serials: { mode: 'all', ranges: [] },
  certainty: 'scanned',
  path: [],
  ways: [],
});
const CASE = 'RC-2026-1';
const given = (...history: ScopeEvent[]) => givenEvents(UNKNOWN_QUESTION, evolve, history);
/** What was said of lots, in the order in which it was. */
const said = (...answers: readonly ScopeEvent[][]) => new Map(answers.flat().flatMap(digestsIn));
const registered = { type: 'StandingQuestionRegistered', question: CASE, roots: ['L0'], filters: [] } as const;
const answer = (facts: readonly Fact[], missing: readonly string[] = []): ScopeAnswer =>
  atOnce(
    answerers.scope(
      { graph: graphOf(facts), marks: new Map(), expected: { targets: [], missing }, unreadable: [], traces: keptTraces({ now: () => 0, unique: () => 'T' }), rooms: [] }, // prettier-ignore
      { roots: ['L0'], direction: 'forward' },
    ),
  );

function boards() {
  const { facts, tell } = createHistory();
  tell.received('L0', 100);
  tell.declared('F1');
  tell.declared('F2');
  tell.operation('op-1', { in: [['L0', 10]], out: [['F1', 5]] });
  tell.operation('op-2', { in: [['L9', 10]], out: [['F2', 5]] });
  return { facts, tell };
}

test('a question is registered once, widened by further roots, and closed once', () => {
  given()
    .when((q) => registerQuestion(q, { question: CASE, roots: ['L0'], filters: [] }))
    .then([registered]);
  given(registered)
    .when((q) => registerQuestion(q, { question: CASE, roots: ['L0'], filters: [] }))
    .then([]);
  given(registered)
    .when((q) => registerQuestion(q, { question: CASE, roots: ['A1'], filters: [] }))
    .then([{ ...registered, roots: ['A1', 'L0'] }]);
  given(registered, { type: 'StandingQuestionClosed', question: CASE })
    .when((q) => registerQuestion(q, { question: CASE, roots: ['L0'], filters: [] }))
    .rejects('standing-question-closed');
  given()
    .when((q) => closeQuestion(q, CASE))
    .rejects('standing-question-unknown');
});

test('only what is new is said; a late edge, a shipment and a return are new', () => {
  const { facts, tell } = boards();
  const first = publishScope([registered].reduce(evolve, UNKNOWN_QUESTION), said(), answer(facts));
  expect(first).toMatchObject([{ sequence: 1, lots: [{ lot: 'L0' }, { lot: 'F1' }], totalLots: 2, complete: false }]);
  given(registered, ...first)
    .when((q) => publishScope(q, said(first), answer(facts)))
    .then([]);

  tell.late('op-2', 'L0', 1);
  const second = publishScope([registered, ...first].reduce(evolve, UNKNOWN_QUESTION), said(first), answer(facts));
  expect(second).toMatchObject([{ sequence: 2, lots: [{ lot: 'F2', path: [{ lot: 'L0' }, { lot: 'F2' }] }] }]);

  const goods = line('F1', 2, serials(1, 2));
  tell.dispatched('S-1', 'DIST', [goods]);
  const third = publishScope(
    [registered, ...first, ...second].reduce(evolve, UNKNOWN_QUESTION),
    said(first, second),
    answer(facts),
  );
  expect(third).toMatchObject([{ sequence: 3, lots: [], custodians: [{ custodian: 'DIST', lines: [goods] }] }]);

  tell.arrived('S-1', 'DIST', goods);
  given(registered, ...first, ...second, ...third)
    .when((q) => publishScope(q, said(first, second, third), answer(facts)))
    .then([]);

  tell.givenBack('RT-1', 'DIST', goods);
  given(registered, ...first, ...second, ...third)
    .when((q) => publishScope(q, said(first, second, third), answer(facts)))
    .thenLike([{ sequence: 4, custodians: [{ custodian: 'DIST', lines: [] }] }]);
});

test('a second way to a lot in scope is said, although its path and its units stay what they were', () => {
  const { facts, tell } = boards();
  const first = publishScope([registered].reduce(evolve, UNKNOWN_QUESTION), said(), answer(facts));
  tell.operation('op-3', { in: [['L0', 10]], out: [['F1', 5]] });
  given(registered, ...first)
    .when((q) => publishScope(q, said(first), answer(facts)))
    .thenLike([
      {
        lots: [
          {
            lot: 'F1',
            path: [{ operation: 'op-1' }, {}],
            ways: [{ operation: 'op-1' }, { operation: 'op-3' }],
          },
        ],
      },
    ]);
});

test('what has come to be missing, or is missing no more, is said where it is asked for; how much of it is not', () => {
  const { facts } = boards();
  const first = publishScope([registered].reduce(evolve, UNKNOWN_QUESTION), said(), answer(facts));
  const gaps = (...missing: string[]) => answer(facts, missing);
  const known = given(registered, ...first);
  known.when((q) => publishScope(q, said(first), gaps('owner-unread field a.v1 (2)'))).then([]);
  known
    .when((q) => publishScope(q, said(first), gaps('owner-unread field a.v1 (2)'), { gaps: true }))
    .thenLike([{ sequence: 2, lots: [], custodians: [], totalLots: 2, complete: false }]);
  const second = publishScope(
    [registered, ...first].reduce(evolve, UNKNOWN_QUESTION),
    said(first),
    gaps('owner-unread a.v1 (2)'),
    {
      gaps: true,
    },
  );
  const then = given(registered, ...first, ...second);
  then.when((q) => publishScope(q, said(first, second), gaps('owner-unread a.v1 (3)'), { gaps: true })).then([]);
  then
    .when((q) => publishScope(q, said(first, second), gaps(), { gaps: true }))
    .thenLike([{ sequence: 3, gaps: answer(facts).gaps.slice() }]);
});

test('a filter finds what it finds whenever it is asked, and only its units', () => {
  const filter = JSON.stringify({ lotsWhere: { supplier: 'SUP-HX' } });
  given(registered)
    .when((q) => registerQuestion(q, { question: CASE, roots: [], filters: [filter] }))
    .then([{ ...registered, filters: [filter] }]);
  const { facts, tell } = boards();
  const lots = (): string[] => {
    const known = { graph: graphOf(facts), marks: new Map(), expected: { targets: [], missing: [] }, unreadable: [], traces: keptTraces({ now: () => 0, unique: () => 'T' }), rooms: [] }; // prettier-ignore
    const filters = [{ lotsWhere: { supplier: 'SUP-HX' } }, { operation: 'op-2' }];
    return atOnce(answerers.scope(known, { roots: [], direction: 'forward', filters })).lots.map(({ lot }) => lot);
  };
  expect(lots()).toEqual(['F2', 'L0', 'F1']);
  tell.received('L8', 100);
  expect(lots()).toEqual(['F2', 'L0', 'L8', 'F1']);
});

test('an answer about many lots is said in several events, each small, numbered on', () => {
  const { facts, tell } = createHistory();
  tell.received('L0', 10_000);
  for (let n = 1; n <= 950; n++) tell.operation(`op-${n}`, { in: [['L0', 1]], out: [[`F-${n}`, 1]] });
  const events = publishScope([registered].reduce(evolve, UNKNOWN_QUESTION), said(), answer(facts));
  expect(events.map((e) => (e.type === 'ScopeChanged' ? [e.sequence, e.lots.length, e.gaps.length] : []))).toEqual([
    [1, 400, 201],
    [2, 400, 201],
    [3, 151, 201],
  ]);
});

test('an answer of several transactions is complete with its last event; one that was broken off is said to its end', () => {
  const lots = Array.from({ length: 26 * 400 }, (_, n) => lotLine(`F-${String(n)}`));
  const whole: ScopeAnswer = { lots, custodians: [], offsets: [], complete: true, gaps: [] };
  const events = publishScope([registered].reduce(evolve, UNKNOWN_QUESTION), said(), whole);
  const told = events.map((event) => (event.type === 'ScopeChanged' ? [event.complete, event.gaps] : []));
  expect(told).toEqual([...Array.from({ length: 25 }, () => [false, ['said-in-part']]), [true, []]]);
  const half = events.slice(0, 25);
  given(registered, ...half)
    .when((q) => publishScope(q, said(half), whole))
    .thenLike([{ sequence: 26, lots: { length: 400 }, complete: true, gaps: [] }]);
  // What was still to be said has left the scope: that nothing is lacking any more is said.
  given(registered, ...half)
    .when((q) => publishScope(q, said(half), { ...whole, lots: lots.slice(0, 25 * 400) }))
    .thenLike([{ sequence: 26, lots: [], complete: true, gaps: [] }]);
});

test('nobody but a service asks, widens or ends in the name of a recall', () => {
  const refused = (question: string, kind?: string) => () => checkAsker(question, kind === undefined ? kind : { kind });
  for (const kind of ['person', 'system', undefined])
    expect(refused('RC-2026-0001', kind)).toThrow('standing-question-of-recall');
  expect(refused('RC-2026-0001', 'service')).not.toThrow();
  expect(refused('Q-LATE', 'person')).not.toThrow();
});

test('that nothing was found, and why that may be wrong, is said once', () => {
  const filters = [JSON.stringify({ container: 'TYPO' })];
  const opened = registerQuestion(UNKNOWN_QUESTION, { question: 'Q-1', roots: [], filters });
  const gaps = ['root-unknown TYPO'];
  const answer: ScopeAnswer = { lots: [], custodians: [], offsets: [], complete: false, gaps };
  const first = publishScope(opened.reduce(evolve, UNKNOWN_QUESTION), said(), answer);
  expect(first).toMatchObject([{ sequence: 1, totalLots: 0, complete: false, gaps }]);
  given(...opened, ...first)
    .when((known) => publishScope(known, said(first), answer))
    .then([]);
});
