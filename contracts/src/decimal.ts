/** Avro decimals: a two's-complement integer, most significant byte first, of units of 10^-scale (Avro 1.12, Logical Types). */

const PLAIN = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;
/** Up to this many bytes Node reads and writes an integer without BigInt. */
const SMALL = 6;
/** None of so many bytes has more digits. */
const SMALL_DIGITS = 15;
/** Far above what 28 digits need; padding by sign extension is legal, an attack is not. */
const MOST_BYTES = 64;

/** Throws a RangeError where the text is not plain notation, or has more digits or decimals than the schema allows. */
export function decimalToBytes(text: string, precision: number, scale: number): Buffer {
  const [, sign = '', whole = '', decimals = ''] = PLAIN.exec(text) ?? [];
  if (whole === '') throw new RangeError(`not a plain decimal: ${text.slice(0, 40)}`);
  const fraction = withoutTrailingZeros(decimals);
  if (fraction.length > scale) throw new RangeError(`more than ${scale} decimals: ${text.slice(0, 80)}`);
  const digits = (whole + fraction.padEnd(scale, '0')).replace(/^0+(?=\d)/, '');
  if (digits.length > precision) throw new RangeError(`more than ${precision} digits: ${text.slice(0, 80)}`);
  return digits.length <= 14 ? smallToBytes(Number(sign + digits)) : bigToBytes(BigInt(sign + digits));
}

/** Throws a RangeError where the number has more digits than the schema allows. */
export function decimalFromBytes(bytes: Buffer, precision: number, scale: number): string {
  if (bytes.length > MOST_BYTES) throw new RangeError(`a decimal of ${bytes.length} bytes`);
  // Most are whole, and need no text to be cut.
  if (bytes.length > 0 && bytes.length <= SMALL && precision >= SMALL_DIGITS) {
    const units = bytes.readIntBE(0, bytes.length);
    const one = 10 ** scale;
    if (units % one === 0) return String(units / one);
  }
  const unscaled =
    bytes.length === 0 ? '0' : bytes.length <= SMALL ? String(bytes.readIntBE(0, bytes.length)) : bigFromBytes(bytes);
  const negative = unscaled.startsWith('-');
  const digits = (negative ? unscaled.slice(1) : unscaled).padStart(scale + 1, '0');
  if (digits.length > Math.max(precision, scale + 1))
    throw new RangeError(`a decimal of more than ${precision} digits`);
  const fraction = withoutTrailingZeros(digits.slice(digits.length - scale));
  const whole = digits.slice(0, digits.length - scale);
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

const withoutTrailingZeros = (digits: string): string => digits.replace(/0+$/, '');

function smallToBytes(value: number): Buffer {
  let length = 1;
  while (value < -(2 ** (8 * length - 1)) || value >= 2 ** (8 * length - 1)) length += 1;
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeIntBE(value, 0, length);
  return bytes;
}

function bigToBytes(value: bigint): Buffer {
  let length = SMALL;
  while (BigInt.asIntN(8 * length, value) !== value) length += 1;
  return Buffer.from(
    BigInt.asUintN(8 * length, value)
      .toString(16)
      .padStart(2 * length, '0'),
    'hex',
  );
}

const bigFromBytes = (bytes: Buffer): string =>
  BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`)).toString();
