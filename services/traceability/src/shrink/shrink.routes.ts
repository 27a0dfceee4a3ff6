import { Rejected } from '@lotwarden/platform/errors';
import { decodeCursor, encodeCursor, ok, page, pageQuery, route, table } from '@lotwarden/platform/http';
import { Code, Instant, Quantity } from '@lotwarden/platform/http-schemas';
import { OWN_SYSTEM } from '@lotwarden/platform/lot-ref';
import { z } from 'zod';
import { lotsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { limits, MinOffsets, minOffsetsQuery } from '../graph/schemas.routes.ts';
import { assertFound, ROOT_ERRORS, rootsFrom } from '../roots/read-roots.client.ts';
import { RootFoundView, RootsBody } from '../roots/schemas.routes.ts';

const Cleared = z
  .object({ lots: z.number().int(), units: z.number() })
  .meta({ id: 'Cleared', description: 'Lots, and units by serial or in pieces where there are no serials' });

const Evidence = z.object({
  kind: z.enum(['mount-log', 'scan-list', 'operation-record', 'partner-record']),
  equipment: z.string().nullable(),
  position: z.string().nullable(),
  lot: z.string().nullable(),
  operation: z.string().nullable(),
  party: z.string().nullable(),
  from: Instant.nullable(),
  to: Instant.nullable(),
  decides: z.number().int().meta({ description: 'How many operations it would decide' }),
  operations: z.array(z.string()).meta({ description: 'The first of them' }),
  clears: Cleared.meta({ description: 'At most: if it shows that nothing affected was used' }),
});

const ShrinkView = z
  .object({
    roots: z.array(RootFoundView),
    scope: Cleared,
    evidence: z.array(Evidence),
    together: Cleared.meta({ description: 'All of it together' }),
    notWeighed: z.number().int().meta({ description: 'Pieces that were not weighed; ask with a larger `most`' }),
    ...limits,
  })
  .meta({ id: 'Shrink', description: 'Which missing evidence would clear how much of a scope, the most first' });

const Use = z.object({
  operation: z.string(),
  certainty: z.string(),
  equipment: z.string().nullable(),
  positions: z.array(z.string()),
  minimum: Quantity,
  maximum: Quantity.nullable().meta({ description: 'null: nobody counted, and no bill of material says' }),
});

const UsesView = z
  .object({
    lot: z.string(),
    unit: z.string(),
    certain: z.string(),
    possibleMinimum: z.string(),
    possibleMaximum: z.string().nullable(),
    items: z.array(Use),
    next: z.string().nullable(),
    ...limits,
  })
  .meta({ id: 'LotUses', description: 'Where a lot was used, told or mounted: between which amounts' });

export const shrinkRoutes = (replica: Replica) => [
  route({
    method: 'post',
    path: '/traces/shrink',
    requires: 'trace.read',
    summary: { en: 'Which missing evidence would clear how much of a scope', zh: '补充哪些证据可缩小追溯范围及其数量' },
    body: z.object({
      roots: RootsBody,
      most: z.number().int().min(1).max(500).default(50),
      minOffsets: MinOffsets.default([]),
    }),
    reply: { 200: ShrinkView },
    csv: table(Evidence, { list: 'evidence' }),
    errors: [...ROOT_ERRORS, 'not-caught-up', 'graph-unavailable'],
    handle: async ({ body: { roots: told, most, minOffsets } }) => {
      const roots = rootsFrom(told);
      const { found, ...answer } = await replica.ask('shrink', { roots, most }, { minOffsets });
      assertFound(roots, found);
      return ok({ roots: found, ...answer });
    },
  }),
  route({
    method: 'get',
    path: '/lots/:lot/uses',
    requires: 'trace.read',
    summary: {
      en: 'Where a lot was used: certain and possible, with minimum and maximum',
      zh: '批次用途:确定与可能用量的上下限',
    },
    query: z.object({ ...pageQuery, ...minOffsetsQuery, system: Code.optional() }),
    reply: { 200: UsesView },
    csv: table(Use),
    errors: ['lot-unknown', 'lot-ambiguous', 'cursor-invalid', 'not-caught-up', 'graph-unavailable'],
    handle: async ({ params, query: { system, limit, cursor, minOffsets } }) => {
      const named = system === undefined || system === OWN_SYSTEM ? params.lot : { system, code: params.lot };
      const [lot = params.lot] = await lotsNamed(replica, [named], { minOffsets });
      const found = await replica.ask(
        'uses',
        { lot, limit, after: cursor === undefined ? null : decodeCursor(cursor) },
        { minOffsets },
      );
      if (!found) throw new Rejected('lot-unknown', { lot: params.lot });
      const { uses, next, ...totals } = found;
      return ok({ ...totals, ...page(uses, next === null ? null : encodeCursor(next)) });
    },
  }),
];
