import type { EventOf } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { isPositive, type Quantity } from '@lotwarden/platform/quantity';

export type PurchaseOrderEvent = EventOf<'receiving.purchase-order.v1'>;

interface Line {
  readonly part: string;
  readonly revision: string;
  readonly quantity: Quantity;
}

export type PurchaseOrder =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'placed';
      readonly purchaseOrder: string;
      readonly supplier: string;
      readonly site: string;
      readonly lines: readonly Line[];
    };

export const UNKNOWN_ORDER: PurchaseOrder = { status: 'unknown' };

export function evolve(_order: PurchaseOrder, event: PurchaseOrderEvent): PurchaseOrder {
  const { purchaseOrder, supplier, site, lines } = event;
  return { status: 'placed', purchaseOrder, supplier, site, lines };
}

export function placePurchaseOrder(
  order: PurchaseOrder,
  asked: { purchaseOrder: string; supplier: string; site: string; lines: readonly Line[] },
): PurchaseOrderEvent[] {
  if (order.status === 'placed')
    throw new Rejected('purchase-order-already-placed', { purchaseOrder: asked.purchaseOrder });
  if (!asked.lines.every((line) => isPositive(line.quantity)))
    throw new Rejected('quantity-invalid', { purchaseOrder: asked.purchaseOrder });
  return [{ type: 'PurchaseOrderPlaced', ...asked }];
}
