/** Bytes that are written one after the other; grows as needed. */
export interface Writer {
  bytes: Uint8Array;
  size: number;
  /** The id of what is written: texts that repeat it cost nothing. */
  self: string;
}

export interface Reader {
  bytes: Uint8Array;
  at: number;
  self: string;
}

export const createWriter = (room = 1 << 12): Writer => ({ bytes: new Uint8Array(room), size: 0, self: '' });

export function writeByte(out: Writer, value: number): void {
  if (out.size === out.bytes.length) makeRoom(out, 1);
  out.bytes[out.size++] = value;
}

/** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
export function writeNumber(out: Writer, value: number): void {
  if (out.size + 8 > out.bytes.length) makeRoom(out, 8);
  const { bytes } = out;
  let rest = value;
  // Beyond 31 bits the operators on bits would cut it off.
  while (rest > 0x7f_ff_ff_ff) {
    bytes[out.size++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  while (rest > 127) {
    bytes[out.size++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[out.size++] = rest;
}

const MANY_BITS = 28;

export function readNumber(from: Reader): number {
  const { bytes } = from;
  let value = 0;
  for (let shift = 0; shift < MANY_BITS; shift += 7) {
    const byte = bytes[from.at++] ?? 0;
    value |= (byte & 127) << shift;
    if (byte < 128) return value;
  }
  for (let factor = 2 ** MANY_BITS; ; factor *= 128) {
    const byte = bytes[from.at++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
}

export function writeBytes(out: Writer, bytes: Uint8Array): void {
  if (out.size + bytes.length > out.bytes.length) makeRoom(out, bytes.length);
  out.bytes.set(bytes, out.size);
  out.size += bytes.length;
}

export const readByte = (from: Reader): number => from.bytes[from.at++] ?? 0;

/** UTF-8; a lone surrogate comes back as U+FFFD. */
export function writeText(out: Writer, text: string): void {
  // Each code unit takes three bytes at most.
  if (out.size + 8 + 3 * text.length > out.bytes.length) makeRoom(out, 8 + 3 * text.length);
  const start = out.size;
  writeNumber(out, 2 * text.length);
  const body = out.size;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 127) {
      out.size = start;
      writeWide(out, text);
      return;
    }
    out.bytes[body + index] = unit;
  }
  out.size = body + text.length;
}

function writeWide(out: Writer, text: string): void {
  const encoded = Buffer.from(text, 'utf8');
  writeNumber(out, 2 * encoded.length + 1);
  if (out.size + encoded.length > out.bytes.length) makeRoom(out, encoded.length);
  out.bytes.set(encoded, out.size);
  out.size += encoded.length;
}

export function readText(from: Reader): string {
  const head = readNumber(from);
  const length = head >>> 1;
  const start = from.at;
  from.at += length;
  return textOf(from.bytes, start, length, (head & 1) === 1);
}

/** Short texts are put together faster here than by a call out of JavaScript. */
const SHORT = 12;

function textOf(bytes: Uint8Array, start: number, length: number, isWide: boolean): string {
  if (!isWide && length <= SHORT) {
    let text = '';
    for (let index = start; index < start + length; index++) text += String.fromCharCode(bytes[index] ?? 0);
    return text;
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString(isWide ? 'utf8' : 'latin1');
}

function makeRoom(out: Writer, more: number): void {
  const grown = new Uint8Array(Math.max(2 * out.bytes.length, out.size + more));
  grown.set(out.bytes.subarray(0, out.size));
  out.bytes = grown;
}
