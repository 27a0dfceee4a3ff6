import type { LotLine, Violation } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { contains, count, intersect } from '@lotwarden/platform/serial-range';
import type { Stock } from '../stock/stock.ts';

export interface Destination {
  readonly market: string;
  readonly purpose: string;
}

/** What is wrong with shipping this line, beside holds, as codes with detail; empty = nothing. */
export function lineFindings(stock: Stock, line: LotLine, { market, purpose }: Destination): Violation[] {
  const { lot, serials, quantity } = line;
  const finding = (code: string, detail: string): Violation => ({ code, lot, detail });
  const found: Violation[] = [];
  const released = stock.markets.includes(market) || stock.markets.includes('*');
  if (purpose === 'sale' && !released) found.push(finding('lot-not-released', market));
  if (stock.serials.length > 0 && serials.length === 0) found.push(finding('serials-required', quantity.value));
  if (serials.length > 0) {
    if (String(count(serials)) !== quantity.value)
      found.push(finding('serial-count-mismatch', `${String(count(serials))} serials for ${quantity.value}`));
    if (!contains(stock.serials, serials)) found.push(finding('serial-not-in-custody', lot));
    if (purpose === 'sale' && intersect(stock.quarantined, serials).length > 0)
      found.push(finding('serial-in-quarantine', lot));
  }
  return found;
}

/** A command is refused on the first finding. */
export function refuseOnFinding(findings: readonly Violation[]): void {
  const [first] = findings;
  if (first) throw new Rejected(first.code, { lot: first.lot, detail: first.detail, findings });
}
