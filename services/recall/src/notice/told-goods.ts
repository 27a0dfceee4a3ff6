import type { LotLine } from '@lotwarden/contracts/events';
import { compare } from '@lotwarden/platform/quantity';
import { contains, union } from '@lotwarden/platform/serial-range';

/** A lot has a line for each unit it was booked in; quantities in two units are never compared. */
const placeOf = ({ lot, quantity }: LotLine): string => `${lot} ${quantity.unit}`;

export const inOrder = (lines: readonly LotLine[]): LotLine[] =>
  [...lines].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));

/** Both lists as one: serials by union, of two quantities the larger. */
export function addTold(told: readonly LotLine[], lines: readonly LotLine[]): LotLine[] {
  const known = new Map(told.map((line) => [placeOf(line), line]));
  for (const line of lines) {
    const before = known.get(placeOf(line));
    known.set(placeOf(line), before ? bothOf(before, line) : line);
  }
  return inOrder([...known.values()]);
}

const bothOf = (a: LotLine, b: LotLine): LotLine => ({
  lot: a.lot,
  quantity: isMore(b, a) ? b.quantity : a.quantity,
  serials: union(a.serials, b.serials),
  containers: [...new Set([...a.containers, ...b.containers])].sort(),
});

/**
 * Does a party have goods that it was never told of? Goods that it has given back or used meanwhile are no news to it; those
 * in another unit than before are: nobody can show that they are the same.
 */
export const hasUntold = (told: readonly LotLine[], lines: readonly LotLine[]): boolean =>
  lines.some((line) => {
    const known = told.find((one) => placeOf(one) === placeOf(line));
    return !known || isMore(line, known) || !contains(known.serials, line.serials);
  });

const isMore = (line: LotLine, known: LotLine): boolean => compare(line.quantity, known.quantity) > 0;
