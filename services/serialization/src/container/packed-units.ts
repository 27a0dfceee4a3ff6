import type { SerialRange } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { intersect, union } from '@lotwarden/platform/serial-range';

/** Which units of a lot lie in which innermost container: a unit is in one place. */
export interface PackedUnits {
  readonly places: readonly { readonly container: string; readonly ranges: readonly SerialRange[] }[];
}

export type PackedUnitsEvent =
  | { readonly type: 'UnitsPacked'; readonly container: string; readonly ranges: readonly SerialRange[] }
  | { readonly type: 'UnitsTakenOut'; readonly container: string };

export const NOTHING_PACKED: PackedUnits = { places: [] };

export function evolve(packed: PackedUnits, event: PackedUnitsEvent): PackedUnits {
  const others = packed.places.filter(({ container }) => container !== event.container);
  if (event.type === 'UnitsTakenOut') return { places: others };
  const before = packed.places.find(({ container }) => container === event.container);
  return { places: [...others, { container: event.container, ranges: union(before?.ranges ?? [], event.ranges) }] };
}

/** Throws `unit-already-packed`. */
export function packUnits(packed: PackedUnits, container: string, ranges: readonly SerialRange[]): PackedUnitsEvent[] {
  const elsewhere = packed.places.find((place) => intersect(place.ranges, ranges).length > 0);
  if (elsewhere) throw new Rejected('unit-already-packed', { container: elsewhere.container });
  return ranges.length === 0 ? [] : [{ type: 'UnitsPacked', container, ranges }];
}

/** Containers in which these units lie. */
export const containersOf = (packed: PackedUnits, ranges: readonly SerialRange[]): string[] =>
  packed.places.filter((p) => intersect(p.ranges, ranges).length > 0).map(({ container }) => container);
