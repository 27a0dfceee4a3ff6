import { createInterner } from '../genealogy/interner.ts';
import { asBytes, bufferOf } from './column.ts';
import { joined, partOf, type Frozen } from './frozen.ts';
import { createRows } from './rows.ts';

/**
 * Numbers under names, only ever added to: which operations ran on a machine, or for a work order. There are millions of
 * names with a few numbers each, which lie in rows together, and some with millions, which have an array of their own.
 */
export interface Lists {
  /** With a measured value, or without; a name has values for all of its numbers or for none. */
  readonly add: (name: string, number: number, value?: number) => void;
  readonly get: (name: string) => Listed;
  readonly freeze: () => Frozen;
  readonly thaw: (frozen: Frozen) => void;
  readonly bytes: () => number;
}

export interface Listed {
  readonly numbers: Int32Array;
  /** Measured values; empty where there are none. */
  readonly values: Float64Array;
  readonly size: number;
}

interface Long extends Listed {
  numbers: Int32Array;
  values: Float64Array;
  size: number;
}

/** More have an array of their own. */
const MOST_IN_ROW = 64;
const FIRST = 4;
const NOTHING: Listed = { numbers: new Int32Array(0), values: new Float64Array(0), size: 0 };

export function createLists(): Lists {
  const names = createInterner();
  const rows = createRows();
  const long = new Map<number, Long>();

  const inRow = (name: number): number[] => {
    const found: number[] = [];
    rows.each(name, (number) => found.push(number));
    return found;
  };

  return {
    add: (text, number, value) => {
      const name = names.intern(text);
      const known = long.get(name);
      if (known) append(known, number, value);
      else if (value !== undefined) long.set(name, append(longOf([], FIRST), number, value));
      else if (rows.add(name, number)) {
        const numbers = inRow(name);
        if (numbers.length > MOST_IN_ROW) long.set(name, longOf(numbers, 0));
      }
    },
    get: (text) => {
      const name = names.find(text);
      if (name === undefined) return NOTHING;
      return long.get(name) ?? longOf(inRow(name), 0);
    },
    freeze: () => {
      const lists = [...long];
      return joined({
        names: names.freeze(),
        rows: rows.freeze(),
        // What is added later comes behind what counts.
        long: {
          meta: { names: lists.map(([name]) => name) },
          parts: {
            numbers: lists.map(([, { numbers, size }]) => asBytes(numbers.subarray(0, size))),
            values: lists.map(([, { values, size }]) => asBytes(values.subarray(0, size))),
          },
        },
      });
    },
    thaw: (frozen) => {
      names.thaw(partOf(frozen, 'names'));
      rows.thaw(partOf(frozen, 'rows'));
      const { meta, parts } = partOf(frozen, 'long');
      for (const [at, name] of (meta['names'] as number[]).entries()) {
        const numbers = new Int32Array(bufferOf(parts['numbers']?.[at] ?? new Uint8Array(0)));
        const values = new Float64Array(bufferOf(parts['values']?.[at] ?? new Uint8Array(0)));
        long.set(name, { numbers, values, size: numbers.length });
      }
    },
    bytes: () =>
      [...long.values()].reduce(
        (sum, { numbers, values }) => sum + numbers.byteLength + values.byteLength,
        names.bytes() + rows.bytes(),
      ),
  };
}

const longOf = (numbers: readonly number[], values: number): Long => ({
  numbers: new Int32Array(numbers),
  values: new Float64Array(values),
  size: numbers.length,
});

function append(list: Long, number: number, value?: number): Long {
  // Told again at once: once is enough.
  if (value === undefined && list.size > 0 && list.numbers[list.size - 1] === number) return list;
  if (list.size === list.numbers.length) {
    const numbers = new Int32Array(Math.max(FIRST, 2 * list.size));
    numbers.set(list.numbers);
    list.numbers = numbers;
  }
  if (value !== undefined && list.size >= list.values.length) {
    const values = new Float64Array(Math.max(FIRST, 2 * list.size));
    values.set(list.values);
    list.values = values;
  }
  list.numbers[list.size] = number;
  if (value !== undefined) list.values[list.size] = value;
  list.size += 1;
  return list;
}
