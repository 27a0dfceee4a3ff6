import { Rejected } from '@lotwarden/platform/errors';
import { convert, type Quantity, type UnitConversion } from '@lotwarden/platform/quantity';

/** Exact decimal multiples within one kind of quantity (UN/ECE Recommendation 20, annex I). All else is not converted. */
const MULTIPLES: readonly UnitConversion[] = [
  { from: 'KGM', to: 'GRM', factor: '1000' },
  { from: 'KGM', to: 'MGM', factor: '1000000' },
  { from: 'GRM', to: 'MGM', factor: '1000' },
  { from: 'KMT', to: 'MTR', factor: '1000' },
  { from: 'MTR', to: 'CMT', factor: '100' },
  { from: 'MTR', to: 'MMT', factor: '1000' },
  { from: 'CMT', to: 'MMT', factor: '10' },
  { from: 'LTR', to: 'MLT', factor: '1000' },
  // Each, piece and one count the same.
  { from: 'EA', to: 'H87', factor: '1' },
  { from: 'EA', to: 'C62', factor: '1' },
  { from: 'H87', to: 'C62', factor: '1' },
];

/** The same amount in another unit; undefined where no exact conversion is known. */
export function inUnit(quantity: Quantity, unit: string): Quantity | undefined {
  try {
    return convert(quantity, unit, MULTIPLES);
  } catch (error) {
    if (error instanceof Rejected && error.code === 'unit-not-convertible') return undefined;
    throw error;
  }
}
