import { Rejected } from '@lotwarden/platform/errors';
import { compare, isPositive, type Quantity } from '@lotwarden/platform/quantity';
import type { MaterialLot, MaterialLotEvent } from './material-lot.ts';

/** Moves an accepted lot from the dock to its place; what is pending or rejected stays where it is. */
export function putAway(
  lot: MaterialLot,
  { quantity, location }: { quantity: Quantity; location: string },
): MaterialLotEvent[] {
  if (lot.status === 'unknown') throw new Rejected('material-lot-unknown');
  if (lot.status !== 'accepted') throw new Rejected('material-lot-not-accepted', { lot: lot.lot, status: lot.status });
  if (!isPositive(quantity)) throw new Rejected('quantity-invalid', { value: quantity.value });
  if (compare(quantity, lot.received) > 0)
    throw new Rejected('quantity-not-available', { lot: lot.lot, asked: quantity.value, received: lot.received.value });
  return [{ type: 'MaterialLotPutAway', lot: lot.lot, quantity, site: lot.site, location }];
}
