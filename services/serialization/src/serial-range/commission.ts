import { Rejected } from '@lotwarden/platform/errors';
import { checkRange, type SerialRange } from '@lotwarden/platform/serial-range';
import { claimedBy, nextNumber, type IssuedSerials, type SerialsClaimed } from './issued-serials.ts';
import type { LotSerialsEvent } from './lot-serials.ts';

export interface CommissionSerials {
  readonly lot: string;
  readonly product: string;
  readonly gtin: string;
  readonly prefix: string;
  readonly width: number;
  /** Either how many, from the next free number on, or from where to where. */
  readonly numbers: { readonly quantity: number } | { readonly first: number; readonly last: number };
}

/**
 * Gives serials to a lot, dense, each once for ever (GS1 General Specifications 2.1.2.2). Throws
 * `serial-already-commissioned`, `serial-range-invalid`.
 */
export function commissionSerials(
  issued: IssuedSerials,
  { lot, product, gtin, prefix, width, numbers }: CommissionSerials,
): { claim: SerialsClaimed; commissioned: LotSerialsEvent } {
  const first = 'quantity' in numbers ? nextNumber(issued, prefix, width) : numbers.first;
  const last = 'quantity' in numbers ? first + numbers.quantity - 1 : numbers.last;
  const range: SerialRange = checkRange({ gtin, prefix, width, first, last });
  const [other] = claimedBy(issued, [range]);
  if (other !== undefined) throw new Rejected('serial-already-commissioned', { lot, other, gtin });
  return {
    claim: { type: 'SerialsClaimed', lot, ranges: [range] },
    commissioned: { type: 'SerialsCommissioned', lot, product, ranges: [range] },
  };
}
