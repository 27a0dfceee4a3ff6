import { Rejected } from '@lotwarden/platform/errors';
import { ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Instant, Quantity, SerialRange, Violation } from '@lotwarden/platform/http-schemas';
import { placeholderLotId } from '@lotwarden/platform/ids';
import type { Stored } from '@lotwarden/platform/store';
import { restricted } from '@lotwarden/platform/http-restricted';
import { z } from 'zod';
import type { House } from '../house.ts';
import { operationId, type Operation } from './operation.ts';

const Flow = z.object({ lot: z.string(), quantity: Quantity, serials: z.array(SerialRange) });

const Circumstances = z.object({
  sourceSystem: z.string(),
  sourceOperation: z.string(),
  kind: z.string(),
  workOrder: z.string().nullable(),
  site: z.string(),
  equipment: z.string().nullable(),
  operator: restricted('operator.read', z.string().nullable()),
  parameters: restricted('process.read', z.array(z.object({ name: z.string(), value: z.string(), unit: z.string() }))),
  // Told since these are: absent on operations recorded before.
  tools: z.array(z.string()).optional(),
  gauges: z.array(z.string()).optional(),
  softwareVersion: z.string().nullable().optional(),
  labelVersion: z.string().nullable().optional(),
  load: z.string().nullable().optional().meta({ description: 'the process load that it was part of' }),
  startedAt: Instant,
  endedAt: Instant,
});

const OperationView = z
  .object({
    operation: z.string(),
    status: z.enum(['partial', 'recorded', 'voided']),
    circumstances: Circumstances.nullable().meta({ description: 'null until the source has told the whole operation' }),
    inputs: z.array(Flow.extend({ edge: z.string(), certainty: z.string() })),
    outputs: z.array(Flow),
    scrap: z.array(Flow),
    violations: z.array(Violation),
    voidReason: z.string().nullable(),
    replacedBy: z.string().nullable(),
    rev: z.number().int(),
  })
  .meta({ id: 'Operation' });

function view({ id, state, rev }: Stored<Operation>) {
  const { status, ...told } = state;
  if (status === 'unknown') throw new Rejected('operation-unknown', { operation: id });
  return { operation: id, status, ...told, rev };
}

export const operationRoutes = (house: House) => {
  const { operations, lots, materials } = house;

  /** A lot, and the placeholders it had while nobody knew its names: operations tell what they were told. */
  async function namesOf(lot: string): Promise<string[]> {
    const [made, bought] = [await lots.get(lot), await materials.findOne({ _id: lot })];
    const ours = made && made.state.status !== 'unknown' ? made.state.aliases : [];
    return [lot, ...[...ours, ...(bought?.aliases ?? [])].map(placeholderLotId)];
  }

  return [
    route({
      method: 'get',
      path: '/operations',
      requires: 'operation.read',
      summary: { en: 'Operations a lot went into, came out of or was scrapped in', zh: '按批次查询工序' },
      query: z.object({ ...pageQuery, lot: Code.optional(), system: Code.optional(), code: Code.optional() }),
      reply: { 200: pageOf(OperationView) },
      handle: async ({ query: { lot, system, code, limit, cursor } }) => {
        const named = lot === undefined ? undefined : { $in: await namesOf(lot) };
        const filter = {
          ...(named ? { $or: ['inputs', 'outputs', 'scrap'].map((flow) => ({ [`state.${flow}.lot`]: named })) } : {}),
          ...(system === undefined ? {} : { 'state.circumstances.sourceSystem': system }),
          ...(code === undefined ? {} : { 'state.circumstances.sourceOperation': code }),
        };
        const { items, next } = await operations.find(filter, { limit, after: cursor });
        return ok(page(items.map(view), next));
      },
    }),
    route({
      method: 'get',
      path: '/operations/:operation',
      requires: 'operation.read',
      summary: { en: "An operation by our id, or by its source's with ?system=", zh: '查询工序' },
      query: z.object({ system: Code.optional() }),
      reply: { 200: OperationView },
      errors: ['operation-unknown'],
      handle: async ({ params, query: { system } }) => {
        const id = system === undefined ? params.operation : operationId(system, params.operation);
        const known = await operations.get(id);
        if (!known) throw new Rejected('operation-unknown', { operation: id });
        return ok(view(known));
      },
    }),
  ];
};
