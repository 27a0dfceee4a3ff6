import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Quantity } from '@lotwarden/platform/http-schemas';
import type { Aggregate, Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import { placePurchaseOrder, type PurchaseOrder, type PurchaseOrderEvent } from './purchase-order.ts';

export type PurchaseOrders = Aggregate<PurchaseOrder, PurchaseOrderEvent>;

const PurchaseOrderBody = z.object({
  purchaseOrder: Code,
  supplier: Code,
  site: Code,
  lines: z
    .array(z.object({ part: Code, revision: Code, quantity: Quantity }))
    .min(1)
    .max(500),
});
const PurchaseOrderView = PurchaseOrderBody.extend({ rev: z.number().int() }).meta({ id: 'PurchaseOrder' });

function view({ id, state, rev }: Stored<PurchaseOrder>) {
  if (state.status === 'unknown') throw new Rejected('purchase-order-unknown', { purchaseOrder: id });
  const { status: _, ...order } = state;
  return { ...order, rev };
}

export const purchaseOrderRoutes = ({ orders }: { orders: PurchaseOrders }) => [
  route({
    method: 'post',
    path: '/purchase-orders',
    requires: 'purchase-order.place',
    summary: { en: 'Place a purchase order', zh: '下达采购订单' },
    body: PurchaseOrderBody,
    reply: { 201: PurchaseOrderView },
    errors: ['purchase-order-already-placed', 'quantity-invalid'],
    handle: async ({ body, context }) =>
      created(view(await orders.change(body.purchaseOrder, context, (known) => placePurchaseOrder(known, body)))),
  }),
  route({
    method: 'get',
    path: '/purchase-orders/:purchaseOrder',
    requires: 'purchase-order.read',
    summary: { en: 'A purchase order', zh: '查询采购订单' },
    reply: { 200: PurchaseOrderView },
    errors: ['purchase-order-unknown'],
    handle: async ({ params }) => {
      const known = await orders.get(params.purchaseOrder);
      if (!known) throw new Rejected('purchase-order-unknown', { purchaseOrder: params.purchaseOrder });
      return ok(view(known));
    },
  }),
];
