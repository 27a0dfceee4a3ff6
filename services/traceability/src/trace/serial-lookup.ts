import { count, normalise, type SerialRange } from '@lotwarden/platform/serial-range';

/** Many ranges in which few are looked for, again and again: lots that are assembled one by one have thousands. */
export interface SerialLookup {
  /** What of these is among them. */
  readonly meet: (few: readonly SerialRange[]) => SerialRange[];
  /** Are all of these among them? */
  readonly holds: (few: readonly SerialRange[]) => boolean;
}

export function lookIn(ranges: readonly SerialRange[]): SerialLookup {
  const families = Map.groupBy(normalise(ranges), familyOf);
  const meet = (few: readonly SerialRange[]): SerialRange[] => {
    const met: SerialRange[] = [];
    for (const wanted of few) {
      const family = families.get(familyOf(wanted)) ?? [];
      for (let at = firstReaching(family, wanted.first); at < family.length; at++) {
        const { first, last } = family[at] ?? wanted;
        if (first > wanted.last) break;
        met.push({ ...wanted, first: Math.max(first, wanted.first), last: Math.min(last, wanted.last) });
      }
    }
    return normalise(met);
  };
  return { meet, holds: (few) => count(meet(few)) === count(few) };
}

/** Ranges of another family are strangers. */
const familyOf = ({ gtin, prefix, width }: SerialRange): string => `${gtin}|${prefix}|${String(width)}`;

/** The place of the first range that does not end before the number. */
function firstReaching(sorted: readonly SerialRange[], number: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle]?.last ?? 0) < number) from = middle + 1;
    else to = middle;
  }
  return from;
}
