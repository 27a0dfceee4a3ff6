import type { Quantity } from '@lotwarden/contracts/events';
import { broughtIn } from '../balance/balance.ts';
import { booksOf, takesOut } from '../balance/books.ts';
import { TOLD_IN_EPCIS } from '../genealogy/told.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { CONSUMED, eachLink, SCRAPPED } from '../genealogy/links.ts';
import type { OperationLine } from '../genealogy/model.ts';
import { lotAt, operationAt } from '../genealogy/nodes.ts';
import type { LotPart } from '../genealogy/lot-form.ts';
import { createParts, type Parts } from '../genealogy/read-parts.ts';

/** All that ever came into the lot, as the mass balance counts it; in whole pieces without opening its books. */
export const amountOf = (graph: Genealogy, lot: number, parts = createParts(graph), part = parts.lot(lot)): Quantity =>
  wholePieces(graph, lot, parts, part) ?? broughtIn(booksOf(graph, lotAt(graph, lot)));

/** undefined: more than one unit, parts of a piece, taken apart, or told under other names too; the books know. */
function wholePieces(graph: Genealogy, lot: number, parts: Parts, part: LotPart): Quantity | undefined {
  const { standsFor, placeholders, goods } = part;
  if (placeholders.length > 0 || standsFor.length > 0) return undefined;
  const sum = createSum();
  let total = 0;
  for (const { book, quantity } of goods) if (book === 'received') total += sum.add(quantity);
  const { makers, taker, isScrapped } = linksOf(graph, lot);
  const own = (lines: readonly Pick<OperationLine, 'lot' | 'quantity'>[]): number | undefined => {
    let amount: number | undefined;
    for (const line of lines) if (line.lot === lot) amount = (amount ?? 0) + sum.add(line.quantity);
    return amount;
  };
  for (const index of makers) {
    const { voided, head, inputs, outputs } = parts.operation(index);
    if (voided || head?.kind === TOLD_IN_EPCIS) continue;
    let taken: number | undefined;
    for (const line of inputs)
      if (line.lot === lot && line.told && (line.edge === 'material' || line.edge === 'installed'))
        taken = (taken ?? 0) + sum.add(line.quantity);
    const given = own(outputs);
    const lost = isScrapped ? own(operationAt(graph, index).scrap) : undefined;
    // What comes out may have been part of what went in: then nothing was made.
    if (taken === undefined && given !== undefined && head?.kind !== 'make' && takesOut(graph, operationAt(graph, index), lot)) return undefined; // prettier-ignore
    // A component taken out again, or a scrapping by itself: nothing was made.
    if (taken === undefined && given === undefined && head?.kind !== 'make') continue;
    total += Math.max(0, (given ?? 0) + (lost ?? 0) - (taken ?? 0));
  }
  // Nothing came into it: in the unit in which it was taken from, if that can be seen at once.
  if (total === 0 && goods.length === 0 && taker !== undefined) own(parts.operation(taker).inputs);
  const unit = sum.unit();
  return unit === undefined ? undefined : { value: String(total), unit };
}

interface Linked {
  /** Operations that gave to it or scrapped of it. */
  readonly makers: ReadonlySet<number> | readonly number[];
  readonly isScrapped: boolean;
  /** The first that took from it. */
  readonly taker: number | undefined;
}

function linksOf({ links }: Genealogy, lot: number): Linked {
  const makers: number[] = [];
  const scrappers: number[] = [];
  const takers: number[] = [];
  eachLink(links, lot, (operation, side) => (side === CONSUMED ? takers : side === SCRAPPED ? scrappers : makers).push(operation)); // prettier-ignore
  const isScrapped = scrappers.length > 0;
  const taker = takers.length > 0 ? takers.reduce((first, one) => Math.min(first, one)) : undefined;
  return { makers: isScrapped ? new Set([...makers, ...scrappers]) : makers, isScrapped, taker };
}

/** Counts whole pieces of one unit; `unit` is undefined when it met anything else. */
function createSum() {
  let only: string | undefined;
  let isExact = true;
  return {
    add: ({ value, unit }: Quantity): number => {
      only ??= unit;
      const whole = wholeOf(value);
      if (unit !== only || whole < 0) isExact = false;
      return whole;
    },
    unit: () => (isExact ? only : undefined),
  };
}

const ZERO = 48;

/** What the digits say; -1 for anything but digits, and for more than nine. */
function wholeOf(text: string): number {
  if (text.length === 0 || text.length > 9) return -1;
  let whole = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    whole = 10 * whole + digit;
  }
  return whole;
}
