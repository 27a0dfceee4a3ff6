import type { Quantity } from '@lotwarden/platform/quantity';
import { count, intersect, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Lot } from '../genealogy/model.ts';
import { allBySerial } from '../trace/custody.ts';
import { everIn } from '../trace/links.ts';
import { UNPOSTED } from './accounts.ts';
import { balanceOf, type Books } from './balance.ts';
import { booksOf } from './books.ts';
import { fromExact, toExact } from './exact.ts';
import type { PlacedStock } from './stock.ts';

/** The books of some units of a lot only: of each line the pieces that are among them. */
export interface AffectedBooks {
  readonly books: Books;
  /** false: it was moved from place to place without a word which units. */
  readonly arePlacesKnown: boolean;
}

/**
 * undefined: some line does not say by serial which units it moved, and did not move all of them: nobody can say where
 * these are.
 */
export function affectedBooks(graph: Genealogy, lot: Lot, units: readonly SerialRange[]): AffectedBooks | undefined {
  const ever = everIn(graph, lot.index);
  const unclear: ('posted' | 'moved')[] = [];
  const books = booksOf(graph, lot, ({ quantity, serials, book }) => {
    if (quantity.value === '0') return quantity;
    const moved = allBySerial(quantity, serials) ? serials : allBySerial(quantity, ever) ? ever : undefined;
    if (moved) return { ...quantity, value: String(count(intersect(moved, units))) };
    if (book === undefined || !UNPOSTED.has(book)) unclear.push('posted');
    else if (book === 'moved') unclear.push('moved');
    return quantity;
  });
  return unclear.includes('posted') ? undefined : { books, arePlacesKnown: unclear.length === 0 };
}

/** Where these units of a lot lie. */
export interface AffectedStock {
  /** Not exact: nobody told which units lie where, so at most as many as these. */
  readonly isExact: boolean;
  readonly onHandAt: readonly PlacedStock[];
}

export function affectedStock(graph: Genealogy, lot: Lot, units: readonly SerialRange[]): AffectedStock {
  const own = affectedBooks(graph, lot, units);
  const balance = own && balanceOf(own.books);
  if (own?.arePlacesKnown) return { isExact: true, onHandAt: balance?.onHandAt ?? [] };
  const most = balance ? toExact(balance.buckets.onHand.value) : toExact(String(count(units)));
  const onHandAt = balanceOf(booksOf(graph, lot))
    .onHandAt.map((placed) => ({ ...placed, quantity: atMost(placed.quantity, most) }))
    .filter(({ quantity }) => quantity.value !== '0');
  return { isExact: false, onHandAt };
}

/** What is not counted in pieces counts whole. */
const atMost = ({ value, unit }: Quantity, most: bigint): Quantity =>
  unit === 'EA' && toExact(value) > most ? { value: fromExact(most), unit } : { value, unit };
