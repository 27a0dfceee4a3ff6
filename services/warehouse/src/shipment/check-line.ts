import Big from 'big.js';
import type { LotLine, Violation } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { contains, count, intersect } from '@lotwarden/platform/serial-range';
import { pickedSerials } from '../stock/stage-stock.ts';
import type { Stock } from '../stock/stock.ts';

export interface Destination {
  /** Null where nobody knows it: then a release for any market has to do. */
  readonly market: string | null;
  /** Such goods may go there although they are not released, or came back. */
  readonly unreleased: boolean;
}

/** What is wrong with shipping this line, beside holds, as codes with detail; empty = nothing. */
export function lineFindings(stock: Stock, line: LotLine, { market, unreleased }: Destination): Violation[] {
  const { lot, serials, quantity } = line;
  const finding = (code: string, detail: string): Violation => ({ code, lot, detail });
  const found: Violation[] = [];
  const released =
    stock.markets.includes('*') || (market === null ? stock.markets.length > 0 : stock.markets.includes(market));
  if (!unreleased && !released) found.push(finding('lot-not-released', market ?? 'any market'));
  if (stock.serials.length > 0 && serials.length === 0) found.push(finding('serials-required', quantity.value));
  if (serials.length > 0) {
    if (!new Big(quantity.value).eq(count(serials)))
      found.push(finding('serial-count-mismatch', `${String(count(serials))} serials for ${quantity.value}`));
    if (!contains(stock.serials, serials)) found.push(finding('serial-not-in-custody', lot));
    if (intersect(pickedSerials(stock), serials).length > 0) found.push(finding('serial-picked', lot));
    if (!unreleased && intersect(stock.quarantined, serials).length > 0)
      found.push(finding('serial-in-quarantine', lot));
  }
  return found;
}

/** A command is refused on the first finding. */
export function refuseOnFinding(findings: readonly Violation[]): void {
  const [first] = findings;
  if (!first) return;
  const { code, lot, detail } = first;
  throw new Rejected(code, { lot, market: detail, detail, findings });
}
