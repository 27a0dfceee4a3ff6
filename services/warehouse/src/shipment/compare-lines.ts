import Big from 'big.js';
import type { LotLine, Violation } from '@lotwarden/contracts/events';
import { contains, count, intersect, subtract, union } from '@lotwarden/platform/serial-range';
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

export interface News {
  readonly lines: readonly LotLine[];
  /** Lines that may be the same goods told again: both stand, and a person finds out. */
  readonly doubts: readonly Violation[];
}

/**
 * What a further message says beyond those before it about the same goods. Messages add up: each tells a part. A unit
 * with a number and a box that was told just so are told once; goods without a name cannot be told apart, so they count
 * again, and a line that repeats another word by word is a doubt, never left out.
 */
export function unheard(recorded: readonly LotLine[], reported: readonly LotLine[]): News {
  const doubts: Violation[] = [];
  const lines = byLot(reported).flatMap((line) => {
    const before = recorded.filter(({ lot }) => lot === line.lot);
    const known = before.reduce<LotLine['serials']>((all, { serials }) => union(all, serials), []);
    const again = intersect(line.serials, known);
    if (again.length > 0) return withoutUnits(line, again);
    if (!before.some((one) => sameGoods([one], [line]))) return [line];
    if (line.containers.length > 0) return [];
    doubts.push({ code: 'line-told-again', lot: line.lot, detail: `${line.quantity.value} ${line.quantity.unit}` });
    return [line];
  });
  return { lines, doubts };
}

function withoutUnits(line: LotLine, units: LotLine['serials']): LotLine[] {
  const serials = subtract(line.serials, units);
  const rest = new Big(line.quantity.value).minus(count(units));
  const quantity = rest.gt(count(serials)) ? rest : new Big(count(serials));
  if (quantity.lte(0)) return [];
  return [{ ...line, quantity: { value: quantity.toFixed(), unit: line.quantity.unit }, serials }];
}

/**
 * What messages say beyond a command: they confirm it, together. `told` is what they had said before this one; returned
 * with this one, for the next.
 */
export function beyondCommand(
  recorded: readonly LotLine[],
  told: readonly LotLine[],
  reported: readonly LotLine[],
): News & { readonly told: readonly LotLine[] } {
  const { lines: fresh, doubts } = unheard(told, reported);
  const all = byLot([...told, ...fresh]);
  const lines = beyond(recorded, all);
  return { lines, told: all, doubts: doubts.filter(({ lot }) => lines.some((line) => line.lot === lot)) };
}
