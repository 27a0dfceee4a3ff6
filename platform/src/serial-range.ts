import { Rejected } from './errors.ts';

/** A dense run of serials of one device identifier; its text is `prefix` + number, zero-padded to `width`. */
export interface SerialRange {
  readonly gtin: string;
  readonly prefix: string;
  readonly width: number;
  readonly first: number;
  readonly last: number;
}

/** Which serials of a lot are meant. */
export interface SerialScope {
  readonly mode: string;
  readonly ranges: readonly SerialRange[];
}

export const ALL_SERIALS: SerialScope = { mode: 'all', ranges: [] };

/** Ranges of one family (device identifier, prefix, width) can be compared; others are strangers. */
const family = (r: SerialRange): string => `${r.gtin}|${r.prefix}|${String(r.width)}`;

/** A range of one for a serial as printed; throws `serial-invalid` if it does not end in a number. */
export function parseSerial(gtin: string, text: string): SerialRange {
  const match = /^(.*?)(\d{1,15})$/.exec(text);
  if (!match?.[2]) throw new Rejected('serial-invalid', { gtin, serial: text });
  const number = Number(match[2]);
  return { gtin, prefix: match[1] ?? '', width: match[2].length, first: number, last: number };
}

export const formatSerial = (range: SerialRange, number: number): string =>
  range.prefix + String(number).padStart(range.width, '0');

/** Throws `serial-range-invalid` for a range that is empty, negative or does not fit its width. */
export function checkRange(range: SerialRange): SerialRange {
  const { first, last, width } = range;
  const fits = Number.isSafeInteger(first) && Number.isSafeInteger(last) && first >= 0 && String(last).length <= width;
  if (!fits || last < first || width > 15) throw new Rejected('serial-range-invalid', { range });
  return range;
}

/** Sorted, without overlap, neighbours joined. */
export function normalise(ranges: readonly SerialRange[]): SerialRange[] {
  const sorted = [...ranges].sort((a, b) => compareText(family(a), family(b)) || a.first - b.first);
  const result: SerialRange[] = [];
  for (const range of sorted) {
    const previous = result.at(-1);
    if (previous && family(previous) === family(range) && range.first <= previous.last + 1)
      result[result.length - 1] = { ...previous, last: Math.max(previous.last, range.last) };
    else
      result.push({ gtin: range.gtin, prefix: range.prefix, width: range.width, first: range.first, last: range.last });
  }
  return result;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const union = (a: readonly SerialRange[], b: readonly SerialRange[]): SerialRange[] => normalise([...a, ...b]);

export function subtract(a: readonly SerialRange[], b: readonly SerialRange[]): SerialRange[] {
  if (b.length === 0) return normalise(a);
  const holes = normalise(b);
  const pieces: SerialRange[] = [];
  // Both are in the same order, so that each hole is looked at once: lots assembled one by one have thousands.
  let next = 0;
  for (const range of normalise(a)) {
    let first = range.first;
    for (let hole = holes[next]; hole && isBehind(hole, range); hole = holes[next]) next += 1;
    for (let at = next; first <= range.last; at++) {
      const hole = holes[at];
      if (!hole || family(hole) !== family(range) || hole.first > range.last) break;
      if (hole.first > first) pieces.push({ ...range, first, last: hole.first - 1 });
      first = hole.last + 1;
    }
    if (first <= range.last) pieces.push({ ...range, first, last: range.last });
  }
  return pieces;
}

/** It ends before the range begins. */
function isBehind(hole: SerialRange, range: SerialRange): boolean {
  const order = compareText(family(hole), family(range));
  return order < 0 || (order === 0 && hole.last < range.first);
}

export const intersect = (a: readonly SerialRange[], b: readonly SerialRange[]): SerialRange[] =>
  subtract(a, subtract(a, b));

export const count = (ranges: readonly SerialRange[]): number =>
  normalise(ranges).reduce((total, r) => total + (r.last - r.first + 1), 0);

/** Does `ranges` hold every serial of `wanted`? */
export const contains = (ranges: readonly SerialRange[], wanted: readonly SerialRange[]): boolean =>
  subtract(wanted, ranges).length === 0;

/** The first `n` serials, lowest first. Throws `serial-range-invalid` if there are fewer. */
export function takeFirst(ranges: readonly SerialRange[], n: number): SerialRange[] {
  const taken: SerialRange[] = [];
  let open = n;
  for (const range of normalise(ranges)) {
    if (open <= 0) break;
    const last = Math.min(range.last, range.first + open - 1);
    taken.push({ ...range, last });
    open -= last - range.first + 1;
  }
  if (open > 0) throw new Rejected('serial-range-invalid', { wanted: n, missing: open });
  return taken;
}

/**
 * Does a scope touch these goods? Goods without serials are touched by any scope that is not empty: nobody can show
 * that they are outside it.
 */
export function scopeTouches(scope: SerialScope, goods: readonly SerialRange[]): boolean {
  if (scope.mode === 'all') return true;
  if (goods.length === 0) return scope.mode === 'all-except' || scope.ranges.length > 0;
  const touched = scope.mode === 'only' ? intersect(goods, scope.ranges) : subtract(goods, scope.ranges);
  return touched.length > 0;
}

/** Both scopes together; widening only. */
export function unionScopes(a: SerialScope, b: SerialScope): SerialScope {
  if (a.mode === 'all' || b.mode === 'all') return ALL_SERIALS;
  if (a.mode === 'only' && b.mode === 'only') return { mode: 'only', ranges: union(a.ranges, b.ranges) };
  if (a.mode === 'all-except' && b.mode === 'all-except') return except(intersect(a.ranges, b.ranges));
  const [only, rest] = a.mode === 'only' ? [a, b] : [b, a];
  return except(subtract(rest.ranges, only.ranges));
}

const except = (ranges: SerialRange[]): SerialScope =>
  ranges.length === 0 ? ALL_SERIALS : { mode: 'all-except', ranges };
