import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Text } from '@lotwarden/platform/http-schemas';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { registerEquipment, type Equipment } from './equipment.ts';

const EquipmentView = z
  .object({
    equipment: z.string(),
    versions: z.array(z.object({ version: z.string(), name: z.string(), site: z.string() })),
    rev: z.number().int(),
  })
  .meta({ id: 'Equipment' });

const view = ({ id, state, rev }: Stored<Equipment>) => ({ equipment: id, versions: state.versions, rev });

export const equipmentRoutes = ({ equipment }: Pick<House, 'equipment'>) => [
  route({
    method: 'post',
    path: '/equipment',
    requires: 'equipment.manage',
    summary: { en: 'Register a version of a machine or line', zh: '登记设备或产线版本' },
    body: z.object({ equipment: Code, version: Code, name: Text, site: Code }),
    reply: { 201: EquipmentView },
    errors: ['equipment-version-already-registered'],
    handle: async ({ body, context }) =>
      created(view(await equipment.change(body.equipment, context, (known) => registerEquipment(known, body)))),
  }),
  route({
    method: 'get',
    path: '/equipment/:equipment',
    requires: 'operation.read',
    summary: { en: 'A machine or line with its versions', zh: '查询设备及其版本' },
    reply: { 200: EquipmentView },
    errors: ['equipment-unknown'],
    handle: async ({ params }) => {
      const known = await equipment.get(params.equipment);
      if (!known) throw new Rejected('equipment-unknown', { equipment: params.equipment });
      return ok(view(known));
    },
  }),
];
