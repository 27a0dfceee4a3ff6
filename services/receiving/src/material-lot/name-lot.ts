import { Rejected } from '@lotwarden/platform/errors';
import { lotRefKey, type LotRef } from '@lotwarden/platform/lot-ref';
import type { MaterialLot, MaterialLotEvent } from './material-lot.ts';

/** One more name of a lot; whoever used the placeholder of that name merges it into the lot. Twice changes nothing. */
export function nameLot(lot: MaterialLot, alias: LotRef, placeholder: string): MaterialLotEvent[] {
  if (lot.status === 'unknown') throw new Rejected('material-lot-unknown');
  if (lot.aliases.some((known) => lotRefKey(known) === lotRefKey(alias))) return [];
  return [{ type: 'LotAliasAssigned', lot: lot.lot, alias, placeholder }];
}
