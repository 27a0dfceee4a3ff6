import Big from 'big.js';
import type { Characteristic, CharacteristicResult } from '@lotwarden/contracts/events';

/** A value as the certificate of analysis or the logger on the truck states it. */
export interface StatedValue {
  readonly characteristic: string;
  readonly value: string;
  readonly unit: string;
}

/**
 * Every characteristic that a source must prove, with its limits and verdict; limits are inclusive, and a value in
 * another unit than the specification's is no proof.
 */
export function checkAgainst(
  specified: readonly Characteristic[],
  source: 'coa' | 'transport',
  stated: readonly StatedValue[],
): CharacteristicResult[] {
  return specified
    .filter((characteristic) => characteristic.source === source)
    .map(({ code, unit, lower, upper }) => {
      const found = stated.find((s) => s.characteristic === code && s.unit === unit);
      const limits = { characteristic: code, unit, lower, upper };
      if (!found) return { ...limits, value: null, verdict: 'missing' };
      return { ...limits, value: found.value, verdict: within(found.value, lower, upper) ? 'pass' : 'fail' };
    });
}

function within(value: string, lower: string | null, upper: string | null): boolean {
  const v = new Big(value);
  return (lower === null || v.gte(lower)) && (upper === null || v.lte(upper));
}

export const passes = (results: readonly CharacteristicResult[]): boolean => results.every((r) => r.verdict === 'pass');
