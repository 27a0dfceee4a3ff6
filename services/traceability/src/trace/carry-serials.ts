import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { SerialLookup } from './serial-lookup.ts';

/** Which units of a lot are affected: all of it, or only these. */
export type Units = 'all' | readonly SerialRange[];

/** What of a lot went one way through an operation: the units that were named, and whether these are all. */
interface Named {
  readonly serials: readonly SerialRange[];
  readonly allKnown: boolean;
}

/** Finds few units among many that are asked about again and again. */
export type Lookups = (many: readonly SerialRange[]) => SerialLookup;

/** Those affected units of a lot that went into an operation; empty: none of them did. */
export function entering(affected: Units, { serials, allKnown }: Named, among: Lookups): Units {
  if (affected === 'all' || !allKnown) return affected;
  return among(affected).meet(serials);
}

/**
 * The affected units of an output.
 *
 * Units that keep their serial (split, merge, rework) carry their exposure along, one by one. Where serials change
 * or are not known, everything that came out is affected: nobody can show which unit is not.
 *
 * @param entered the affected units that went in
 * @param known every unit of the input that could have gone in
 * @param allKept every unit that went in came out again, here or elsewhere, under its serial
 */
export function leaving(
  entered: Units,
  known: () => readonly SerialRange[],
  cameOut: Named,
  allKept: boolean,
  among: Lookups,
): Units {
  if (allKept || (cameOut.allKnown && among(known()).holds(cameOut.serials)))
    return among(entered === 'all' ? known() : entered).meet(cameOut.serials);
  return cameOut.allKnown ? cameOut.serials : 'all';
}

export const isNone = (units: Units): boolean => units !== 'all' && units.length === 0;
