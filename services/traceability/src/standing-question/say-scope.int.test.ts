import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestStore } from '@lotwarden/platform/testing/store';
import type { ScopeAnswer } from '../graph/questions.ts';
import { saidSoFar } from './said-so-far.store.ts';
import { sayScope } from './say-scope.store.ts';
import { evolve, UNKNOWN_QUESTION, type ScopeEvent, type Said } from './standing-question.ts';

const { store, drop } = await openTestStore({ service: 'traceability' });
const questions = store.aggregate({
  collection: 'standing_questions',
  topic: 'traceability.scope.v1',
  initial: UNKNOWN_QUESTION,
  evolve: (state: typeof UNKNOWN_QUESTION, event: ScopeEvent) => evolve(state, event),
});
const said = saidSoFar(store);
const pieces = store.db.collection('standing_question_said');
const context = { actor: 'service:traceability' };
const how = { context, gaps: true };

beforeAll(() => store.ensureIndexes());
afterAll(drop);

const answer = (count: number): ScopeAnswer => ({
  lots: Array.from({ length: count }, (_, n) => ({
    lot: `F-${String(n)}`,
    item: null,
    quantity: null,
    serials: { mode: 'all', ranges: [] },
    certainty: 'scanned',
    path: [],
    ways: [],
  })),
  custodians: [],
  offsets: [],
  complete: true,
  gaps: [],
});
const open = (question: string) =>
  questions.change(question, context, () => [
    { type: 'StandingQuestionRegistered', question, roots: ['L0'], filters: [] },
  ]);
const heard = (question: string) => store.db.collection('outbox').countDocuments({ aggregate: question });

test('who is killed between two pieces says the rest later; nothing is said twice', async () => {
  await open('Q-1');
  let units = 0;
  const work: typeof store.work = (...of) => {
    units += 1;
    if (units === 2) throw new Error('killed');
    return store.work(...of);
  };
  await expect(sayScope({ questions, said, work }, 'Q-1', answer(12_000), how)).rejects.toThrow('killed');
  expect((await questions.get('Q-1'))?.state).toMatchObject({ sequence: 25, complete: false, gaps: ['said-in-part'] });
  expect(await sayScope({ questions, said, work: store.work }, 'Q-1', answer(12_000), how)).toBe(30);
  expect(await sayScope({ questions, said, work: store.work }, 'Q-1', answer(12_000), how)).toBe(30);
  expect((await questions.get('Q-1'))?.state).toMatchObject({ sequence: 30, complete: true, gaps: [], lots: [] });
  expect(await heard('Q-1')).toBe(31);
});

test('more than 300,000 lots, some from a document of the old form: only what is new is said', async () => {
  await open('Q-2');
  await sayScope({ questions, said, work: store.work }, 'Q-2', answer(3), how);
  const [first] = await pieces.find({ question: 'Q-2' }).toArray();
  const old = first?.['lots'] as Said;
  // As it was before there were pieces.
  await pieces.deleteMany({ question: 'Q-2' });
  await store.db.collection('standing_questions').updateOne({ _id: 'Q-2' } as object, { $set: { 'state.lots': old } });
  const many = Array.from({ length: 31 }, (_, n) => ({
    _id: `Q-2|big|${String(n)}`,
    question: 'Q-2',
    sequence: 1,
    lots: Array.from({ length: 10_000 }, (_lot, m) => [`B-${String(n)}-${String(m)}`, '0123456789abcdef']),
  }));
  await pieces.insertMany(many as object[]);
  const state = (await questions.get('Q-2'))?.state ?? UNKNOWN_QUESTION;
  expect((await said.read('Q-2', state)).size).toBe(310_003);
  await sayScope({ questions, said, work: store.work }, 'Q-2', answer(4), how);
  const now = (await questions.get('Q-2'))?.state ?? UNKNOWN_QUESTION;
  expect(now).toMatchObject({ sequence: 2, lots: [] });
  expect((await said.read('Q-2', now)).size).toBe(310_004);
  expect(await pieces.findOne({ question: 'Q-2', sequence: 2 })).toMatchObject({ lots: [['F-3', expect.any(String)]] });
});
