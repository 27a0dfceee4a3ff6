import type { Quantity } from '@lotwarden/contracts/events';
import { broughtIn } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import { TOLD_IN_EPCIS } from '../genealogy/told.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Lot, OperationLine } from '../genealogy/model.ts';
import { lotAt, operationAt } from '../genealogy/nodes.ts';

/** All that ever came into the lot, as the mass balance counts it; in whole pieces without opening its books. */
export function amountOf(graph: Genealogy, lot: number): Quantity {
  const node = lotAt(graph, lot);
  return wholePieces(graph, node) ?? broughtIn(booksOf(graph, node));
}

/** undefined: more than one unit, parts of a piece, taken apart, or told under other names too; the books know. */
function wholePieces(graph: Genealogy, node: Lot): Quantity | undefined {
  if (node.placeholders.length > 0 || node.standsFor.length > 0) return undefined;
  const sum = createSum();
  let total = 0;
  for (const { book, quantity } of node.goods) if (book === 'received') total += sum.add(quantity);
  for (const index of new Set([...node.producedBy, ...node.scrappedBy])) {
    const { voided, head, inputs, outputs, scrap } = operationAt(graph, index);
    if (voided || head?.kind === TOLD_IN_EPCIS) continue;
    if (head?.kind === 'unbuild') return undefined;
    const own = (lines: readonly OperationLine[]): number | undefined => {
      let amount: number | undefined;
      for (const line of lines) if (line.lot === node.index) amount = (amount ?? 0) + sum.add(line.quantity);
      return amount;
    };
    const taken = own(inputs.filter(({ edge, told }) => told && (edge === 'material' || edge === 'installed')));
    const [given, lost] = [own(outputs), own(scrap)];
    // A component taken out again, or a scrapping by itself: nothing was made.
    if (taken === undefined && given === undefined && head?.kind !== 'make') continue;
    total += Math.max(0, (given ?? 0) + (lost ?? 0) - (taken ?? 0));
  }
  // Nothing came into it: in the unit in which it was taken from, if that can be seen at once.
  const taker = node.goods.length === 0 ? node.consumedBy[0] : undefined;
  if (taker !== undefined) operationAt(graph, taker).inputs.filter(({ lot }) => lot === node.index).forEach(({ quantity }) => sum.add(quantity)); // prettier-ignore
  const unit = sum.unit();
  return unit === undefined ? undefined : { value: String(total), unit };
}

/** Counts whole pieces of one unit; `unit` is undefined when it met anything else. */
function createSum() {
  let only: string | undefined;
  let isExact = true;
  return {
    add: ({ value, unit }: Quantity): number => {
      only ??= unit;
      if (unit !== only || value.length > 9 || !WHOLE.test(value)) isExact = false;
      return Number(value);
    },
    unit: () => (isExact ? only : undefined),
  };
}

const WHOLE = /^\d+$/;
