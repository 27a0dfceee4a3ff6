import type { SerialRange } from '@lotwarden/platform/serial-range';

/** Finds what has serials in common with others, however much there is. */
export type Overlaps<T> = (ranges: readonly SerialRange[]) => readonly T[];

/** @param items each with its serials */
export function createOverlaps<T>(items: Iterable<readonly [item: T, serials: readonly SerialRange[]]>): Overlaps<T> {
  const families = new Map<string, Family<T>>();
  for (const [item, serials] of items)
    for (const { gtin, prefix, width, first, last } of serials) {
      const family = remembered(families, `${gtin}|${prefix}|${String(width)}`);
      family.entries.push({ first, last, item });
      family.longest = Math.max(family.longest, last - first);
    }
  for (const { entries } of families.values()) entries.sort((a, b) => a.first - b.first);
  return (ranges) => {
    const found = new Set<T>();
    for (const { gtin, prefix, width, first, last } of ranges) {
      const { entries = [], longest = 0 } = families.get(`${gtin}|${prefix}|${String(width)}`) ?? {};
      for (let at = firstFrom(entries, first - longest); at < entries.length; at++) {
        const entry = entries[at];
        if (!entry || entry.first > last) break;
        if (entry.last >= first) found.add(entry.item);
      }
    }
    return [...found];
  };
}

interface Family<T> {
  readonly entries: { readonly first: number; readonly last: number; readonly item: T }[];
  /** No range is longer by more than this. */
  longest: number;
}

function remembered<T>(families: Map<string, Family<T>>, name: string): Family<T> {
  const known = families.get(name);
  if (known) return known;
  const made: Family<T> = { entries: [], longest: 0 };
  families.set(name, made);
  return made;
}

function firstFrom(entries: Family<unknown>['entries'], first: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.first ?? 0) >= first) high = middle;
    else low = middle + 1;
  }
  return low;
}
