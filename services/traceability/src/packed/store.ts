import { createWriter, readNumber, writeBytes, writeNumber, type Reader, type Writer } from './bytes.ts';
import { createColumn } from './column.ts';
import type { Frozen } from './frozen.ts';

/** How a node becomes bytes, and a node again. */
export interface NodeForm<T> {
  readonly write: (out: Writer, node: T) => void;
  readonly read: (from: Reader, index: number) => T;
  readonly idOf: (index: number) => string;
}

/**
 * Nodes by number 0, 1, 2, …: those that were changed lately are objects, all others bytes. Only the fold changes them, and
 * only those that `change` gives it; they become bytes again when it says so by `settle`.
 */
export interface Store<T> {
  readonly size: number;
  /** The new node gets the next number. */
  readonly add: (node: T) => void;
  /** To read, and not for long: undefined if there is none. */
  readonly at: (index: number) => T | undefined;
  /** To change before the next `settle`. */
  readonly change: (index: number) => T | undefined;
  /** The object if it is one, otherwise where its bytes are: `locate`. */
  readonly hot: (index: number) => T | undefined;
  /** Points `reader` to the bytes of a node that is not hot; false if there is none. */
  readonly locate: (index: number, reader: Reader) => boolean;
  /** Between facts: packs the oldest as long as there are too many, and cleans up a little. */
  readonly settle: () => void;
  /** Packs so many of the oldest at most, whatever `settle` would keep; how many are left. */
  readonly cool: (most: number) => number;
  readonly freeze: () => Frozen;
  readonly thaw: (frozen: Frozen) => void;
  readonly bytes: () => StoreBytes;
}

export interface StoreBytes {
  /** Where each node lies. */
  readonly places: number;
  readonly live: number;
  readonly reserved: number;
}

/** Records lie in pieces of so many bytes and never across two of them; a place is a fourth of the offset. */
const BITS = 20;
const PIECE = 1 << BITS;
/** The first piece grows up to that size. */
const FIRST = 1 << 10;
const ALIGN = 4;
/** Read ones that are kept as objects: twice as many at most. */
const MOST_READ = 2_048;
/** The hot ones may be more than they should by this part of them: 32 of 16,384. */
const SLACK = 512;

interface Piece {
  bytes: Uint8Array;
  filled: number;
  /** Bytes of records that nothing has replaced since. */
  live: number;
}

export function createStore<T extends object>(form: NodeForm<T>, mostHot: number): Store<T> {
  const hot = new Map<number, T>();
  let read = new Map<number, T>();
  let readBefore = new Map<number, T>();
  const slack = Math.floor(mostHot / SLACK);
  let size = 0;
  /** 0: never packed. */
  const places = createColumn(4);
  const pieces: (Piece | undefined)[] = [];
  let current: Piece | undefined;
  /** Pieces that are more than half garbage. */
  const wasteful: number[] = [];
  const out = createWriter();
  const reader: Reader = { bytes: out.bytes, at: 0, self: '' };

  const pieceAt = (place: number): Piece | undefined => pieces[Math.floor((place * ALIGN) / PIECE)];

  const locate = (index: number, into: Reader): boolean => {
    const place = places.get(index);
    if (place === 0) return false;
    into.bytes = pieceAt(place)?.bytes ?? into.bytes;
    into.at = (place * ALIGN) % PIECE;
    // What the record is of, and how long it is.
    readNumber(into);
    readNumber(into);
    return true;
  };

  const fresh = (length: number): Piece => {
    const size = pieces.length === 0 ? FIRST : PIECE;
    const made = { bytes: new Uint8Array(Math.max(size, aligned(length) + ALIGN)), filled: 0, live: 0 };
    // The place 0 says that there is none.
    if (pieces.length === 0) made.filled = ALIGN;
    pieces.push(made);
    current = made;
    return made;
  };

  const drop = (place: number): void => {
    const piece = pieceAt(place);
    if (!piece) return;
    const at = (place * ALIGN) % PIECE;
    reader.bytes = piece.bytes;
    reader.at = at;
    readNumber(reader);
    const length = readNumber(reader);
    const before = piece.live;
    piece.live -= reader.at - at + length;
    const half = piece.filled / 2;
    if (piece !== current && before >= half && piece.live < half) wasteful.push(pieces.indexOf(piece));
  };

  const put = (index: number, record: Uint8Array): void => {
    const previous = places.get(index);
    const piece = current && hasRoom(current, record.length) ? current : fresh(record.length);
    piece.bytes.set(record, piece.filled);
    places.set(index, ((pieces.length - 1) * PIECE + piece.filled) / ALIGN);
    piece.filled = aligned(piece.filled + record.length);
    piece.live += record.length;
    if (previous > 0) drop(previous);
  };

  const body = createWriter();
  const pack = (index: number, node: T): void => {
    body.size = 0;
    body.self = form.idOf(index);
    form.write(body, node);
    out.size = 0;
    writeNumber(out, index);
    writeNumber(out, body.size);
    writeBytes(out, body.bytes.subarray(0, body.size));
    put(index, out.bytes.subarray(0, out.size));
  };

  const unpack = (index: number): T | undefined => {
    if (!locate(index, reader)) return undefined;
    reader.self = form.idOf(index);
    return form.read(reader, index);
  };

  /** Moves what still counts out of a piece that is mostly garbage, and lets it go. */
  const tidy = (number: number): void => {
    const piece = pieces[number];
    if (!piece || piece === current) return;
    const scan: Reader = { bytes: piece.bytes, at: number === 0 ? ALIGN : 0, self: '' };
    while (scan.at < piece.filled) {
      const start = scan.at;
      const index = readNumber(scan);
      const end = readNumber(scan) + scan.at;
      if (places.get(index) * ALIGN === number * PIECE + start) put(index, piece.bytes.subarray(start, end));
      scan.at = aligned(end);
    }
    pieces[number] = undefined;
  };

  const remember = (index: number, node: T): void => {
    if (read.size >= MOST_READ) {
      readBefore = read;
      read = new Map();
    }
    read.set(index, node);
  };
  const remembered = (index: number): T | undefined => read.get(index) ?? readBefore.get(index);

  return {
    get size() {
      return size;
    },
    add: (node) => {
      hot.set(size, node);
      size += 1;
    },
    at: (index) => {
      const known = hot.get(index) ?? remembered(index);
      if (known) return known;
      const node = unpack(index);
      if (node) remember(index, node);
      return node;
    },
    change: (index) => {
      const known = hot.get(index);
      if (known) return known;
      const node = remembered(index) ?? unpack(index);
      if (node) hot.set(index, node);
      read.delete(index);
      readBefore.delete(index);
      return node;
    },
    hot: (index) => hot.get(index),
    locate,
    settle: () => {
      // Some at once: finding the oldest goes past all that were deleted before it.
      if (hot.size > mostHot + slack)
        for (const [index, node] of hot) {
          if (hot.size <= mostHot) break;
          hot.delete(index);
          pack(index, node);
        }
      const number = wasteful.pop();
      if (number !== undefined) tidy(number);
    },
    cool: (most) => {
      let packed = 0;
      for (const [index, node] of hot) {
        if (packed++ === most) break;
        hot.delete(index);
        pack(index, node);
      }
      return hot.size;
    },
    freeze: () => {
      for (const [index, node] of hot) pack(index, node);
      hot.clear();
      return {
        meta: { size, pieces: pieces.map((piece) => piece && [piece.filled, piece.live, piece.bytes.length]) },
        parts: {
          places: places.freeze(),
          pieces: pieces.map((piece) => piece?.bytes.subarray(0, piece.filled) ?? NONE),
        },
      };
    },
    thaw: ({ meta, parts }) => {
      size = Number(meta['size']);
      places.thaw(parts['places'] ?? []);
      const told = meta['pieces'] as readonly (readonly [number, number, number] | null)[];
      for (const [number, bytes] of (parts['pieces'] ?? []).entries()) {
        const [filled, live] = told[number] ?? [0, 0];
        pieces.push(told[number] ? { bytes, filled, live } : undefined);
        if (told[number] && live < filled / 2) wasteful.push(number);
      }
      // The last one is not written to any more; the next record begins another piece.
      current = undefined;
    },
    bytes: () => ({
      places: places.bytes(),
      live: pieces.reduce((sum, piece) => sum + (piece?.live ?? 0), 0),
      reserved: pieces.reduce((sum, piece) => sum + (piece?.bytes.length ?? 0), 0),
    }),
  };
}

const NONE = new Uint8Array(0);

/** Makes room by growing, as long as the piece is small. */
function hasRoom(piece: Piece, length: number): boolean {
  const needed = aligned(piece.filled + length);
  // A record that alone is larger than a piece lies by itself.
  if (needed > PIECE) return false;
  if (needed > piece.bytes.length) {
    const grown = new Uint8Array(Math.min(PIECE, Math.max(needed, 4 * piece.bytes.length)));
    grown.set(piece.bytes);
    piece.bytes = grown;
  }
  return true;
}

const aligned = (offset: number): number => Math.ceil(offset / ALIGN) * ALIGN;
