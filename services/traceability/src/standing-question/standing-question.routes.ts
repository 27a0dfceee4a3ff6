import { Rejected, Transient } from '@lotwarden/platform/errors';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code } from '@lotwarden/platform/http-schemas';
import type { Log } from '@lotwarden/platform/log';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import { rootsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { limits, LotName, MinOffsets } from '../graph/schemas.routes.ts';
import type { Evaluator, StandingQuestions } from './evaluate.job.ts';
import { closeQuestion, registerQuestion } from './register-question.ts';
import type { StandingQuestion } from './standing-question.ts';

const StandingQuestionView = z
  .object({
    question: z.string(),
    status: z.string(),
    roots: z.array(z.string()),
    sequence: z.number().int(),
    totalLots: z.number().int(),
    ...limits,
    rev: z.number().int(),
  })
  .meta({ id: 'StandingQuestion', description: 'A question that stays open, as it was last answered' });

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
}

export const standingQuestionRoutes = ({ questions, evaluator, replica }: Needs) => [
  route({
    method: 'post',
    path: '/standing-questions',
    requires: 'scope.question',
    summary: { en: 'Keep answering what these lots affect', zh: '持续回答这些批次的影响范围' },
    body: z.object({ question: Code, roots: z.array(LotName).min(1).max(1000) }),
    reply: { 201: StandingQuestionView },
    errors: ['standing-question-closed'],
    handle: async ({ body: { question, roots: names }, context, log }) => {
      const roots = await rootsNamed(replica, names);
      await questions.change(question, context, (state) => registerQuestion(state, { question, roots }));
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
    errors: ['standing-question-unknown'],
    handle: async ({ params: { question }, context }) =>
      created(view(await questions.change(question, context, (state) => closeQuestion(state, question)))),
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

function view({ state, rev }: Stored<StandingQuestion>) {
  const { question, status, roots, sequence, totalLots, offsets, complete, gaps } = state;
  return { question, status, roots, sequence, totalLots, offsets, complete, gaps, rev };
}
