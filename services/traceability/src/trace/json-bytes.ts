import type { Reader, Writer } from '../packed/bytes.ts';
import { writeBytes } from '../packed/bytes.ts';

/** JSON straight into bytes: what many lines of an answer repeat is not made a text first. */

/** For what is ASCII only, and short. */
export function writeAscii(out: Writer, text: string): void {
  makeRoom(out, text.length);
  const { bytes } = out;
  let at = out.size;
  for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
  out.size = at;
}

/** A piece of JSON that is there already. */
export function writeJson(out: Writer, json: string): void {
  writeBytes(out, Buffer.from(json, 'utf8'));
}

const QUOTE = 34;
const ESCAPE = 92;

/** A text with its quotes. */
export function writeText(out: Writer, text: string): void {
  makeRoom(out, text.length + 2);
  const { bytes } = out;
  let at = out.size;
  bytes[at++] = QUOTE;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 32 || unit > 126 || unit === QUOTE || unit === ESCAPE) {
      writeJson(out, JSON.stringify(text));
      return;
    }
    bytes[at++] = unit;
  }
  bytes[at++] = QUOTE;
  out.size = at;
}

/** The same of a text that lies as UTF-8 in `from`, so many bytes of it. False: it has to be escaped, and is not written. */
export function writeKept(out: Writer, { bytes: kept, at: start }: Reader, length: number): boolean {
  makeRoom(out, length + 2);
  const { bytes } = out;
  let at = out.size;
  bytes[at++] = QUOTE;
  for (let index = start; index < start + length; index++) {
    const unit = kept[index] ?? 0;
    if (unit < 32 || unit === QUOTE || unit === ESCAPE) return false;
    bytes[at++] = unit;
  }
  bytes[at++] = QUOTE;
  out.size = at;
  return true;
}

const ZERO = 48;

/** A whole number from 0 up. */
export function writeWhole(out: Writer, value: number): void {
  if (value > 999_999_999) {
    writeAscii(out, String(value));
    return;
  }
  makeRoom(out, 10);
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits += 1;
  const { bytes } = out;
  let rest = value;
  for (let at = out.size + digits - 1; at >= out.size; at--) {
    const tenth = (rest / 10) | 0;
    bytes[at] = ZERO + rest - 10 * tenth;
    rest = tenth;
  }
  out.size += digits;
}

function makeRoom(out: Writer, more: number): void {
  if (out.size + more <= out.bytes.length) return;
  const grown = new Uint8Array(Math.max(2 * out.bytes.length, out.size + more));
  grown.set(out.bytes.subarray(0, out.size));
  out.bytes = grown;
}
