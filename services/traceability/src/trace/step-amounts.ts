import type { Quantity } from '@lotwarden/contracts/events';
import { fromExact, toExact } from '../balance/exact.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { OperationLine } from '../genealogy/model.ts';
import { STANDS } from '../genealogy/node-stores.ts';
import { meant } from '../genealogy/nodes.ts';
import { lotFlags } from '../genealogy/structure.ts';

/** What follows from a mount or a load says nothing of how much: that is no line. */
type Lines = readonly (Pick<OperationLine, 'lot' | 'quantity'> & { readonly told?: boolean })[];

/** Does a lot that is mentioned mean this one? */
export type Means = (mentioned: number, lot: number) => boolean;

export const isSame: Means = (mentioned, lot) => mentioned === lot;

/** A placeholder means what it stands for. */
export const standsIn =
  (graph: Genealogy): Means =>
  (mentioned, lot) =>
    mentioned === lot || ((lotFlags(graph, mentioned) & STANDS) > 0 && meant(graph, mentioned).includes(lot));

/** What the lines say of a lot, in the unit of the first of them; null where none mentions it. */
export function sumOf(lines: Lines, lot: number, means: Means): Quantity | null {
  let first: Quantity | null = null;
  let more: bigint | undefined;
  for (const line of lines) {
    if (line.told === false || !means(line.lot, lot)) continue;
    if (first === null) first = line.quantity;
    else if (line.quantity.unit === first.unit) more = (more ?? toExact(first.value)) + toExact(line.quantity.value);
  }
  return first === null || more === undefined ? first : { value: fromExact(more), unit: first.unit };
}
