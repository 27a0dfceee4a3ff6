import { ok, page, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Instant } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { SecurityLog } from './security-log.store.ts';

const SecurityEventView = z
  .object({
    securityEvent: z.string(),
    kind: z.string(),
    subject: z.string().meta({ description: 'account, client, key or address that it is about' }),
    actor: z.string().nullable(),
    reason: z.string(),
    address: z.string().nullable(),
    count: z.number().int().meta({ description: 'how often in its minute' }),
    firstAt: z.string(),
    lastAt: z.string(),
    urgent: z.boolean(),
    service: z.string().nullish().meta({ description: 'that noticed it, if another than identity' }),
  })
  .meta({ id: 'SecurityEvent', description: 'A refusal, a lock, a change of rights, access in an emergency' });

const Reported = z
  .object({
    kind: z.enum([
      'token-refused',
      'permission-refused',
      'device-refused',
      'signature-refused',
      'refusals-not-told-apart',
    ]),
    subject: z.string().min(1).max(200),
    reason: z.string().min(1).max(100),
    address: z.string().max(100).nullable(),
    count: z.number().int().min(1).max(2_147_483_647),
    firstAt: Instant,
    lastAt: Instant,
  })
  .meta({ id: 'ReportedRefusal', description: 'Equal refusals as one, with their number' });

export const securityRoutes = ({ security }: { readonly security: Pick<SecurityLog, 'find' | 'reportAll'> }) => [
  route({
    method: 'post',
    path: '/security-events/reports',
    requires: 'security.report',
    summary: { en: 'What another service refused; the same batch is kept once', zh: '其他服务上报的拒绝记录' },
    body: z.object({ batch: z.uuid(), refusals: z.array(Reported).min(1).max(1_000) }),
    reply: { 200: z.object({ kept: z.number().int() }).meta({ id: 'RefusalsKept' }) },
    handle: async ({ body, context }) => ok({ kept: await security.reportAll(body, context.actor) }),
  }),
  route({
    method: 'get',
    path: '/security-events',
    requires: 'security.read',
    summary: { en: 'What bears on security, newest first', zh: '安全事件(最新在前)' },
    query: z.object({
      ...pageQuery,
      kind: z.string().max(50).optional(),
      subject: z.string().max(200).optional(),
      urgent: z.stringbool().optional(),
    }),
    reply: { 200: pageOf(SecurityEventView) },
    csv: table(SecurityEventView),
    handle: async ({ query: { limit, cursor, ...which } }) => {
      const { items, next } = await security.find(which, limit, cursor);
      return ok(page(items, next));
    },
  }),
];
