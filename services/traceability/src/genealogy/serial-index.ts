import type { SerialRange } from '@lotwarden/platform/serial-range';

/** Which lots a unit was ever in, by its serial: 20 bytes for each range that ever came into a lot. */
export type SerialIndex = Map<string, Family>;

/** Ranges of one device identifier, prefix and width, by their first number. */
interface Family {
  firsts: Float64Array;
  lasts: Float64Array;
  lots: Int32Array;
  size: number;
  /** Numbers in the longest of them. */
  longest: number;
}

/** Units whose numbers can be compared. */
export const familyOf = ({ gtin, prefix, width }: SerialRange): string => `${gtin}|${String(width)}|${prefix}`;

const FIRST = 8;

export function noteSerials(index: SerialIndex, lot: number, ranges: readonly SerialRange[]): void {
  for (const range of ranges) {
    const name = familyOf(range);
    const family = index.get(name) ?? {
      firsts: new Float64Array(FIRST),
      lasts: new Float64Array(FIRST),
      lots: new Int32Array(FIRST),
      size: 0,
      longest: 0,
    };
    index.set(name, family);
    enter(family, lot, range);
  }
}

/** Nearly always they come in the order of their numbers. */
function enter(family: Family, lot: number, { first, last }: SerialRange): void {
  const at = firstFrom(family, first);
  for (let same = at; same < family.size && family.firsts[same] === first; same++)
    if (family.lasts[same] === last && family.lots[same] === lot) return;
  if (family.size === family.firsts.length) grow(family);
  family.firsts.copyWithin(at + 1, at, family.size);
  family.lasts.copyWithin(at + 1, at, family.size);
  family.lots.copyWithin(at + 1, at, family.size);
  family.firsts[at] = first;
  family.lasts[at] = last;
  family.lots[at] = lot;
  family.size += 1;
  family.longest = Math.max(family.longest, last - first);
}

/** Lots that ever had any unit of the range. */
export function lotsWithSerials(index: SerialIndex, range: SerialRange): number[] {
  const family = index.get(familyOf(range));
  if (!family) return [];
  const found = new Set<number>();
  for (let at = firstFrom(family, range.first - family.longest); at < family.size; at++) {
    if ((family.firsts[at] ?? 0) > range.last) break;
    if ((family.lasts[at] ?? 0) >= range.first) found.add(family.lots[at] ?? 0);
  }
  return [...found];
}

/** The place of the first range that begins at this number or later. */
function firstFrom({ firsts, size }: Family, number: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((firsts[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function grow(family: Family): void {
  const longer = <A extends Float64Array | Int32Array>(values: A): A => {
    const more = new (values.constructor as new (length: number) => A)(2 * values.length);
    more.set(values);
    return more;
  };
  family.firsts = longer(family.firsts);
  family.lasts = longer(family.lasts);
  family.lots = longer(family.lots);
}
