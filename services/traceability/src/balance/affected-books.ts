import type { Quantity } from '@lotwarden/platform/quantity';
import { count, intersect, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Lot } from '../genealogy/model.ts';
import { allBySerial } from '../trace/custody.ts';
import { everIn } from '../trace/links.ts';
import type { Books } from './balance.ts';
import { booksOf } from './books.ts';

/**
 * The books of some units of a lot only: of each line the pieces that are among them. undefined: some line does not say by
 * serial which units it moved, and did not move all of them: nobody can say where these are.
 */
export function affectedBooks(graph: Genealogy, lot: Lot, units: readonly SerialRange[]): Books | undefined {
  const ever = everIn(graph, lot.index);
  const unclear: Quantity[] = [];
  const books = booksOf(graph, lot, ({ quantity, serials }) => {
    if (quantity.value === '0') return quantity;
    const moved = allBySerial(quantity, serials) ? serials : allBySerial(quantity, ever) ? ever : undefined;
    if (!moved) unclear.push(quantity);
    return moved ? { ...quantity, value: String(count(intersect(moved, units))) } : quantity;
  });
  return unclear.length === 0 ? books : undefined;
}
