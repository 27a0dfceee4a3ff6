import { count, formatSerial, type SerialRange } from '@lotwarden/platform/serial-range';
import { subject } from '../facts/subjects.ts';
import { unitLotId } from '../genealogy/epcis-ids.ts';
import type { Want } from './leads-to.ts';

/** Units that are looked for one by one. */
const FEW = 1_000;

/**
 * What was told of units by their own names. Whoever sees a unit that is in our books tells the whole graph nothing; then it
 * may not have been in them yet. Of more than a few units only those that the whole graph knows of are looked for.
 */
export function unitsByName(ranges: readonly SerialRange[]): Want[] {
  if (count(ranges) > FEW) return [];
  return ranges.flatMap((range) =>
    Array.from({ length: count([range]) }, (_, n) => {
      const number = range.first + n;
      const unit = { ...range, first: number, last: number };
      const serial = formatSerial(range, number);
      return { subject: subject('lot', unitLotId({ gtin: range.gtin, serial, range: unit })) };
    }),
  );
}
