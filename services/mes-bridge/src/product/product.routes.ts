import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, route } from '@lotwarden/platform/http';
import {
  Characteristic,
  CharacteristicView,
  Code,
  Decimal,
  Gtin,
  Instant,
  Moment,
  Text,
  Unit,
} from '@lotwarden/platform/http-schemas';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { specifyProduct, type Product } from './product.ts';

const ProductBody = z.object({
  product: Code,
  revision: Code,
  name: Text,
  nameZh: Text.nullable().default(null),
  kind: z.enum(['intermediate', 'finished']),
  unit: Unit,
  gtin: Gtin.nullable().default(null),
  productLine: Code.nullable().default(null).meta({ description: 'What it is counted under' }),
  validFrom: Moment,
  bom: z
    .array(
      z.strictObject({
        item: Code,
        quantityPer: Decimal,
        unit: Unit,
        alternatives: z
          .array(Code)
          .max(50)
          .default([])
          .meta({ description: 'Items that may take its place, assessed and approved with this revision' }),
      }),
    )
    .max(500),
  characteristics: z.array(Characteristic).max(200).default([]),
});

const RevisionView = z.object({
  product: z.string(),
  revision: z.string(),
  name: z.string(),
  nameZh: z.string().nullable(),
  kind: z.string(),
  unit: z.string(),
  gtin: z.string().nullable(),
  productLine: z.string().nullable(),
  validFrom: Instant,
  bom: z.array(
    z.object({
      item: z.string(),
      quantityPer: z.string(),
      unit: z.string(),
      alternatives: z.array(z.string()),
    }),
  ),
  characteristics: z.array(CharacteristicView),
});
const ProductView = z
  .object({ product: z.string(), revisions: z.array(RevisionView), rev: z.number().int() })
  .meta({ id: 'Product' });

const view = ({ id, state, rev }: Stored<Product>) => ({ product: id, revisions: state.revisions, rev });

export const productRoutes = ({ products }: Pick<House, 'products'>) => [
  route({
    method: 'post',
    path: '/products',
    requires: 'product.manage',
    summary: { en: 'Specify a revision of a product with its bill of material', zh: '制定产品版本及物料清单' },
    body: ProductBody,
    reply: { 201: ProductView },
    errors: ['product-revision-already-specified', 'product-unit-and-kind-fixed', 'gtin-invalid'],
    handle: async ({ body, context }) =>
      created(view(await products.change(body.product, context, (known) => specifyProduct(known, body)))),
  }),
  route({
    method: 'get',
    path: '/products/:product',
    requires: 'product.read',
    summary: { en: 'A product with its revisions', zh: '查询产品及版本' },
    reply: { 200: ProductView },
    errors: ['product-unknown'],
    handle: async ({ params: { product } }) => {
      const known = await products.get(product);
      if (!known) throw new Rejected('product-unknown', { product });
      return ok(view(known));
    },
  }),
];
