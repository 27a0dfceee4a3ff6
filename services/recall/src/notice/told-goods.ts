import type { LotLine } from '@lotwarden/contracts/events';
import { compare } from '@lotwarden/platform/quantity';
import { contains, union } from '@lotwarden/platform/serial-range';

/** Both lists as one: serials by union, of two quantities the larger. */
export function addTold(told: readonly LotLine[], lines: readonly LotLine[]): LotLine[] {
  const byLot = new Map(told.map((line) => [line.lot, line]));
  for (const line of lines) {
    const known = byLot.get(line.lot);
    byLot.set(line.lot, known ? bothOf(known, line) : line);
  }
  return [...byLot.values()].sort((a, b) => (a.lot < b.lot ? -1 : 1));
}

const bothOf = (a: LotLine, b: LotLine): LotLine => ({
  lot: a.lot,
  quantity: isMore(b, a) ? b.quantity : a.quantity,
  serials: union(a.serials, b.serials),
  containers: [...new Set([...a.containers, ...b.containers])].sort(),
});

/** Does a party have goods that it was never told of? Goods that it has given back or used meanwhile are no news to it. */
export const hasUntold = (told: readonly LotLine[], lines: readonly LotLine[]): boolean =>
  lines.some((line) => {
    const known = told.find(({ lot }) => lot === line.lot);
    return !known || isMore(line, known) || !contains(known.serials, line.serials);
  });

/** In another unit than before counts as more: nobody can show that it is not. */
const isMore = (line: LotLine, known: LotLine): boolean =>
  line.quantity.unit !== known.quantity.unit || compare(line.quantity, known.quantity) > 0;
