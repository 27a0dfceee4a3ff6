import { Rejected } from '@lotwarden/platform/errors';
import { ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import type { Deps } from '@lotwarden/platform/service';
import { heldBy, type Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import { STAGES } from './staged.ts';
import type { Stock } from './stock.ts';
import { stockRows, type Stocks } from './stock.store.ts';

const Row = z
  .object({
    lot: z.string(),
    item: z.string().nullable(),
    kind: z.string(),
    status: z.string(),
    markets: z.array(z.string()),
    site: z.string(),
    location: z.string(),
    quantity: Quantity,
    heldBy: z.array(z.string()),
  })
  .meta({ id: 'StockRow', description: 'What lies of a lot at one place; negative: more left than the books had' });

export const StockView = z
  .object({
    lot: z.string(),
    item: z.string().nullable(),
    kind: z.string(),
    status: z.string(),
    markets: z.array(z.string()),
    buckets: z.array(z.object({ site: z.string(), location: z.string(), quantity: Quantity })),
    staged: z
      .array(
        z.object({
          shipment: z.string(),
          stage: z.enum(STAGES),
          site: z.string(),
          location: z.string(),
          quantity: Quantity,
          serials: z.array(SerialRange),
        }),
      )
      .meta({ description: 'What shipments have of it: picked and packed goods are here, in no bucket' }),
    serials: z.array(SerialRange),
    quarantined: z.array(SerialRange),
    heldBy: z.array(z.string()),
    rev: z.number().int(),
  })
  .meta({ id: 'Stock' });

export function stockView({ id, state, holds, rev }: Stored<Stock>) {
  const { left: _, ...shown } = state;
  return { ...shown, lot: id, heldBy: heldBy(holds), rev };
}

export const stockRoutes = ({ db, stocks }: { db: Deps['db']; stocks: Stocks }) => [
  route({
    method: 'get',
    path: '/stock',
    requires: 'stock.read',
    summary: { en: 'Stock, one row per lot and place', zh: '库存查询,每批次每库位一行' },
    query: z.object({
      ...pageQuery,
      lot: Code.optional(),
      site: Code.optional(),
      location: Code.optional(),
      status: z.enum(['unknown', 'pending', 'accepted', 'rejected', 'made']).optional(),
      item: Code.optional(),
    }),
    reply: { 200: pageOf(Row) },
    handle: async ({ query: { limit, cursor, ...wanted } }) => {
      const { rows, next } = await stockRows(db, wanted, { limit, cursor });
      return ok(page(rows, next));
    },
  }),
  route({
    method: 'get',
    path: '/stock/:lot',
    requires: 'stock.read',
    summary: { en: 'All stock of a lot, its serials and what holds it', zh: '批次库存、序列号及冻结情况' },
    reply: { 200: StockView },
    errors: ['lot-unknown'],
    handle: async ({ params }) => {
      const known = await stocks.get(params.lot);
      if (!known) throw new Rejected('lot-unknown', { lot: params.lot });
      return ok(stockView(known));
    },
  }),
];
