import { createWriter, readNumber, readText, writeText, type Reader } from '../packed/bytes.ts';
import { asBytes, bufferOf, createColumn } from '../packed/column.ts';
import type { Frozen } from '../packed/frozen.ts';

/** Gives each text a dense number, 0, 1, 2, …, so that the graph can be kept in arrays. */
export interface Interner {
  readonly size: number;
  /** The number of a text, given now if it has none. */
  intern: (text: string) => number;
  find: (text: string) => number | undefined;
  text: (index: number) => string;
  /** Points `from` to the bytes of a text, in UTF-8, and tells how many there are. */
  locate: (index: number, from: Reader) => number;
  freeze: () => Frozen;
  /** Only into an empty one. */
  thaw: (frozen: Frozen) => void;
  bytes: () => number;
}

/** Texts lie in pieces of so many bytes (2^20) and never across two of them. */
const BITS = 20;
const PIECE = 1 << BITS;
/** The first piece grows up to that size. */
const FIRST = 1 << 10;
/** The table is as many small ones, so that growing never stops the thread: 10^8 texts are 10^5 in each. */
const TABLES = 1024;
/** Tables below that size grow by four: what is in them is hashed anew less often. */
const SMALL = 512;
/** Of each number in a table the highest bits are of the hash: nearly all others need not be looked up in the texts. */
const INDEX_BITS = 27;
const INDEX_MASK = 2 ** INDEX_BITS - 1;

/**
 * Texts as UTF-8 bytes in pieces, where each begins, and open addressing by hash: about 12 bytes a text besides the text
 * itself, where a Map costs 160 and ends at 16.7 million. Holds 134 million.
 */
export function createInterner(): Interner {
  const pieces: Uint8Array[] = [];
  let filled = PIECE;
  const starts = createColumn(4);
  const tables: (Uint32Array | undefined)[] = [];
  const counts: number[] = [];
  /** Tables out of a snapshot that nobody has asked since, and how many texts there were then. */
  const unread = new Set<number>();
  let sizeThen = 0;
  let size = 0;
  const wanted = createWriter();
  const reader: Reader = { bytes: wanted.bytes, at: 0, self: '' };

  /** The number of the text in `wanted`, or -1. */
  const look = (hash: number, table: Uint32Array): number => {
    const mask = table.length - 1;
    const tag = hash >>> INDEX_BITS;
    for (let place = placeOf(hash) & mask; ; place = (place + 1) & mask) {
      const entry = table[place] ?? 0;
      if (entry === 0) return -1;
      if (entry >>> INDEX_BITS === tag && isWanted((entry & INDEX_MASK) - 1)) return (entry & INDEX_MASK) - 1;
    }
  };

  const isWanted = (index: number): boolean => {
    const start = starts.get(index);
    const bytes = pieces[start >>> BITS] ?? NONE;
    const from = start & (PIECE - 1);
    for (let at = 0; at < wanted.size; at++) if (bytes[from + at] !== wanted.bytes[at]) return false;
    return true;
  };

  const hashAt = (index: number): number => {
    const start = starts.get(index);
    reader.bytes = pieces[start >>> BITS] ?? NONE;
    reader.at = start & (PIECE - 1);
    const from = reader.at;
    return hashOf(reader.bytes, from, from + lengthAt(reader));
  };

  /** What came after the snapshot was taken is only taken out of a table when it is asked: there are gigabytes of them. */
  const tableAt = (number: number): Uint32Array | undefined => {
    const table = tables[number];
    if (unread.size > 0 && unread.delete(number) && table) counts[number] = keepBelow(table, sizeThen);
    return table;
  };

  const enlarge = (number: number): Uint32Array => {
    const before = tables[number];
    const grown = new Uint32Array(before ? (before.length < SMALL ? 4 : 2) * before.length : 8);
    for (const entry of before ?? []) if (entry !== 0) put(grown, entry, hashAt((entry & INDEX_MASK) - 1));
    tables[number] = grown;
    return grown;
  };

  const store = (): number => {
    if (size === INDEX_MASK - 1) throw new RangeError('too many texts');
    const last = pieces.at(-1);
    if (!last || filled + wanted.size > PIECE) {
      pieces.push(new Uint8Array(Math.max(last ? PIECE : FIRST, wanted.size)));
      filled = 0;
    } else if (filled + wanted.size > last.length) {
      const grown = new Uint8Array(Math.min(PIECE, Math.max(filled + wanted.size, 4 * last.length)));
      grown.set(last);
      pieces[pieces.length - 1] = grown;
    }
    pieces.at(-1)?.set(wanted.bytes.subarray(0, wanted.size), filled);
    starts.set(size, (pieces.length - 1) * PIECE + filled);
    filled += wanted.size;
    return size++;
  };

  /** What was asked for last is asked for again most often: its bytes are in `wanted`. */
  let lastText: string | undefined;
  let lastHash = 0;
  let lastFound = -1;

  const prepare = (text: string): number => {
    wanted.size = 0;
    writeText(wanted, text);
    lastText = text;
    lastHash = hashOf(wanted.bytes, 0, wanted.size);
    lastFound = -1;
    return lastHash;
  };

  return {
    get size() {
      return size;
    },
    intern(text) {
      const isLast = text === lastText;
      if (isLast && lastFound >= 0) return lastFound;
      const hash = isLast ? lastHash : prepare(text);
      const number = tableOf(hash);
      let table = tableAt(number) ?? enlarge(number);
      lastFound = isLast ? -1 : look(hash, table);
      if (lastFound >= 0) return lastFound;
      const count = (counts[number] ?? 0) + 1;
      counts[number] = count;
      if (4 * count > 3 * table.length) table = enlarge(number);
      const index = store();
      put(table, ((hash >>> INDEX_BITS) * 2 ** INDEX_BITS + index + 1) >>> 0, hash);
      lastFound = index;
      return index;
    },
    find: (text) => {
      if (text !== lastText) {
        const hash = prepare(text);
        const table = tableAt(tableOf(hash));
        if (table) lastFound = look(hash, table);
      }
      return lastFound < 0 ? undefined : lastFound;
    },
    text(index) {
      if (!(index >= 0 && index < size)) throw new RangeError(`no text has the number ${index}`);
      const start = starts.get(index);
      reader.bytes = pieces[start >>> BITS] ?? NONE;
      reader.at = start & (PIECE - 1);
      return readText(reader);
    },
    locate(index, from) {
      if (!(index >= 0 && index < size)) throw new RangeError(`no text has the number ${index}`);
      const start = starts.get(index);
      from.bytes = pieces[start >>> BITS] ?? NONE;
      from.at = start & (PIECE - 1);
      return readNumber(from) >>> 1;
    },
    freeze: () => ({
      meta: { size },
      parts: {
        pieces: pieces.map((piece, at) => (at === pieces.length - 1 ? piece.subarray(0, filled) : piece)),
        starts: starts.freeze(),
        tables: Array.from({ length: TABLES }, (_, number) => asBytes(tables[number] ?? new Uint32Array(0))),
      },
    }),
    thaw: ({ meta, parts }) => {
      size = Number(meta['size']);
      sizeThen = size;
      lastText = undefined;
      starts.thaw(parts['starts'] ?? []);
      for (const bytes of parts['pieces'] ?? []) pieces.push(bytes);
      const last = pieces.pop();
      if (last) {
        filled = last.length;
        pieces.push(last);
      }
      for (const [number, bytes] of (parts['tables'] ?? []).entries()) {
        if (bytes.length === 0) continue;
        tables[number] = new Uint32Array(bufferOf(bytes));
        unread.add(number);
      }
    },
    bytes: () =>
      pieces.reduce((sum, { length }) => sum + length, 0) +
      starts.bytes() +
      tables.reduce((sum, table) => sum + (table?.byteLength ?? 0), 0),
  };
}

const NONE = new Uint8Array(0);

/** A text with the number before it that says how long it is. */
function lengthAt(reader: Reader): number {
  const from = reader.at;
  let head = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = reader.bytes[reader.at++] ?? 0;
    head |= (byte & 127) << shift;
    if (byte < 128) return reader.at - from + (head >>> 1);
  }
}

/**
 * What came after the snapshot was taken may stand in its tables: it was put behind everything that counts. Where a table
 * goes into the next snapshot before anybody asked it, such an entry points to another text: it is found for none but that
 * text, since all bytes are compared.
 */
function keepBelow(table: Uint32Array, size: number): number {
  let count = 0;
  for (let place = 0; place < table.length; place++) {
    const index = (table[place] ?? 0) & INDEX_MASK;
    if (index > size) table[place] = 0;
    else if (index > 0) count += 1;
  }
  return count;
}

function put(table: Uint32Array, entry: number, hash: number): void {
  const mask = table.length - 1;
  let place = placeOf(hash) & mask;
  while (table[place] !== 0) place = (place + 1) & mask;
  table[place] = entry;
}

const tableOf = (hash: number): number => hash & (TABLES - 1);
/** Other bits than those that chose the table, and mostly others than those kept in it. */
const placeOf = (hash: number): number => hash >>> 10;

/** FNV-1a, mixed at the end as MurmurHash3 does. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x81_1c_9d_c5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01_00_01_93);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
