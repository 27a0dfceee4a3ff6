import { quantity } from '@lotwarden/platform/quantity';

const SCALE = 9;
const ONE = 10n ** 9n;

/** Whole pieces, as nearly everything is. */
const PLAIN = /^-?\d{1,18}$/;

/** A quantity's value as a whole number of its billionths: exact, and cheap to add. Throws `quantity-invalid`. */
export function toExact(value: string): bigint {
  if (PLAIN.test(value)) return BigInt(value) * ONE;
  const { value: plain } = quantity(value, '');
  const [whole = '0', fraction = ''] = plain.replace('-', '').split('.');
  const magnitude = BigInt(whole) * ONE + BigInt(fraction.padEnd(SCALE, '0'));
  return plain.startsWith('-') ? -magnitude : magnitude;
}

/** Back to plain decimal text without trailing zeros. */
export function fromExact(exact: bigint): string {
  const magnitude = exact < 0n ? -exact : exact;
  const fraction = String(magnitude % ONE)
    .padStart(SCALE, '0')
    .replace(/0+$/, '');
  return `${exact < 0n ? '-' : ''}${String(magnitude / ONE)}${fraction === '' ? '' : `.${fraction}`}`;
}
