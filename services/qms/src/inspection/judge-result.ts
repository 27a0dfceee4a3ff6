import Big from 'big.js';
import type { Characteristic, CharacteristicResult } from '@lotwarden/contracts/events';

/** A laboratory's value for one characteristic. */
export interface Measured {
  readonly characteristic: string;
  readonly value: string;
  readonly unit: string;
}

/** The value against the limits, which are inclusive; a value in another unit proves nothing, and so fails. */
export function judge(specified: Characteristic | undefined, measured: Measured): CharacteristicResult {
  const limits = { lower: specified?.lower ?? null, upper: specified?.upper ?? null };
  const inLimits =
    specified?.unit === measured.unit &&
    (limits.lower === null || new Big(measured.value).gte(limits.lower)) &&
    (limits.upper === null || new Big(measured.value).lte(limits.upper));
  return { ...measured, ...limits, verdict: inLimits ? 'pass' : 'fail' };
}

/** The worst result of each characteristic; one without any is `missing`. */
export function summary(
  specified: readonly Characteristic[],
  results: readonly CharacteristicResult[],
): CharacteristicResult[] {
  return specified.map((characteristic) => {
    const { code, unit, lower, upper } = characteristic;
    const judged = results.filter((r) => r.characteristic === code).map((r) => judge(characteristic, measuredOf(r)));
    return (
      judged.find((r) => r.verdict === 'fail') ??
      judged.at(-1) ?? { characteristic: code, value: null, unit, lower, upper, verdict: 'missing' }
    );
  });
}

const measuredOf = (r: CharacteristicResult): Measured => ({
  characteristic: r.characteristic,
  value: r.value ?? '0',
  unit: r.value === null ? '' : r.unit,
});
