import { balanceOf } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import type { Genealogy, Lot } from '../genealogy/genealogy.ts';

export const isBalanced = (graph: Genealogy, lot: Lot): boolean => balanceOf(booksOf(graph, lot)).balanced;
