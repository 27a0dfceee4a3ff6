import { append, bytes, counts, get, reserve, type Column } from './columns.ts';

/** Gives each text a dense number, 0, 1, 2, …, so that the graph can be kept in arrays. */
export interface Interner {
  readonly size: number;
  /** The number of a text, given now if it has none. */
  intern: (text: string) => number;
  find: (text: string) => number | undefined;
  text: (index: number) => string;
  readonly dictionary: Dictionary;
}

/**
 * The texts in UTF-8, one after the other, and a table that finds them: about 13 bytes each beside the text itself. A Map of
 * strings takes some 160 and ends at 16.7 million.
 */
export interface Dictionary {
  readonly letters: Column<Uint8Array>;
  /** Where the next text begins, for each. */
  readonly ends: Column<Uint32Array>;
  /** Open addressing: number + 1, or 0 for none. At most half of it is taken. */
  table: Uint32Array;
}

const FIRST_TABLE = 128;

export const createDictionary = (): Dictionary => ({ letters: bytes(), ends: counts(), table: new Uint32Array(FIRST_TABLE) }); // prettier-ignore

export function createInterner(dictionary: Dictionary = createDictionary()): Interner {
  const { letters, ends } = dictionary;
  const encoder = new TextEncoder();
  let scratch = new Uint8Array(256);
  let view = Buffer.from(letters.values.buffer);

  /** The text as bytes in `scratch`; how many. */
  const encode = (text: string): number => {
    if (scratch.length < 3 * text.length) scratch = new Uint8Array(6 * text.length);
    return encoder.encodeInto(text, scratch).written;
  };
  const startOf = (index: number): number => (index === 0 ? 0 : get(ends, index - 1));

  const isText = (index: number, length: number): boolean => {
    const start = startOf(index);
    if (get(ends, index) - start !== length) return false;
    for (let at = 0; at < length; at++) if (letters.values[start + at] !== scratch[at]) return false;
    return true;
  };

  /** Where the text in `scratch` stands in the table, or would stand. */
  const slotOf = (length: number): number => {
    const mask = dictionary.table.length - 1;
    let slot = hashOf(scratch, 0, length) & mask;
    for (let entry = dictionary.table[slot] ?? 0; entry !== 0; entry = dictionary.table[slot] ?? 0) {
      if (isText(entry - 1, length)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  };

  const rehash = (): void => {
    const table = new Uint32Array(2 * dictionary.table.length);
    const mask = table.length - 1;
    for (let index = 0; index < ends.size; index++) {
      let slot = hashOf(letters.values, startOf(index), get(ends, index)) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = index + 1;
    }
    dictionary.table = table;
  };

  return {
    dictionary,
    get size() {
      return ends.size;
    },
    intern(text) {
      const length = encode(text);
      const slot = slotOf(length);
      const known = dictionary.table[slot] ?? 0;
      if (known !== 0) return known - 1;
      const start = letters.size;
      // 4 GiB of names is where the places of this table end; better to say so than to mix two lots up.
      if (start + length > 0xffff_ffff) throw new RangeError('the dictionary of names is full');
      reserve(letters, start + length);
      letters.values.set(scratch.subarray(0, length), start);
      letters.size = start + length;
      if (view.buffer !== letters.values.buffer) view = Buffer.from(letters.values.buffer);
      const index = append(ends, start + length);
      dictionary.table[slot] = index + 1;
      if (2 * ends.size > dictionary.table.length) rehash();
      return index;
    },
    find(text) {
      const known = dictionary.table[slotOf(encode(text))] ?? 0;
      return known === 0 ? undefined : known - 1;
    },
    text(index) {
      if (!(index >= 0 && index < ends.size)) throw new RangeError(`no text has the number ${String(index)}`);
      return view.toString('utf8', startOf(index), get(ends, index));
    },
  };
}

/** FNV-1a, mixed once more so that its low bits depend on all. */
function hashOf(of: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (of[at] ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
