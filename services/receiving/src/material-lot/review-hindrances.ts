import type { Hindrance } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { coaHindrances, orderHindrances, supplierHindrances } from './hindrances.ts';
import type { MaterialLot, MaterialLotEvent } from './material-lot.ts';
import { registered } from '../supplier/manage-supplier.ts';
import type { Circumstances } from './receive-lot.ts';

/**
 * Looks again at what stands in the way, as things are at `moment` (a supplier was qualified since, a certificate
 * renewed). Values of the certificate of analysis do not change by looking again.
 */
export function reviewHindrances(
  lot: MaterialLot,
  { supplier, order }: Pick<Circumstances, 'supplier' | 'order'>,
  { moment, reason, heldBy = [] }: { moment: string; reason: string; heldBy?: readonly string[] },
): MaterialLotEvent[] {
  if (lot.status === 'unknown') throw new Rejected('material-lot-unknown');
  if (lot.status !== 'pending')
    throw new Rejected('material-lot-already-decided', { lot: lot.lot, status: lot.status });
  const open = [
    ...supplierHindrances(registered(supplier), lot.part, moment),
    ...orderHindrances(order, { ...lot, quantity: lot.received }),
    ...coaHindrances(lot.coa),
  ];
  const changed: MaterialLotEvent[] = sameHindrances(open, lot.hindrances)
    ? []
    : [{ type: 'MaterialLotHindrancesChanged', lot: lot.lot, hindrances: open, reason }];
  const { inspection } = lot;
  if (open.length > 0 || heldBy.length > 0 || inspection === null) return changed;
  return [...changed, { type: 'MaterialLotAccepted', lot: lot.lot, inspection }];
}

const sameHindrances = (a: readonly Hindrance[], b: readonly Hindrance[]): boolean =>
  a.length === b.length && a.every((h, i) => h.code === b[i]?.code && h.detail === b[i].detail);
