import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { CharacteristicResult, CharacteristicView, Code, Text } from '@lotwarden/platform/http-schemas';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { decideByPerson } from './inspect.ts';
import type { Inspection } from './inspection.ts';

const InspectionView = z
  .object({
    inspection: z.string(),
    lot: z.string(),
    stage: z.enum(['incoming', 'final']),
    status: z.enum(['awaited', 'open', 'decided']),
    verdict: z.enum(['accept', 'reject']).nullable(),
    characteristics: z.array(CharacteristicView),
    results: z.array(z.object({ sample: z.string(), result: CharacteristicResult })),
    rev: z.number().int(),
  })
  .meta({ id: 'Inspection' });

const view = ({ state, rev }: Stored<Inspection>) => ({ ...state, rev });

export const inspectionRoutes = ({ inspections }: Pick<House, 'inspections'>) => [
  route({
    method: 'get',
    path: '/inspections',
    requires: 'inspection.read',
    summary: { en: 'Inspections, by lot', zh: '按批次查询检验' },
    query: z.object({ ...pageQuery, lot: Code.optional() }),
    reply: { 200: pageOf(InspectionView) },
    handle: async ({ query: { lot, limit, cursor } }) => {
      const { items, next } = await inspections.find(lot ? { 'state.lot': lot } : {}, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/inspections/:inspection',
    requires: 'inspection.read',
    summary: { en: 'An inspection with its results', zh: '查询检验及其结果' },
    reply: { 200: InspectionView },
    errors: ['inspection-unknown'],
    handle: async ({ params }) => {
      const known = await inspections.get(params.inspection);
      if (!known) throw new Rejected('inspection-unknown', { inspection: params.inspection });
      return ok(view(known));
    },
  }),
  route({
    method: 'post',
    path: '/inspections/:inspection/decisions',
    requires: 'inspection.decide',
    summary: { en: 'Decide an inspection by hand', zh: '人工判定检验' },
    body: z.object({ verdict: z.enum(['accept', 'reject']), reason: Text }),
    reply: { 201: InspectionView },
    errors: ['inspection-unknown', 'inspection-already-decided', 'inspection-not-passed'],
    handle: async ({ params, body, context }) =>
      created(view(await inspections.change(params.inspection, context, (known) => decideByPerson(known, body)))),
  }),
];
