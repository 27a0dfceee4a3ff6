type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Fields that name one lot, wherever in an event they stand. */
const ONE_LOT: readonly string[] = ['lot', 'fromLot', 'toLot', 'placeholder', 'suspectedLot', 'otherLot'];
/** Fields that name several. */
const MANY_LOTS: readonly string[] = ['lots', 'roots'];

/** Every lot that an event speaks of, at any depth, in order of mention. */
export function touchedLots(event: object): string[] {
  const found = new Set<string>();
  const look = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isList(value)) {
      value.forEach(look);
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      if (ONE_LOT.includes(name) && typeof inner === 'string') found.add(inner);
      if (MANY_LOTS.includes(name) && isList(inner))
        for (const item of inner) if (typeof item === 'string') found.add(item);
      look(inner);
    }
  };
  look(event as Json);
  return [...found];
}

/** What is told of other lots is left to their own timelines; longer lists that name no lot are only counted. */
const SHORT_LIST = 20;

/** The event as one lot's timeline shows it: its own lines, and what holds for all; of no lot in particular, all lines. */
export function detailFor(event: object, lot: string | null): Record<string, unknown> {
  const entries = Object.entries(event as Record<string, Json>).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'type') return [];
    if (!isList(value)) return [[name, value]];
    const own = lot === null ? value : value.filter((item) => concerns(item, lot));
    return own.length > SHORT_LIST ? [[`${name}Count`, own.length]] : [[name, own]];
  });
  return Object.fromEntries(entries);
}

/** A line that names no lot at all concerns every one. */
function concerns(item: Json, lot: string): boolean {
  if (typeof item !== 'object' || item === null) return true;
  const named = touchedLots(item);
  return named.length === 0 || named.includes(lot);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
