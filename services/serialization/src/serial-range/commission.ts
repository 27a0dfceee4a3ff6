import { Rejected } from '@lotwarden/platform/errors';
import { checkRange, count, intersect, type SerialRange } from '@lotwarden/platform/serial-range';
import { nextNumber, type IssuedSerials, type IssuedSerialsEvent } from './issued-serials.ts';
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

/** Characters of a serial in a bar code (GS1 General Specifications, AI 21: X..20). */
const MAX_LENGTH = 20;

/** Units given at once. What is given is given for ever: a slip in `last` must not use up the numbers of years. */
export const MOST_AT_ONCE = 1_000_000;

/**
 * Gives serials to a lot, dense, each once for ever (GS1 General Specifications 2.1.2.2). Throws
 * `serial-already-commissioned`, `serial-prefix-ambiguous`, `serial-too-long`, `serial-range-invalid`, `serials-exhausted`.
 */
export function commissionSerials(
  issued: IssuedSerials,
  { lot, product, gtin, prefix, width, numbers }: CommissionSerials,
): { issue: IssuedSerialsEvent; commissioned: LotSerialsEvent; range: SerialRange } {
  // `A1` + `07` and `A` + `107` print the same text, and what is printed is what must be unique.
  if (/\d$/.test(prefix)) throw new Rejected('serial-prefix-ambiguous', { prefix });
  if (prefix.length + width > MAX_LENGTH) throw new Rejected('serial-too-long', { max: MAX_LENGTH });
  const next = nextNumber(issued, prefix, width);
  const first = 'quantity' in numbers ? next : numbers.first;
  const last = 'quantity' in numbers ? first + numbers.quantity - 1 : numbers.last;
  if ('quantity' in numbers && String(last).length > width)
    throw new Rejected('serials-exhausted', { gtin, prefix, left: 10 ** width - next });
  const range = checkRange({ gtin, prefix, width, first, last });
  if (count([range]) > MOST_AT_ONCE) throw new Rejected('serial-range-invalid', { range });
  if (intersect(issued.ranges, [range]).length > 0)
    throw new Rejected('serial-already-commissioned', { lot, gtin, next });
  return {
    issue: { type: 'SerialsIssued', ranges: [range] },
    commissioned: { type: 'SerialsCommissioned', lot, product, ranges: [range] },
    range,
  };
}
