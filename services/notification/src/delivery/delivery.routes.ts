import { Rejected } from '@lotwarden/platform/errors';
import { ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Instant, SerialRange } from '@lotwarden/platform/http-schemas';
import { sameState, type Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { Delivery } from './delivery.ts';

const AnswerLineView = z.object({
  lot: z.string(),
  onHand: z.string(),
  used: z.string(),
  returned: z.string(),
  passedOn: z.string(),
  destroyed: z.string(),
  unit: z.string(),
  serials: z.array(SerialRange),
});

const DeliveryView = z
  .object({
    delivery: z.string(),
    notice: z.string(),
    version: z.number().int(),
    case: z.string(),
    party: z.string(),
    status: z.enum(['trying', 'taken', 'answered']),
    attempts: z.number().int(),
    endpoints: z.array(
      z.object({
        endpoint: z.string(),
        attempts: z.number().int(),
        deliveredAt: Instant.nullable(),
        lastError: z.string().nullable(),
      }),
    ),
    deliveredAt: Instant.nullable(),
    escalations: z.array(z.string()),
    lastError: z.string().nullable(),
    answers: z.array(
      z.object({
        respondent: z.string(),
        answeredAt: Instant,
        late: z.boolean(),
        lines: z.array(AnswerLineView),
        findings: z.array(z.object({ code: z.string(), subject: z.string(), detail: z.string() })),
      }),
    ),
    rev: z.number().int(),
  })
  .meta({ id: 'Delivery' });

const view = ({ id, state, rev }: Stored<Delivery>) => ({
  ...state,
  delivery: id,
  status:
    state.answers.length > 0 ? ('answered' as const) : state.deliveredAt ? ('taken' as const) : ('trying' as const),
  answers: state.answers.map(({ respondent, answeredAt, late, lines, findings }) => ({
    respondent,
    answeredAt,
    late,
    lines,
    findings,
  })),
  rev,
});

export const deliveryRoutes = ({ deliveries }: Pick<House, 'deliveries'>) => [
  route({
    method: 'get',
    path: '/deliveries',
    requires: 'delivery.read',
    summary: { en: 'How far notices have come, by case or party', zh: '按案件或单位查询通知送达情况' },
    query: z.object({ ...pageQuery, case: Code.optional(), party: Code.optional() }),
    reply: { 200: pageOf(DeliveryView) },
    handle: async ({ query: { limit, cursor, ...wanted } }) => {
      const { items, next } = await deliveries.find(sameState(wanted), { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/deliveries/:delivery',
    requires: 'delivery.read',
    summary: { en: 'One version of a notice: attempts, escalations, answers', zh: '查询某一版本通知的送达与答复' },
    reply: { 200: DeliveryView },
    errors: ['delivery-unknown'],
    handle: async ({ params }) => {
      const known = await deliveries.get(params.delivery);
      if (!known) throw new Rejected('delivery-unknown', { delivery: params.delivery });
      return ok(view(known));
    },
  }),
];
