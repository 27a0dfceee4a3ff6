import type { Cause, SerialRange } from '@lotwarden/contracts/events';
import { intersect, subtract } from '@lotwarden/platform/serial-range';
import type { Stock, StockEvent } from './stock.ts';

interface SerialsSaid {
  readonly lot: string;
  readonly added: readonly SerialRange[];
  readonly removed: readonly SerialRange[];
  readonly cause: Cause;
}

/**
 * What serialization says about a lot's serials, as far as it changes what is here: a unit that left under its number
 * does not come back because its commissioning is heard late.
 */
export function changeSerials(stock: Stock, { lot, cause, ...said }: SerialsSaid): StockEvent[] {
  const added = subtract(subtract(said.added, stock.left), stock.serials);
  const removed = intersect(stock.serials, said.removed);
  return added.length + removed.length === 0 ? [] : [{ type: 'StockSerialsChanged', lot, added, removed, cause }];
}
