import { contains, intersect, type SerialRange } from '@lotwarden/platform/serial-range';

/** Which units of a lot are affected: all of it, or only these. */
export type Units = 'all' | readonly SerialRange[];

/** Those affected units of a lot that went into an operation; empty: none of them did. */
export function entering(affected: Units, taken: readonly SerialRange[]): Units {
  if (taken.length === 0) return affected;
  return affected === 'all' ? 'all' : intersect(affected, taken);
}

/**
 * The affected units of an output.
 *
 * Units that keep their serial (split, merge, rework) carry their exposure along, one by one. Where serials change
 * or are not known, everything that came out is affected: nobody can show which unit is not.
 *
 * @param entered the affected units that went in
 * @param known every unit of the input that could have gone in
 * @param cameOut the units that came out; empty where nobody said
 */
export function leaving(entered: Units, known: () => readonly SerialRange[], cameOut: readonly SerialRange[]): Units {
  if (cameOut.length === 0) return 'all';
  if (entered === 'all' || !contains(known(), cameOut)) return cameOut;
  return intersect(entered, cameOut);
}

export const isNone = (units: Units): boolean => units !== 'all' && units.length === 0;
