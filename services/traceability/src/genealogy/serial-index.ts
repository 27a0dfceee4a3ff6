import type { SerialRange } from '@lotwarden/platform/serial-range';
import { asBytes, bufferOf } from '../packed/column.ts';
import type { Frozen } from '../packed/frozen.ts';

/** Which lots a unit was ever in, by its serial: 20 bytes for each range that ever came into a lot. */
export interface SerialIndex {
  readonly note: (lot: number, ranges: readonly SerialRange[]) => void;
  /** Lots that ever had any unit of the range. */
  readonly lotsWith: (range: SerialRange) => number[];
  readonly freeze: () => Frozen;
  readonly thaw: (frozen: Frozen) => void;
}

/** Ranges of one device identifier, prefix and width, by their first number, in pieces. */
interface Family {
  readonly pieces: Piece[];
  /** Numbers in the longest of all. */
  longest: number;
}

interface Piece {
  readonly firsts: Float64Array;
  readonly lasts: Float64Array;
  readonly lots: Int32Array;
  size: number;
  /** A snapshot is being written of it: whoever changes it changes a copy. */
  isFrozen: boolean;
}

/** Units whose numbers can be compared. */
export const familyOf = ({ gtin, prefix, width }: SerialRange): string => `${gtin}|${String(width)}|${prefix}`;

/** Ranges in a piece; the first ones are small, since most families of small graphs are. */
const MOST = 1_024;
const FIRST = 8;

export function createSerialIndex(): SerialIndex {
  const families = new Map<string, Family>();
  return {
    note: (lot, ranges) => {
      for (const range of ranges) {
        const name = familyOf(range);
        const family = families.get(name) ?? { pieces: [], longest: 0 };
        families.set(name, family);
        enter(family, lot, range);
      }
    },
    lotsWith: (range) => {
      const family = families.get(familyOf(range));
      if (!family) return [];
      const found = new Set<number>();
      const from = range.first - family.longest;
      for (let at = Math.max(0, pieceFor(family, from)); at < family.pieces.length; at++) {
        const { firsts, lasts, lots, size } = family.pieces[at] ?? EMPTY;
        if ((firsts[0] ?? 0) > range.last) break;
        for (let each = firstFrom({ firsts, size }, from); each < size && (firsts[each] ?? 0) <= range.last; each++)
          if ((lasts[each] ?? 0) >= range.first) found.add(lots[each] ?? 0);
      }
      return [...found];
    },
    freeze: () => {
      const all = [...families.values()].flatMap(({ pieces }) => pieces);
      for (const piece of all) piece.isFrozen = true;
      return {
        meta: { families: [...families].map(([name, { pieces, longest }]) => [name, pieces.length, longest]) },
        parts: {
          firsts: all.map(({ firsts, size }) => asBytes(firsts.subarray(0, size))),
          lasts: all.map(({ lasts, size }) => asBytes(lasts.subarray(0, size))),
          lots: all.map(({ lots, size }) => asBytes(lots.subarray(0, size))),
        },
      };
    },
    thaw: ({ meta, parts }) => {
      let at = 0;
      const bytesOf = (part: string): ArrayBuffer => bufferOf(parts[part]?.[at] ?? new Uint8Array(0));
      for (const [name, pieces, longest] of meta['families'] as [string, number, number][]) {
        const family: Family = { pieces: [], longest };
        for (let piece = 0; piece < pieces; piece++, at++) {
          const [firsts, lasts, lots] = [new Float64Array(bytesOf('firsts')), new Float64Array(bytesOf('lasts')), new Int32Array(bytesOf('lots'))]; // prettier-ignore
          family.pieces.push({ firsts, lasts, lots, size: lots.length, isFrozen: false });
        }
        families.set(name, family);
      }
    },
  };
}

const EMPTY: Piece = { ...roomFor(0), size: 0, isFrozen: false };

function roomFor(size: number): Pick<Piece, 'firsts' | 'lasts' | 'lots'> {
  return { firsts: new Float64Array(size), lasts: new Float64Array(size), lots: new Int32Array(size) };
}

/** Nearly always they come in the order of their numbers. */
function enter(family: Family, lot: number, { first, last }: SerialRange): void {
  if (isThere(family, lot, first, last)) return;
  const at = Math.max(0, pieceFor(family, first));
  const piece = withRoom(family, at, first);
  const place = firstFrom(piece, first);
  piece.firsts.copyWithin(place + 1, place, piece.size);
  piece.lasts.copyWithin(place + 1, place, piece.size);
  piece.lots.copyWithin(place + 1, place, piece.size);
  piece.firsts[place] = first;
  piece.lasts[place] = last;
  piece.lots[place] = lot;
  piece.size += 1;
  family.longest = Math.max(family.longest, last - first);
}

function isThere(family: Family, lot: number, first: number, last: number): boolean {
  for (let at = Math.max(0, pieceFor(family, first)); at < family.pieces.length; at++) {
    const { firsts, lasts, lots, size } = family.pieces[at] ?? EMPTY;
    if ((firsts[0] ?? 0) > first) return false;
    for (let each = firstFrom({ firsts, size }, first); each < size && firsts[each] === first; each++)
      if (lasts[each] === last && lots[each] === lot) return true;
  }
  return false;
}

/** The piece into which a range that begins there belongs, with room for it, and of its own. */
function withRoom(family: Family, at: number, first: number): Piece {
  const { pieces } = family;
  const piece = pieces[at] ?? EMPTY;
  if (piece.size < piece.firsts.length && !piece.isFrozen) return piece;
  const isFull = piece.size === MOST;
  // At the end nothing is split: what comes in order fills every piece.
  const isAtEnd = isFull && at === pieces.length - 1 && first >= (piece.firsts[MOST - 1] ?? 0);
  if (isAtEnd) {
    const next: Piece = { ...roomFor(MOST), size: 0, isFrozen: false };
    pieces.push(next);
    return next;
  }
  if (!isFull) {
    const copy = copied(piece, 0, piece.size, Math.min(MOST, Math.max(FIRST, 2 * piece.size)));
    pieces[at] = copy;
    return copy;
  }
  const half = MOST / 2;
  const [left, right] = [copied(piece, 0, half, MOST), copied(piece, half, MOST, MOST)];
  pieces.splice(at, 1, left, right);
  return first >= (right.firsts[0] ?? 0) ? right : left;
}

function copied(piece: Piece, from: number, to: number, room: number): Piece {
  const copy = roomFor(room);
  copy.firsts.set(piece.firsts.subarray(from, to));
  copy.lasts.set(piece.lasts.subarray(from, to));
  copy.lots.set(piece.lots.subarray(from, to));
  return { ...copy, size: to - from, isFrozen: false };
}

/** The last piece that begins before this number: the first that can hold one from there on; -1 if all begin later. */
function pieceFor({ pieces }: Family, number: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle]?.firsts[0] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The place of the first range that begins at this number or later. */
function firstFrom({ firsts, size }: Pick<Piece, 'firsts' | 'size'>, number: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((firsts[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
