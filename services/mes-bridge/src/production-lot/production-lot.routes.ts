import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, LotRef } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { OWN_SYSTEM } from '@lotwarden/platform/lot-ref';
import type { Deps } from '@lotwarden/platform/service';
import { heldBy, sameState, type Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { LotNames } from './name-lots.store.ts';
import type { ProductionLot } from './production-lot.ts';

const ProductionLotView = z
  .object({
    lot: z.string(),
    status: z.enum(['declared', 'placeholder']),
    product: z.string().nullable(),
    revision: z.string().nullable(),
    kind: z.string(),
    site: z.string(),
    workOrder: z.string().nullable(),
    aliases: z.array(LotRef),
    heldBy: z.array(z.string()),
    rev: z.number().int(),
  })
  .meta({ id: 'ProductionLot' });

function view({ id, state, holds, rev }: Stored<ProductionLot>) {
  if (state.status === 'unknown') throw new Rejected('production-lot-unknown', { lot: id });
  return { ...state, heldBy: heldBy(holds), rev };
}

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock'>;
  readonly house: House;
  readonly names: LotNames;
}

export const productionLotRoutes = ({ deps: { work, clock }, house: { lots, products }, names }: Needs) => [
  route({
    method: 'post',
    path: '/production-lots',
    requires: 'production-lot.declare',
    summary: { en: 'Declare a lot before it is made; the same name is always the same lot', zh: '预先申报生产批次' },
    body: z.object({
      product: Code,
      site: Code,
      workOrder: Code.nullable().default(null),
      aliases: z
        .array(
          LotRef.refine(
            ({ system }) => system !== OWN_SYSTEM,
            words(
              'our own ids are given by us: name the system that calls it so',
              '我方编号由系统分配,请填写使用该名称的系统',
            ),
          ),
        )
        .max(20)
        .default([]),
    }),
    reply: { 201: ProductionLotView },
    errors: ['product-unknown', 'lot-already-declared', 'lots-of-several-names', 'lot-of-supplier'],
    handle: async ({ body: { aliases, ...made }, context }) => {
      const moment = clock.instant();
      const declared = await work(context, async (unit) => {
        const [product] = await unit.load(products, [made.product]);
        if (product?.version === 0) throw new Rejected('product-unknown', { product: made.product });
        return names.declare(unit, aliases, { ...made, moment });
      });
      // As it is stored: the unit itself does not know the `rev` it will have.
      return created(view((await lots.get(declared.id)) ?? declared));
    },
  }),
  route({
    method: 'get',
    path: '/production-lots',
    requires: 'production-lot.read',
    summary: { en: 'Production lots by product, site or a name of theirs', zh: '按产品、地点或名称查询生产批次' },
    query: z.object({
      ...pageQuery,
      product: Code.optional(),
      site: Code.optional(),
      status: z.enum(['declared', 'placeholder']).optional(),
      system: Code.optional(),
      code: Code.optional(),
    }),
    reply: { 200: pageOf(ProductionLotView) },
    handle: async ({ query: { limit, cursor, system, code, ...wanted } }) => {
      const name = Object.fromEntries(Object.entries({ system, code }).filter(([, value]) => value !== undefined));
      const filter = {
        ...sameState(wanted),
        ...(Object.keys(name).length > 0 ? { 'state.aliases': { $elemMatch: name } } : {}),
      };
      const { items, next } = await lots.find(filter, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/production-lots/:lot',
    requires: 'production-lot.read',
    summary: { en: "A production lot by our id, or by its source's name with ?system=", zh: '查询生产批次' },
    query: z.object({ system: Code.default(OWN_SYSTEM) }),
    reply: { 200: ProductionLotView },
    errors: ['production-lot-unknown'],
    handle: async ({ params, query }) => {
      const known = await names.find({ system: query.system, code: params.lot });
      if (!known) throw new Rejected('production-lot-unknown', { lot: params.lot });
      return ok(view(known));
    },
  }),
];
