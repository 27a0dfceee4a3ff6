import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Code, Instant, Moment, Text } from '@lotwarden/platform/http-schemas';
import type { Deps } from '@lotwarden/platform/service';
import { sameState, type Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { StandingQuestions } from '../standing-question/evaluate.job.ts';
import type { SaidSoFar } from '../standing-question/said-so-far.store.ts';
import type { GapWork } from './gap.ts';
import { assignGap, commentGap, postponeGap } from './work-on-gap.ts';
import type { GapWorks, SightingDocument, Sightings } from './worklist.job.ts';

const GapView = z
  .object({
    gap: z.string(),
    state: z.enum(['open', 'taken', 'closed']),
    kind: z.string(),
    subject: z
      .string()
      .meta({ description: 'What it is about: a lot, an operation, an aggregate, a stream, an owner' }),
    detail: z.string(),
    source: z.string().meta({ description: 'Who has to give what is missing' }),
    team: z.string(),
    assignee: z.string().nullable(),
    since: Instant,
    dueAt: Instant,
    overdue: z.boolean(),
    reopened: z.number().int(),
    reason: z.string().nullable(),
    impact: z
      .object({
        lots: z.number().int().nullable().meta({ description: 'Lots it may hide paths to; null: may be any' }),
        inScopeOf: z.array(z.string()).meta({ description: 'Open questions that reach one of these already' }),
        mayWiden: z.array(z.string()).meta({ description: 'Open questions that it may bring there' }),
        asOf: Instant,
      })
      .nullable()
      .meta({ description: 'null: not found out yet, or closed' }),
    comments: z.array(z.object({ by: z.string(), at: Instant, text: z.string() })),
    rev: z.number().int(),
  })
  .meta({ id: 'Gap', description: 'Something that is missing for answers to be complete, and who sees to it' });

interface Needs {
  readonly works: GapWorks;
  readonly sightings: Sightings;
  readonly questions: StandingQuestions;
  readonly said: SaidSoFar;
  readonly clock: Deps['clock'];
}

interface OpenQuestion {
  readonly question: string;
  /** Of those that are asked about. */
  readonly lots: ReadonlyMap<string, string>;
}

export const worklistRoutes = ({ works, sightings, questions, said, clock }: Needs) => {
  const openQuestions = async (about: ReadonlySet<string>): Promise<OpenQuestion[]> => {
    const found: OpenQuestion[] = [];
    for (let after: string | undefined; ;) {
      const { items, next } = await questions.find({ 'state.status': 'open' }, { limit: 500, after });
      for (const { id, state } of items) found.push({ question: id, lots: await said.read(id, state, about) });
      if (!next) return found;
      after = next;
    }
  };

  const views = async (stored: readonly Stored<GapWork>[]) => {
    const seen = await sightings.find({ _id: { $in: stored.map(({ id }) => id) } }).toArray();
    const byId = new Map(seen.map((one) => [one._id, one]));
    const open = await openQuestions(new Set(seen.flatMap(({ impact }) => impact?.some ?? [])));
    return stored.map((one) => view(one, byId.get(one.id), open, clock.instant()));
  };

  const viewOf = async (gap: string) => {
    const stored = await works.get(gap);
    if (!stored) throw new Rejected('gap-unknown', { gap });
    const [shown] = await views([stored]);
    if (!shown) throw new Rejected('gap-unknown', { gap });
    return shown;
  };

  return [
    route({
      method: 'get',
      path: '/gaps',
      requires: 'trace.read',
      summary: { en: 'The worklist: everything that keeps answers from being complete', zh: '缺口工作清单' },
      query: z.object({
        ...pageQuery,
        state: z.enum(['open', 'taken', 'closed', 'standing']).default('standing'),
        kind: z.string().max(100).optional(),
        source: z.string().max(100).optional(),
        team: z.string().max(100).optional(),
        assignee: z.string().max(200).optional(),
        overdue: z.enum(['true', 'false']).optional(),
      }),
      reply: { 200: pageOf(GapView) },
      csv: table(GapView),
      handle: async ({ query: { limit, cursor, state, overdue, ...wanted } }) => {
        const status = state === 'standing' ? { $in: ['open', 'taken'] } : state;
        const due = overdue === undefined ? {} : { 'state.dueAt': overdue === 'true' ? { $lt: clock.instant() } : { $gte: clock.instant() } }; // prettier-ignore
        const filter = { ...sameState(wanted), ...due, 'state.status': status };
        const sort = { field: 'state.dueAt', direction: 1 } as const;
        const { items, next } = await works.find(filter, { limit, after: cursor, sort });
        return ok(page(await views(items), next));
      },
    }),
    route({
      method: 'get',
      path: '/gaps/:gap',
      requires: 'trace.read',
      summary: { en: 'One gap, its work and what it may hide', zh: '查询一个缺口' },
      reply: { 200: GapView },
      errors: ['gap-unknown'],
      handle: async ({ params: { gap } }) => ok(await viewOf(gap)),
    }),
    route({
      method: 'post',
      path: '/gaps/:gap/assignments',
      requires: 'gap.work',
      summary: { en: 'Take a gap, give it to somebody, or give it back', zh: '领取、指派或退回缺口' },
      body: z.object({
        assignee: Code.nullable().optional().meta({ description: 'Whoever asks if absent; null: nobody any more' }),
        reason: Text,
      }),
      reply: { 201: GapView },
      errors: ['gap-unknown', 'gap-closed'],
      handle: async ({ params: { gap }, body: { assignee, reason }, context }) => {
        const to = { assignee: assignee === undefined ? context.actor : assignee, reason, by: context.actor };
        await works.change(gap, context, (state) => assignGap(state, gap, { ...to, at: clock.instant() }));
        return created(await viewOf(gap));
      },
    }),
    route({
      method: 'post',
      path: '/gaps/:gap/comments',
      requires: 'gap.work',
      summary: { en: 'Say what was found out about a gap', zh: '添加缺口说明' },
      body: z.object({ comment: Text }),
      reply: { 201: GapView },
      errors: ['gap-unknown', 'gap-closed'],
      handle: async ({ params: { gap }, body: { comment }, context }) => {
        const said = { comment, by: context.actor, at: clock.instant() };
        await works.change(gap, context, (state) => commentGap(state, gap, said));
        return created(await viewOf(gap));
      },
    }),
    route({
      method: 'post',
      path: '/gaps/:gap/postponements',
      requires: 'gap.work',
      summary: { en: 'A gap is due later, for a reason', zh: '延后缺口期限' },
      body: z.object({ dueAt: Moment, reason: Text }),
      reply: { 201: GapView },
      errors: ['gap-unknown', 'gap-closed', 'gap-due-in-past'],
      handle: async ({ params: { gap }, body: { dueAt, reason }, context }) => {
        const to = { dueAt, reason, by: context.actor, at: clock.instant() };
        await works.change(gap, context, (state) => postponeGap(state, gap, to));
        return created(await viewOf(gap));
      },
    }),
  ];
};

function view(
  { id, state, rev }: Stored<GapWork>,
  seen: SightingDocument | undefined,
  open: readonly OpenQuestion[],
  now: string,
): z.input<typeof GapView> {
  const { status, dueAt, gap: _, ...rest } = state;
  const standing = status === 'taken' ? 'taken' : status === 'closed' ? 'closed' : 'open';
  const { comments, ...told } = rest;
  return {
    ...told,
    gap: id,
    state: standing,
    detail: seen?.detail ?? state.detail,
    dueAt,
    overdue: standing !== 'closed' && dueAt < now,
    impact: standing === 'closed' || !seen?.impact ? null : impactView(seen.impact, open),
    comments: [...comments],
    rev,
  };
}

function impactView({ lots, some, at }: NonNullable<SightingDocument['impact']>, open: readonly OpenQuestion[]) {
  const reached = open.filter((one) => some.some((lot) => one.lots.has(lot)));
  const others = open.filter((one) => !reached.includes(one));
  const names = (of: readonly OpenQuestion[]): string[] => of.map(({ question }) => question);
  return { lots, inScopeOf: names(reached), mayWiden: names(others), asOf: at };
}
