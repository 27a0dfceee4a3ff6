import Big from 'big.js';
import type { EventOf, LotLine, Violation } from '@lotwarden/contracts/events';
import { count, intersect } from '@lotwarden/platform/serial-range';
import type { Stock } from '../stock/stock.ts';

export type ReturnEvent = EventOf<'warehouse.return.v1'>;
export type Return = { readonly status: 'unknown' } | ({ readonly status: 'received' } & Omit<ReturnEvent, 'type'>);

export const NO_RETURN: Return = { status: 'unknown' };

/** What is reported of a return after it was received adds to it. */
export function evolve(known: Return, { type: _, ...facts }: ReturnEvent): Return {
  if (known.status === 'unknown') return { status: 'received', ...facts };
  return {
    ...known,
    lines: [...known.lines, ...facts.lines],
    unidentified: [...new Set([...known.unidentified, ...facts.unidentified])],
    violations: [...known.violations, ...facts.violations],
  };
}

/** What does not fit about goods that came back; they are taken in all the same, into quarantine. */
export function returnFindings(stock: Stock, { lot, quantity, serials }: LotLine): Violation[] {
  const found: Violation[] = [];
  if (stock.lot === '') found.push({ code: 'lot-unknown', lot, detail: 'came back, and nobody knows it' });
  if (serials.length > 0 && !new Big(quantity.value).eq(count(serials)))
    found.push({
      code: 'serial-count-mismatch',
      lot,
      detail: `${String(count(serials))} serials for ${quantity.value}`,
    });
  if (intersect(stock.serials, serials).length > 0)
    found.push({ code: 'serial-already-in-custody', lot, detail: 'a unit came back that never left by the books' });
  return found;
}
