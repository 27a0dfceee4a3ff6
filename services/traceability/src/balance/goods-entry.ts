import type { Quantity } from '@lotwarden/platform/quantity';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Source } from '../genealogy/facts.ts';

/** What happened to goods of one lot, as the books of receiving, warehouse and field say it. */
export type GoodsBook =
  | 'received'
  | 'stocked'
  | 'issued'
  | 'shipped'
  | 'returned'
  | 'destroyed'
  | 'scrapped'
  | 'moved'
  | 'adjusted'
  | 'dispatched'
  | 'return-received'
  | 'destruction-recorded'
  | 'custody-gained'
  | 'custody-reduced'
  | 'used';

export interface Place {
  readonly site: string;
  readonly location: string;
}

/** One line of those books; a lot's entries in any order give the same balance. */
export interface GoodsEntry {
  readonly book: GoodsBook;
  readonly quantity: Quantity;
  readonly serials: readonly SerialRange[];
  readonly place: Place | null;
  readonly toPlace: Place | null;
  readonly party: string | null;
  readonly cause: { readonly kind: string; readonly id: string } | null;
  readonly containers: readonly string[];
  readonly source: Source;
}
