import { Rejected } from '@lotwarden/platform/errors';
import { supplierSystem } from '@lotwarden/platform/lot-ref';
import { isPositive, type Quantity } from '@lotwarden/platform/quantity';
import { revisionInForce, type Part } from '../part/part.ts';
import type { PurchaseOrder } from '../purchase-order/purchase-order.ts';
import { registered } from '../supplier/manage-supplier.ts';
import type { Supplier } from '../supplier/supplier.ts';
import { checkAgainst, passes, type StatedValue } from './check-coa.ts';
import { coaHindrances, orderHindrances, supplierHindrances } from './hindrances.ts';
import type { MaterialLot, MaterialLotEvent } from './material-lot.ts';

export interface ReceiveLot {
  readonly lot: string;
  readonly part: string;
  readonly supplierLot: string;
  readonly purchaseOrder: string;
  readonly quantity: Quantity;
  readonly site: string;
  readonly location: string;
  readonly receivedAt: string;
  readonly expiresAt: string | null;
  readonly coa: readonly StatedValue[];
  readonly transport: readonly StatedValue[];
}

/** What is known of those whom the delivery concerns, at the moment of receipt. */
export interface Circumstances {
  readonly supplier: Supplier;
  readonly part: Part;
  readonly order: PurchaseOrder;
}

/**
 * Receives a supplier lot, pending. Whatever speaks against it is written down as a hindrance; nothing is accepted
 * silently (ISO 13485:2016 7.4.3). Throws `lot-already-received`, `supplier-unknown`, `part-unknown`,
 * `quantity-invalid`, `unit-not-convertible`.
 */
export function receiveLot(
  known: MaterialLot,
  asked: ReceiveLot,
  { supplier, part, order }: Circumstances,
): MaterialLotEvent[] {
  if (known.status !== 'unknown') throw new Rejected('lot-already-received', { lot: known.lot });
  const from = registered(supplier);
  const specification = revisionInForce(part, asked.receivedAt);
  if (!isPositive(asked.quantity)) throw new Rejected('quantity-invalid', { value: asked.quantity.value });
  if (asked.quantity.unit !== specification.unit)
    throw new Rejected('unit-not-convertible', { from: asked.quantity.unit, to: specification.unit });
  const { coa: stated, transport, ...facts } = asked;
  const coa = [
    ...checkAgainst(specification.characteristics, 'coa', stated),
    ...checkAgainst(specification.characteristics, 'transport', transport),
  ];
  const delivered = { ...asked, supplier: from.supplier, revision: specification.revision };
  return [
    {
      type: 'MaterialLotReceived',
      ...facts,
      revision: specification.revision,
      supplier: from.supplier,
      aliases: [{ system: supplierSystem(from.supplier), code: asked.supplierLot }],
      coa,
      coaVerdict: passes(coa) ? 'pass' : 'fail',
      hindrances: [
        ...supplierHindrances(from, asked.part, asked.receivedAt),
        ...orderHindrances(order, delivered),
        ...coaHindrances(coa),
      ],
    },
  ];
}
