import avro, { type Type } from 'avsc';

/** Below this many bytes a zig-zag integer is exact in a double. */
const EXACT_BYTES = 7;
const EXACT = 2 ** 48;

/**
 * Long as a safe integer, exact over all of ±(2^53 - 1). avsc's own long doubles the number in floating point and so
 * writes -(2^52 + 1) as something else; beyond the safe integers it must be refused, never rounded.
 */
export const safeLong = (): Type =>
  avro.types.LongType.__with(
    {
      fromBuffer: fromVarint,
      toBuffer: toVarint,
      fromJSON: (value: number) => value,
      toJSON: (value: number) => value,
      isValid: Number.isSafeInteger,
      compare: (a: number, b: number) => Math.sign(a - b),
    },
    true,
  );

function fromVarint(bytes: Buffer): number {
  if (bytes.length > EXACT_BYTES) return fromLongVarint(bytes);
  let zigzag = 0;
  for (let n = bytes.length - 1; n >= 0; n -= 1) zigzag = zigzag * 128 + ((bytes[n] ?? 0) & 0x7f);
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

function fromLongVarint(bytes: Buffer): number {
  const zigzag = bytes.reduceRight((sum, byte) => sum * 128n + BigInt(byte & 0x7f), 0n);
  const value = Number((zigzag >> 1n) ^ -(zigzag & 1n));
  if (!Number.isSafeInteger(value)) throw new RangeError(`an integer beyond 2^53 - 1: about ${value}`);
  return value;
}

function toVarint(value: number): Buffer {
  const bytes: number[] = [];
  if (Math.abs(value) < EXACT) {
    let rest = value >= 0 ? value * 2 : value * -2 - 1;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
    bytes.push(rest);
  } else {
    let rest = value >= 0 ? BigInt(value) * 2n : BigInt(value) * -2n - 1n;
    for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
  }
  return Buffer.from(bytes);
}
