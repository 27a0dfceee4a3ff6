import Big from 'big.js';
import type { LotLine } from '@lotwarden/contracts/events';
import { contains, subtract } from '@lotwarden/platform/serial-range';
import { byLot } from './expand-containers.ts';

const containersOf = (lines: readonly LotLine[]): string =>
  [...new Set(lines.flatMap((l) => l.containers))].sort().join();

/** Is this what was recorded? Serials that the asker left to the containers are those that were found in them. */
export function sameGoods(recorded: readonly LotLine[], asked: readonly LotLine[]): boolean {
  const [known, wanted] = [byLot(recorded), byLot(asked)];
  if (known.length !== wanted.length || containersOf(known) !== containersOf(wanted)) return false;
  return wanted.every(({ lot, quantity, serials, containers }) => {
    const before = known.find((line) => line.lot === lot && line.quantity.unit === quantity.unit);
    if (!before || !new Big(before.quantity.value).eq(quantity.value)) return false;
    return contains(before.serials, serials) && (containers.length > 0 || contains(serials, before.serials));
  });
}

/** The part of a report that goes beyond what is recorded: units under other numbers, or more of a lot. */
export function beyond(recorded: readonly LotLine[], reported: readonly LotLine[]): LotLine[] {
  const known = byLot(recorded);
  return byLot(reported).flatMap((line) => {
    const before = known.find(({ lot, quantity }) => lot === line.lot && quantity.unit === line.quantity.unit);
    if (!before) return [line];
    const serials = before.serials.length > 0 ? subtract(line.serials, before.serials) : [];
    const named = serials.reduce((total, { first, last }) => total + last - first + 1, 0);
    const more = new Big(line.quantity.value).minus(before.quantity.value);
    const surplus = more.gt(named) ? more : new Big(named);
    if (surplus.lte(0)) return [];
    return [{ ...line, quantity: { value: surplus.toFixed(), unit: line.quantity.unit }, serials }];
  });
}

/** Lines of a report that are not word by word on record: two messages about one lorry may each tell a part of it. */
export const unheard = (recorded: readonly LotLine[], reported: readonly LotLine[]): LotLine[] =>
  reported.filter((line) => !recorded.some((known) => sameGoods([known], [line])));
