/** A row of numbers that grows; it is filled again and again instead of making new ones. */
export interface Numbers {
  values: Int32Array;
  size: number;
}

export const createNumbers = (room = 64): Numbers => ({ values: new Int32Array(room), size: 0 });

export function push(numbers: Numbers, value: number): void {
  if (numbers.size === numbers.values.length) numbers.values = grown(numbers.values, numbers.size + 1);
  numbers.values[numbers.size++] = value;
}

/** The same with room for at least so many, twice as much as before. */
export function grown<T extends Int32Array | Uint8Array>(values: T, needed: number): T {
  const more = new (values.constructor as new (room: number) => T)(Math.max(needed, 2 * values.length));
  more.set(values);
  return more;
}

/**
 * Gives each number of the graph that a question meets a dense place, 0, 1, 2, …: a question needs memory for what it
 * reaches, whatever the size of the graph.
 */
export interface Places {
  /** place → number. */
  keys: Int32Array;
  size: number;
  /** Open addressing; place + 1, or 0 for none. */
  table: Int32Array;
}

export const createPlaces = (): Places => ({ keys: new Int32Array(512), size: 0, table: new Int32Array(1024) });

/** Fibonacci hashing: neighbours in the graph's numbering fall far apart. */
const spread = (key: number, mask: number): number => (Math.imul(key, 0x9e3779b1) >>> 7) & mask;

/** The place of a number, or -1. */
export function placeOf({ keys, table }: Places, key: number): number {
  const mask = table.length - 1;
  for (let at = spread(key, mask); ; at = (at + 1) & mask) {
    const place = (table[at] ?? 0) - 1;
    if (place < 0 || keys[place] === key) return place;
  }
}

/** Gives a number that has none its place. */
export function addPlace(places: Places, key: number): number {
  if (places.size === places.keys.length) places.keys = grown(places.keys, places.size + 1);
  if (2 * places.size >= places.table.length) rehash(places);
  const place = places.size++;
  places.keys[place] = key;
  enter(places.table, key, place);
  return place;
}

function rehash(places: Places): void {
  const table = new Int32Array(2 * places.table.length);
  for (let place = 0; place < places.size; place++) enter(table, places.keys[place] ?? 0, place);
  places.table = table;
}

function enter(table: Int32Array, key: number, place: number): void {
  const mask = table.length - 1;
  let at = spread(key, mask);
  while (table[at] !== 0) at = (at + 1) & mask;
  table[at] = place + 1;
}
