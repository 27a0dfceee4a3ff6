import type { Quantity } from '@lotwarden/platform/quantity';
import { balanceOf, type Books } from './balance.ts';
import { linesAt, linesOf, numberIn, type BalanceLine, type BalanceNumber } from './lines.ts';

export interface LinesAsk {
  readonly lot: string;
  readonly number: BalanceNumber;
  /** Of what is on hand: only what is there. */
  readonly place: { readonly site: string; readonly location: string } | null;
  readonly from: number;
  readonly limit: number;
}

export interface LinesAnswer {
  readonly lot: string;
  /** What the lines add up to: all of them, not only those of this page. */
  readonly total: Quantity;
  readonly lines: number;
  readonly items: readonly BalanceLine[];
}

export function linesIn(books: Books, { lot, number, place, from, limit }: LinesAsk): LinesAnswer {
  const balance = balanceOf(books);
  const all = place ? linesAt(books, place.site, place.location) : linesOf(books, number);
  const there = balance.onHandAt.find(({ site, location }) => site === place?.site && location === place.location);
  const total = place ? (there?.quantity ?? { value: '0', unit: balance.unit }) : numberIn(balance, number);
  return { lot, total, lines: all.length, items: all.slice(from, from + limit) };
}
