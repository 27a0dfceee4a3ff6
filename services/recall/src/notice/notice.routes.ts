import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Decimal, Instant, LotLine, SerialRange, Text, Unit } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { Cases } from '../case/case.store.ts';
import { issued } from './issue-notice.ts';
import type { Notice } from './notice.ts';
import type { Notices } from './notice.store.ts';
import type { NoticeProgress } from './progress.ts';

const AnswerLine = z.object({
  lot: z.string(),
  onHand: Decimal,
  used: Decimal,
  returned: Decimal,
  passedOn: Decimal,
  destroyed: Decimal,
  unit: Unit,
  serials: z.array(SerialRange),
});

const NoticeView = z
  .object({
    notice: z.string(),
    case: z.string(),
    party: z.string(),
    status: z.enum(['open', 'closed']),
    version: z.number().int(),
    lines: z.array(LotLine),
    issuedAt: Instant,
    answerBy: Instant,
    reason: z.string().nullable(),
    versions: z.array(
      z.object({
        version: z.number().int(),
        delivered: z.object({ at: Instant, endpoint: z.string(), attempt: z.number().int() }).nullable(),
        failures: z.number().int(),
        escalated: z.string().nullable(),
        answers: z.array(
          z.object({ respondent: z.string(), answeredAt: Instant, late: z.boolean(), lines: z.array(AnswerLine) }),
        ),
      }),
    ),
    rev: z.number().int(),
  })
  .meta({ id: 'RecallNotice', description: 'What one party was told, and what came back' });

function view(state: Notice, rev: number, way: NoticeProgress | null) {
  const { told: _, ...notice } = issued(state);
  return { ...notice, versions: way?.versions ?? [], rev };
}

export const noticeRoutes = ({ cases, notices }: { cases: Cases; notices: Notices }) => [
  route({
    method: 'get',
    path: '/cases/:case/notices',
    requires: 'notice.read',
    summary: { en: 'Notices of a case, with deliveries and answers', zh: '召回通知及送达、答复情况' },
    query: z.object({ ...pageQuery }),
    reply: { 200: pageOf(NoticeView) },
    errors: ['recall-case-unknown'],
    handle: async ({ params, query: { limit, cursor } }) => {
      if (!(await cases.get(params.case))) throw new Rejected('recall-case-unknown', { case: params.case });
      const { items, next } = await notices.notices.find({ 'state.case': params.case }, { limit, after: cursor });
      const ways = await notices.progress.find({ _id: { $in: items.map(({ id }) => id) } }).toArray();
      const lines = items.map(({ id, state, rev }) => view(state, rev, ways.find((way) => way._id === id) ?? null));
      return ok(page(lines, next));
    },
  }),
  route({
    method: 'post',
    path: '/notices/:notice/closures',
    requires: 'recall.close',
    summary: { en: 'End the chase of a party that was escalated, with a reason', zh: '对已升级的通知人工结案' },
    body: z.object({ reason: Text }),
    reply: { 201: NoticeView },
    errors: ['notice-unknown', 'notice-not-escalated'],
    handle: async ({ params, body, context }) => {
      const { state, rev } = await notices.close(params.notice, body.reason, context);
      return created(view(state, rev, await notices.progress.findOne({ _id: params.notice })));
    },
  }),
];
