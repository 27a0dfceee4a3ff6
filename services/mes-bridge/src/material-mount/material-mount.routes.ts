import { Rejected } from '@lotwarden/platform/errors';
import { ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Instant, Quantity, Violation } from '@lotwarden/platform/http-schemas';
import { sameState, type Stored } from '@lotwarden/platform/store';
import { restricted } from '@lotwarden/platform/http-restricted';
import { z } from 'zod';
import type { House } from '../house.ts';
import { mountId, type MaterialMount } from './material-mount.ts';
import { mountedNow } from './mounted-now.ts';

const MountView = z
  .object({
    mount: z.string(),
    status: z.enum(['mounted', 'unmounted', 'voided']),
    place: z
      .object({
        sourceSystem: z.string(),
        sourceMount: z.string(),
        site: z.string(),
        equipment: z.string(),
        position: z.string(),
        operator: restricted('operator.read', z.string().nullable()),
      })
      .nullable(),
    lot: z.string().nullable(),
    quantity: Quantity.nullable(),
    mixing: z.boolean(),
    mountedAt: Instant.nullable().meta({ description: 'null while only its coming off has been told' }),
    unmountedAt: Instant.nullable(),
    remaining: Quantity.nullable(),
    violations: z.array(Violation),
    voidReason: z.string().nullable(),
    replacedBy: z.string().nullable(),
    rev: z.number().int(),
  })
  .meta({ id: 'MaterialMount', description: 'A lot on a position of a machine, from when to when' });

const MountedNow = z
  .object({
    equipment: z.string(),
    mounted: z.array(
      z.object({
        mount: z.string(),
        position: z.string(),
        lot: z.string().nullable(),
        mixing: z.boolean(),
        mountedAt: Instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'MountedNow' });

function view({ id, state, rev }: Stored<MaterialMount>) {
  const { status, ...told } = state;
  if (status === 'unknown') throw new Rejected('mount-unknown', { mount: id });
  return { mount: id, status, ...told, rev };
}

export const materialMountRoutes = ({ mounts, machineMounts }: Pick<House, 'mounts' | 'machineMounts'>) => [
  route({
    method: 'get',
    path: '/material-mounts',
    requires: 'operation.read',
    summary: { en: 'What was mounted on a machine, or where a lot was mounted', zh: '按设备或批次查询上料记录' },
    query: z.object({
      ...pageQuery,
      lot: Code.optional(),
      status: z.enum(['mounted', 'unmounted', 'voided']).optional(),
      equipment: Code.optional(),
      position: Code.optional(),
    }),
    reply: { 200: pageOf(MountView) },
    handle: async ({ query: { limit, cursor, equipment, position, ...wanted } }) => {
      const place = sameState({ 'place.equipment': equipment, 'place.position': position });
      const { items, next } = await mounts.find({ ...sameState(wanted), ...place }, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/material-mounts/:mount',
    requires: 'operation.read',
    summary: { en: "A mounting by our id, or by its source's with ?system=", zh: '查询上料记录' },
    query: z.object({ system: Code.optional() }),
    reply: { 200: MountView },
    errors: ['mount-unknown'],
    handle: async ({ params, query: { system } }) => {
      const id = system === undefined ? params.mount : mountId(system, params.mount);
      const known = await mounts.get(id);
      if (!known) throw new Rejected('mount-unknown', { mount: id });
      return ok(view(known));
    },
  }),
  route({
    method: 'get',
    path: '/equipment/:equipment/mounted',
    requires: 'operation.read',
    summary: { en: 'What is on a machine now, position by position', zh: '查询设备当前各料位的物料' },
    reply: { 200: MountedNow },
    handle: async ({ params: { equipment } }) => {
      const known = await machineMounts.findOne({ _id: equipment });
      const mounted = mountedNow(known?.mounts ?? []).map(({ mount, position, lot, mixing, mountedAt }) => ({ mount, position, lot, mixing, mountedAt })); // prettier-ignore
      return ok({ equipment, mounted });
    },
  }),
];
