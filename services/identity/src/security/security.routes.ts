import { ok, page, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
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
  })
  .meta({ id: 'SecurityEvent', description: 'A refusal, a lock, a change of rights, access in an emergency' });

export const securityRoutes = ({ security }: { readonly security: Pick<SecurityLog, 'find'> }) => [
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
