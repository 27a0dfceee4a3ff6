import Big from 'big.js';
import { Rejected } from './errors.ts';

/** An exact amount and its UN/ECE Recommendation 20 unit; value is a plain decimal text, at most nine decimals. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** One `from` is `factor` `to`; the other way divides, rounded half-even to nine decimals. */
export interface UnitConversion {
  readonly from: string;
  readonly to: string;
  readonly factor: string;
}

const SCALE = 9;
const DECIMAL = /^-?\d{1,19}(\.\d{1,9})?$/;
const HALF_EVEN = 2;

const plain = (value: Big): string => {
  const text = value.round(SCALE, HALF_EVEN).toFixed();
  return text === '-0' ? '0' : text;
};

/** Throws `quantity-invalid` for what is not an exact decimal of at most 19 + 9 digits. */
export function quantity(value: string | number, unit: string): Quantity {
  const text = String(value);
  if (!DECIMAL.test(text)) throw new Rejected('quantity-invalid', { value: text });
  return { value: plain(new Big(text)), unit };
}

export const zero = (unit: string): Quantity => ({ value: '0', unit });

export const isZero = (q: Quantity): boolean => new Big(q.value).eq(0);
export const isNegative = (q: Quantity): boolean => new Big(q.value).lt(0);
export const isPositive = (q: Quantity): boolean => new Big(q.value).gt(0);
export const negate = (q: Quantity): Quantity => ({ value: plain(new Big(q.value).times(-1)), unit: q.unit });

function sameUnit(a: Quantity, b: Quantity): string {
  if (a.unit !== b.unit) throw new Rejected('unit-not-convertible', { from: b.unit, to: a.unit });
  return a.unit;
}

export const add = (a: Quantity, b: Quantity): Quantity => ({
  unit: sameUnit(a, b),
  value: plain(new Big(a.value).plus(b.value)),
});

export const subtract = (a: Quantity, b: Quantity): Quantity => ({
  unit: sameUnit(a, b),
  value: plain(new Big(a.value).minus(b.value)),
});

export function compare(a: Quantity, b: Quantity): -1 | 0 | 1 {
  sameUnit(a, b);
  return new Big(a.value).cmp(b.value);
}

export const multiply = (q: Quantity, factor: string): Quantity => ({
  unit: q.unit,
  value: plain(new Big(q.value).times(factor)),
});

/** Sum in `unit`; zero of an empty list. */
export const sum = (quantities: readonly Quantity[], unit: string): Quantity => quantities.reduce(add, zero(unit));

/** Exact where the factor allows; throws `unit-not-convertible` where no conversion is known. */
export function convert(q: Quantity, unit: string, conversions: readonly UnitConversion[]): Quantity {
  if (q.unit === unit) return q;
  const forward = conversions.find((c) => c.from === q.unit && c.to === unit);
  if (forward) return { unit, value: plain(new Big(q.value).times(forward.factor)) };
  const backward = conversions.find((c) => c.from === unit && c.to === q.unit);
  if (backward) return { unit, value: plain(new Big(q.value).div(backward.factor)) };
  throw new Rejected('unit-not-convertible', { from: q.unit, to: unit });
}
