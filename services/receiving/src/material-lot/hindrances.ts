import Big from 'big.js';
import type { CharacteristicResult, Hindrance } from '@lotwarden/contracts/events';
import type { Quantity } from '@lotwarden/platform/quantity';
import type { PurchaseOrder } from '../purchase-order/purchase-order.ts';
import { covers, type Supplier } from '../supplier/supplier.ts';

type Known = Exclude<Supplier, { status: 'unknown' }>;

/** What speaks against the supplier for this part at this moment (ISO 13485:2016 7.4.1). */
export function supplierHindrances(supplier: Known, part: string, moment: string): Hindrance[] {
  const found: Hindrance[] = [];
  const qualified = supplier.qualifications.some((q) => q.parts.includes(part) && covers(q, moment));
  if (!qualified) found.push({ code: 'supplier-not-qualified', detail: `${supplier.supplier} for ${part}` });
  if (supplier.certificates.length === 0)
    found.push({ code: 'supplier-certificate-missing', detail: supplier.supplier });
  for (const c of supplier.certificates.filter((certificate) => !covers(certificate, moment)))
    found.push({
      code: 'supplier-certificate-expired',
      detail: `${c.certificate} (${c.standard}) until ${c.validUntil}`,
    });
  return found;
}

/** What the certificate of analysis and the transport record leave open. */
export function coaHindrances(results: readonly CharacteristicResult[]): Hindrance[] {
  return results
    .filter((r) => r.verdict !== 'pass')
    .map((r) => ({
      code: r.verdict === 'missing' ? 'coa-value-missing' : 'coa-value-out-of-limits',
      detail: `${r.characteristic} ${r.value ?? '–'} ${r.unit} [${r.lower ?? '–'}, ${r.upper ?? '–'}]`,
    }));
}

/** What the purchase order says against this delivery. */
export function orderHindrances(
  order: PurchaseOrder,
  delivered: { supplier: string; part: string; revision: string; quantity: Quantity },
): Hindrance[] {
  if (order.status === 'unknown') return [{ code: 'purchase-order-unknown', detail: 'no such purchase order' }];
  if (order.supplier !== delivered.supplier)
    return [{ code: 'purchase-order-other-supplier', detail: `${order.purchaseOrder} is for ${order.supplier}` }];
  const line = order.lines.find((l) => l.part === delivered.part);
  if (!line) return [{ code: 'purchase-order-without-part', detail: `${order.purchaseOrder} does not ask for it` }];
  const found: Hindrance[] = [];
  if (line.revision !== delivered.revision)
    found.push({
      code: 'purchase-order-other-revision',
      detail: `ordered ${line.revision}, in force ${delivered.revision}`,
    });
  if (line.quantity.unit !== delivered.quantity.unit || new Big(delivered.quantity.value).gt(line.quantity.value))
    found.push({
      code: 'purchase-order-exceeded',
      detail: `ordered ${line.quantity.value} ${line.quantity.unit}, came ${delivered.quantity.value} ${delivered.quantity.unit}`,
    });
  return found;
}
