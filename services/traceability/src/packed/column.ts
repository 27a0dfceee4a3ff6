/** Numbers by index, in pieces, so that growing copies nothing and a snapshot can be taken without stopping. */
export interface Column {
  /** 0 where nothing was set. */
  get: (index: number) => number;
  set: (index: number, value: number) => void;
  /** The pieces as they are now: whoever writes into one of them later writes into a copy. */
  freeze: () => Uint8Array[];
  thaw: (pieces: readonly Uint8Array[]) => void;
  bytes: () => number;
}

type Numbers = Uint8Array | Uint16Array | Uint32Array;
export type Width = 1 | 2 | 4;

const BITS = 14;
const PIECE = 1 << BITS;
const MASK = PIECE - 1;
/** The first piece grows up to that size: there are many small graphs, too. */
const FIRST = 64;

export function createColumn(width: Width): Column {
  const pieces: Numbers[] = [];
  const frozen: boolean[] = [];
  return {
    get: (index) => pieces[index >>> BITS]?.[index & MASK] ?? 0,
    set: (index, value) => {
      const at = index >>> BITS;
      while (pieces.length <= at) pieces.push(numbers(width, pieces.length === 0 ? FIRST : PIECE));
      let piece = pieces[at] ?? numbers(width, PIECE);
      if ((index & MASK) >= piece.length) {
        const grown = numbers(width, Math.min(PIECE, 2 ** (32 - Math.clz32(index & MASK))));
        grown.set(piece);
        piece = grown;
        pieces[at] = piece;
        frozen[at] = false;
      } else if (frozen[at]) {
        piece = piece.slice();
        pieces[at] = piece;
        frozen[at] = false;
      }
      piece[index & MASK] = value;
    },
    freeze: () => {
      frozen.length = 0;
      for (let at = 0; at < pieces.length; at++) frozen.push(true);
      return pieces.map(asBytes);
    },
    thaw: (saved) => {
      pieces.length = 0;
      frozen.length = 0;
      for (const bytes of saved) pieces.push(numbers(width, bytes.length / width, bytes));
    },
    bytes: () => pieces.reduce((sum, { byteLength }) => sum + byteLength, 0),
  };
}

function numbers(width: Width, length: number, from?: Uint8Array): Numbers {
  const buffer = from ? bufferOf(from) : new ArrayBuffer(length * width);
  if (width === 1) return new Uint8Array(buffer);
  return width === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer);
}

export const asBytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** Exactly these bytes, for a view of wider numbers. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return buffer;
  return bytes.slice().buffer;
}
