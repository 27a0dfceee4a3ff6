import { Rejected } from '@lotwarden/platform/errors';
import { ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Instant, LotLine, Violation } from '@lotwarden/platform/http-schemas';
import { sameState, type Stored } from '@lotwarden/platform/store';
import { restricted } from '@lotwarden/platform/http-restricted';
import { z } from 'zod';
import type { House } from '../house.ts';
import { loadId, type ProcessLoad } from './process-load.ts';

const LoadView = z
  .object({
    load: z.string(),
    status: z.enum(['recorded', 'voided']),
    circumstances: z
      .object({
        sourceSystem: z.string(),
        sourceLoad: z.string(),
        kind: z.string(),
        site: z.string(),
        equipment: z.string().nullable(),
        operator: restricted('operator.read', z.string().nullable()),
        parameters: restricted(
          'process.read',
          z.array(z.object({ name: z.string(), value: z.string(), unit: z.string() })),
        ),
      })
      .nullable(),
    exposure: z.object({
      startedAt: Instant,
      endedAt: Instant.nullable().meta({ description: 'null while it goes on' }),
      members: z.array(LotLine),
      operations: z.array(z.string()),
      serves: z.array(z.string()).meta({ description: 'whatever ran on these machines in its time was exposed' }),
    }),
    violations: z.array(Violation),
    voidReason: z.string().nullable(),
    replacedBy: z.string().nullable(),
    rev: z.number().int(),
  })
  .meta({
    id: 'ProcessLoad',
    description: 'What went through a steriliser, furnace, cleanroom or water loop together',
  });

function view({ id, state, rev }: Stored<ProcessLoad>) {
  const { status, ...told } = state;
  if (status === 'unknown') throw new Rejected('load-unknown', { load: id });
  return { load: id, status, ...told, rev };
}

export const processLoadRoutes = ({ loads }: Pick<House, 'loads'>) => [
  route({
    method: 'get',
    path: '/process-loads',
    requires: 'operation.read',
    summary: {
      en: 'Process loads by member lot, operation, machine or kind',
      zh: '按成员批次、工序、设备或类别查询工艺批',
    },
    query: z.object({
      ...pageQuery,
      lot: Code.optional(),
      operation: Code.optional(),
      equipment: Code.optional(),
      kind: Code.optional(),
    }),
    reply: { 200: pageOf(LoadView) },
    handle: async ({ query: { limit, cursor, lot, operation, equipment, kind } }) => {
      const filter = sameState({
        'exposure.members.lot': lot,
        'exposure.operations': operation,
        'circumstances.equipment': equipment,
        'circumstances.kind': kind,
      });
      const { items, next } = await loads.find(filter, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/process-loads/:load',
    requires: 'operation.read',
    summary: { en: "A process load by our id, or by its source's with ?system=", zh: '查询工艺批' },
    query: z.object({ system: Code.optional() }),
    reply: { 200: LoadView },
    errors: ['load-unknown'],
    handle: async ({ params, query: { system } }) => {
      const id = system === undefined ? params.load : loadId(system, params.load);
      const known = await loads.get(id);
      if (!known) throw new Rejected('load-unknown', { load: id });
      return ok(view(known));
    },
  }),
];
