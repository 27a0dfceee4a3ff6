import { Rejected, Transient } from '@lotwarden/platform/errors';
import { created, decodeCursor, encodeCursor, ok, page, pageOf, pageQuery, route, table } from '@lotwarden/platform/http'; // prettier-ignore
import { Code, Instant } from '@lotwarden/platform/http-schemas';
import type { Log } from '@lotwarden/platform/log';
import { sameState, type Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { Said as AsSaid } from '../as-of/said.store.ts';
import type { Written } from '../facts/caught-up.store.ts';
import { rootsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { RootsBody } from '../roots/schemas.routes.ts';
import { limits, MinOffsets, minOffsetsQuery, ScopeCustodian, ScopeLot } from '../graph/schemas.routes.ts';
import type { Evaluator, StandingQuestions } from './evaluate.job.ts';
import { checkAsker, closeQuestion, registerQuestion } from './register-question.ts';
import { saidBetween } from './said-between.ts';
import type { StandingQuestion } from './standing-question.ts';

const StandingQuestionView = z
  .object({
    question: z.string(),
    status: z.string(),
    roots: z.array(z.string()),
    filters: z.array(z.unknown()).meta({ description: 'Roots that are found anew whenever it is answered' }),
    sequence: z.number().int(),
    totalLots: z.number().int(),
    ...limits,
    rev: z.number().int(),
  })
  .meta({ id: 'StandingQuestion', description: 'A question that stays open, as it was last answered' });

const AnswerView = z
  .object({
    sequence: z.number().int(),
    recordedAt: Instant,
    lots: z.number().int().meta({ description: 'Lots that it says' }),
    custodians: z.number().int(),
    totalLots: z.number().int().meta({ description: 'Lots in the scope then' }),
    complete: z.boolean(),
    gaps: z.array(z.string()),
  })
  .meta({ id: 'ScopeAnswer', description: 'One thing that a standing question said' });

const SaidView = z
  .object({
    what: z.enum(['lot', 'custodian']),
    subject: z.string(),
    change: z.enum(['came', 'went', 'changed']),
    sequence: z.number().int(),
    recordedAt: Instant,
    before: z.union([ScopeLot, ScopeCustodian]).nullable(),
    after: z.union([ScopeLot, ScopeCustodian]),
  })
  .meta({ id: 'SaidChange', description: 'What was said for the first time, or otherwise than before' });

const EvaluationView = z
  .object({
    question: z.string(),
    sequence: z.number().int(),
    totalLots: z.number().int(),
    lotsDigest: z.string().meta({ description: 'SHA-256 over the sorted lots with their serials' }),
    ...limits,
  })
  .meta({ id: 'Evaluation' });

interface Needs {
  readonly questions: StandingQuestions;
  readonly evaluator: Evaluator;
  readonly replica: Replica;
  /** Everything that a question ever said. */
  readonly said: (question: string) => Promise<readonly AsSaid[]>;
  readonly written: Written;
}

export const standingQuestionRoutes = ({ questions, evaluator, replica, said, written }: Needs) => [
  route({
    method: 'get',
    path: '/standing-questions',
    requires: 'trace.read',
    summary: { en: 'All standing questions, as they were last answered', zh: '列出持续问题' },
    query: z.object({ ...pageQuery, status: z.enum(['open', 'closed']).optional() }),
    reply: { 200: pageOf(StandingQuestionView) },
    csv: table(StandingQuestionView),
    handle: async ({ query: { limit, cursor, status } }) => {
      const { items, next } = await questions.find(sameState({ status }), { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/standing-questions/:question/answers',
    requires: 'trace.read',
    summary: { en: 'Everything that a standing question said, by its numbers', zh: '列出持续问题的历次回答' },
    query: z.object({ ...pageQuery, ...minOffsetsQuery }),
    reply: { 200: pageOf(AnswerView) },
    csv: table(AnswerView),
    errors: ['standing-question-unknown', 'not-caught-up'],
    handle: async ({ params: { question }, query: { limit, cursor, minOffsets }, signal }) => {
      await written.until(minOffsets, signal);
      await known(questions, question);
      const after = cursor === undefined ? 0 : Number(decodeCursor(cursor));
      if (!Number.isSafeInteger(after)) throw new Rejected('cursor-invalid');
      const all = (await said(question)).filter(({ event }) => event.sequence > after);
      const shown = all.slice(0, limit).map(({ event, recordedAt }) => {
        const { sequence, lots, custodians, totalLots, complete, gaps } = event;
        return { sequence, recordedAt, lots: lots.length, custodians: custodians.length, totalLots, complete, gaps };
      });
      const last = all.length > limit ? shown.at(-1) : undefined;
      return ok(page(shown, last && encodeCursor(String(last.sequence))));
    },
  }),
  route({
    method: 'get',
    path: '/standing-questions/:question/differences',
    requires: 'trace.read',
    summary: {
      en: 'What a standing question said between two of its numbers: which lots and custodians came or changed',
      zh: '持续问题两次回答之间的变化',
    },
    query: z.object({
      ...pageQuery,
      ...minOffsetsQuery,
      from: z.coerce.number().int().min(0).default(0).meta({ description: 'Whoever has heard everything up to here' }),
      to: z.coerce.number().int().min(0).optional().meta({ description: 'Everything said so far if absent' }),
    }),
    reply: { 200: pageOf(SaidView) },
    csv: table(SaidView),
    errors: ['standing-question-unknown', 'sequence-unknown', 'not-caught-up'],
    handle: async ({ params: { question }, query: { limit, cursor, minOffsets, from, to: asked }, signal }) => {
      await written.until(minOffsets, signal);
      await known(questions, question);
      const all = await said(question);
      const end = all.at(-1)?.event.sequence ?? 0;
      // A page after the first is of the same two numbers.
      const [at = 0, to = asked ?? end] = cursor === undefined ? [] : decodeCursor(cursor).split(' ').map(Number);
      if (![at, to].every(Number.isSafeInteger)) throw new Rejected('cursor-invalid');
      const beyond = [from, to].find((sequence) => sequence > end);
      if (beyond !== undefined) throw new Rejected('sequence-unknown', { question, sequence: beyond, last: end });
      const changes = saidBetween(all, from, to);
      const next = at + limit < changes.length ? encodeCursor(`${String(at + limit)} ${String(to)}`) : null;
      return ok(page(changes.slice(at, at + limit), next));
    },
  }),
  route({
    method: 'post',
    path: '/standing-questions',
    requires: 'scope.question',
    summary: {
      en: 'Keep answering what these roots affect; filters find what they find whenever it is answered',
      zh: '持续回答这些起点的影响范围;条件每次重新匹配',
    },
    body: z.object({ question: Code, roots: RootsBody }),
    reply: { 201: StandingQuestionView },
    errors: ['standing-question-closed', 'standing-question-of-recall'],
    handle: async ({ body: { question, roots: asked }, context, principal, log }) => {
      checkAsker(question, principal);
      const [names, others] = parted(asked);
      const roots = await rootsNamed(replica, names);
      const filters = others.map((one) => JSON.stringify(one));
      await questions.change(question, context, (state) => registerQuestion(state, { question, roots, filters }));
      await answerNow(evaluator, question, { log, trace: context.trace });
      return created(view(await known(questions, question)));
    },
  }),
  route({
    method: 'get',
    path: '/standing-questions/:question',
    requires: 'trace.read',
    summary: { en: 'A standing question as it was last answered', zh: '查询持续问题的最近回答' },
    reply: { 200: StandingQuestionView },
    errors: ['standing-question-unknown'],
    handle: async ({ params: { question } }) => ok(view(await known(questions, question))),
  }),
  route({
    method: 'post',
    path: '/standing-questions/:question/evaluate',
    requires: 'scope.question',
    summary: {
      en: 'Answer it now, having seen these offsets; what is new is published first',
      zh: '按指定位点立即评估',
    },
    body: z.object({ minOffsets: MinOffsets.default([]) }),
    reply: { 200: EvaluationView },
    errors: ['standing-question-unknown', 'standing-question-closed', 'not-caught-up', 'graph-unavailable'],
    handle: async ({ params: { question }, body: { minOffsets } }) =>
      // In no trace of its own: what is new by now comes of a fact, not of whoever asks whether there is anything new.
      ok(await evaluator.evaluate(question, { minOffsets })),
  }),
  route({
    method: 'post',
    path: '/standing-questions/:question/closures',
    requires: 'scope.question',
    summary: { en: 'Nobody asks any more', zh: '关闭持续问题' },
    reply: { 201: StandingQuestionView },
    errors: ['standing-question-unknown', 'standing-question-of-recall'],
    handle: async ({ params: { question }, context, principal }) => {
      checkAsker(question, principal);
      return created(view(await questions.change(question, context, (state) => closeQuestion(state, question))));
    },
  }),
];

/** A graph that is not ready yet must not keep anybody from asking: it answers as soon as it is there. */
async function answerNow(
  evaluator: Evaluator,
  question: string,
  { log, trace }: { readonly log: Log; readonly trace: string | undefined },
): Promise<void> {
  try {
    await evaluator.evaluate(question, { trace });
  } catch (error) {
    if (!(error instanceof Transient)) throw error;
    log.warn({ err: error, question }, 'a question was registered and is answered later');
    evaluator.touch(trace);
  }
}

async function known(questions: StandingQuestions, question: string): Promise<Stored<StandingQuestion>> {
  const stored = await questions.get(question);
  if (!stored) throw new Rejected('standing-question-unknown', { question });
  return stored;
}

type Roots = z.output<typeof RootsBody>;
type Name = Extract<Roots[number], string | { readonly system: string }>;

/** A lot that is called by a name is that lot for ever; everything else is found anew. */
function parted(roots: Roots): [names: Name[], others: Exclude<Roots[number], Name>[]] {
  const isName = (one: Roots[number]): one is Name => typeof one === 'string' || 'system' in one;
  return [roots.filter(isName), roots.filter((one): one is Exclude<Roots[number], Name> => !isName(one))];
}

function view({ state, rev }: Stored<StandingQuestion>) {
  const { question, status, roots, sequence, totalLots, offsets, complete, gaps } = state;
  const filters = state.filters.map((filter): unknown => JSON.parse(filter));
  return { question, status, roots, filters, sequence, totalLots, offsets, complete, gaps, rev };
}
