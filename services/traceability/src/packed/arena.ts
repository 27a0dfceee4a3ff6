/**
 * Short rows of 32-bit numbers by index, in pieces, so that growing copies nothing. A row is a header, then its numbers. When
 * too much is in it, it begins anew: what is in it can always be made again.
 */
export interface Arena {
  /** Index → where its row begins, plus one; 0: it has none. */
  readonly pages: (Uint32Array | undefined)[];
  readonly pieces: Uint32Array[];
  filled: number;
  /** So many numbers, 4 bytes each. */
  readonly most: number;
}

const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;
const PIECE_BITS = 16;
const PIECE = 1 << PIECE_BITS;
const MOST = 1 << 24;
const NOTHING = new Uint32Array(1);

export const createArena = (most: number = MOST): Arena => ({ pages: [], pieces: [], filled: 0, most });

/** Where the row of an index is; 0: nowhere. */
export function placeIn({ pages }: Arena, index: number): number {
  const page = pages[index >>> PAGE_BITS];
  return page === undefined ? 0 : (page[index & (PAGE - 1)] ?? 0);
}

/** The array in which a row lies, beginning at `offsetOf` with its header. */
export const pieceOf = ({ pieces }: Arena, place: number): Uint32Array => pieces[(place - 1) >>> PIECE_BITS] ?? NOTHING;
export const offsetOf = (place: number): number => (place - 1) & (PIECE - 1);

export function dropRow({ pages }: Arena, index: number): void {
  const page = pages[index >>> PAGE_BITS];
  if (page) page[index & (PAGE - 1)] = 0;
}

/** Room for so many numbers after the header. Returns the row's place. */
export function placeRow(arena: Arena, index: number, length: number): number {
  if (arena.filled + length > arena.most) {
    arena.pages.length = 0;
    arena.pieces.length = 0;
    arena.filled = 0;
  }
  if (arena.pieces.length * PIECE - arena.filled < 1 + length) grow(arena, 1 + length);
  const place = arena.filled + 1;
  // Behind one that takes several pieces there is no room: only the first of them is an array.
  arena.filled = length < PIECE ? arena.filled + 1 + length : arena.pieces.length * PIECE;
  const at = index >>> PAGE_BITS;
  while (arena.pages.length <= at) arena.pages.push(undefined);
  const page = arena.pages[at] ?? new Uint32Array(PAGE);
  arena.pages[at] = page;
  page[index & (PAGE - 1)] = place;
  return place;
}

/** A row never goes over the end of a piece: one that is longer gets a piece that counts as several. */
function grow(arena: Arena, needed: number): void {
  arena.filled = arena.pieces.length * PIECE;
  const many = Math.ceil(needed / PIECE);
  arena.pieces.push(new Uint32Array(many * PIECE));
  for (let more = 1; more < many; more++) arena.pieces.push(NOTHING);
}
