import { ok, route } from '@lotwarden/platform/http';
import { z } from 'zod';
import type { Replica } from '../graph/replica.client.ts';
import { limits, MinOffsets } from '../graph/schemas.routes.ts';
import { assertFound, ROOT_ERRORS, rootsFrom } from '../roots/read-roots.client.ts';
import { RootFoundView, RootsBody } from '../roots/schemas.routes.ts';

const ExtentView = z
  .object({
    lots: z.number().int(),
    hops: z.number().int().meta({ description: 'Operations from the nearest root to the lot farthest from it' }),
    units: z
      .number()
      .int()
      .meta({ description: 'Serialised units that were ever in these lots; of a lot affected in part those affected' }),
    roots: z.array(RootFoundView),
    ...limits,
  })
  .meta({ id: 'Extent', description: 'How large a scope is' });

export const extentRoutes = (replica: Replica) => [
  route({
    method: 'post',
    path: '/extents',
    requires: 'trace.read',
    summary: {
      en: 'How many lots and units the roots affect, or were made of: counted, without paths and custodians',
      zh: '起点影响或来源的批次与单件数量:仅计数,不含路径与机构',
    },
    body: z.object({
      roots: RootsBody,
      direction: z.enum(['forward', 'backward']).default('forward'),
      skipUnknown: z.boolean().default(false).meta({ description: 'Count from the roots that are known' }),
      minOffsets: MinOffsets.default([]),
    }),
    reply: { 200: ExtentView },
    errors: [...ROOT_ERRORS, 'not-caught-up', 'graph-busy', 'graph-unavailable'],
    handle: async ({ body: { roots: told, minOffsets, ...ask }, signal }) => {
      const roots = rootsFrom(told);
      const { found, answer } = await replica.ask('extent', { ...ask, roots }, { minOffsets, signal });
      if (answer === null) {
        assertFound(roots, found);
        throw new Error('nothing was counted though every root is known');
      }
      return ok({ ...answer, roots: [...found] });
    },
  }),
];
