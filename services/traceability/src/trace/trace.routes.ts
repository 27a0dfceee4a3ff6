import { ok, route } from '@lotwarden/platform/http';
import { z } from 'zod';
import { lotsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { limits, LotName, MinOffsets, ScopeCustodian, ScopeLot } from '../graph/schemas.routes.ts';

const CERTAINTY_COUNTS = z.record(z.string(), z.number().int());

const TraceView = z
  .object({
    roots: z.array(z.string()),
    direction: z.string(),
    totalLots: z.number().int(),
    byCertainty: CERTAINTY_COUNTS,
    lots: z.array(ScopeLot),
    custodians: z.array(ScopeCustodian),
    ...limits,
  })
  .meta({ id: 'Trace', description: 'What the roots affect, or what went into them; with its limits' });

export const traceRoutes = (replica: Replica) => [
  route({
    method: 'post',
    path: '/traces',
    requires: 'trace.read',
    summary: { en: 'Trace lots forward or back, with paths and certainty', zh: '批次正向或反向追溯,附路径与可信度' },
    body: z.object({
      roots: z.array(LotName).min(1).max(1000),
      direction: z.enum(['forward', 'backward']).default('forward'),
      minOffsets: MinOffsets.default([]),
    }),
    reply: { 200: TraceView },
    errors: ['lot-unknown', 'lot-ambiguous', 'not-caught-up', 'graph-unavailable'],
    handle: async ({ body: { roots: names, direction, minOffsets } }) => {
      const roots = await lotsNamed(replica, names, { minOffsets });
      const answer = await replica.ask('scope', { roots, direction }, { minOffsets });
      const byCertainty = Object.fromEntries(
        [...Map.groupBy(answer.lots, ({ certainty }) => certainty)].map(([certainty, lots]) => [
          certainty,
          lots.length,
        ]),
      );
      return ok({ roots, direction, totalLots: answer.lots.length, byCertainty, ...answer });
    },
  }),
];
