import { ok, route } from '@lotwarden/platform/http';
import { z } from 'zod';
import type { Replica } from './replica.client.ts';
import { limits } from './schemas.routes.ts';

export const watermarkRoutes = (replica: Replica) => [
  route({
    method: 'get',
    path: '/watermarks',
    requires: 'trace.read',
    summary: { en: 'How far this replica has read, and everything that is missing', zh: '读取进度及所有缺口' },
    reply: { 200: z.object(limits).meta({ id: 'Watermarks' }) },
    errors: ['graph-unavailable'],
    handle: async () => ok(await replica.ask('limits', null)),
  }),
];
