import { instant, milliseconds } from '@lotwarden/platform/instant';
import type { Quantity } from '@lotwarden/platform/quantity';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Interner } from '../genealogy/interner.ts';
import {
  readByte,
  readNumber,
  readText,
  writeByte,
  writeNumber,
  writeText,
  type Reader,
  type Writer,
} from './bytes.ts';

/** How one thing is written as bytes, and read again: what comes back equals what was written. */
export interface Field<T> {
  readonly write: (out: Writer, value: T) => void;
  readonly read: (from: Reader) => T;
  /** Goes past it; where there is none, it is read for nothing. */
  readonly skip?: Skip;
}

type Skip = (from: Reader) => void;

const skipOf = <T>({ skip, read }: Pick<Field<T>, 'skip' | 'read'>): Skip => skip ?? read;

const skipByte: Skip = (from) => {
  from.at += 1;
};
const skipNumber: Skip = (from) => {
  while ((from.bytes[from.at++] ?? 0) > 127);
};
const skipText: Skip = (from) => {
  const length = readNumber(from) >>> 1;
  from.at += length;
};

export const number: Field<number> = { write: writeNumber, read: readNumber, skip: skipNumber };

export const flag: Field<boolean> = {
  write: (out, value) => writeByte(out, value ? 1 : 0),
  read: (from) => readByte(from) === 1,
  skip: skipByte,
};

/** A text that is nearly always another one. */
export const text: Field<string> = { write: writeText, read: readText, skip: skipText };

/** For what has no form of its own: takes room, but any plain data comes back. */
export const json = <T>(): Field<T> => ({
  write: (out, value) => writeText(out, JSON.stringify(value)),
  read: (from) => JSON.parse(readText(from)) as T,
  skip: skipText,
});

export function nullable<T>(field: Field<T>): Field<T | null> {
  const skip = skipOf(field);
  return {
    write: (out, value) => {
      writeByte(out, value === null ? 0 : 1);
      if (value !== null) field.write(out, value);
    },
    read: (from) => (readByte(from) === 0 ? null : field.read(from)),
    skip: (from) => {
      if (readByte(from) !== 0) skip(from);
    },
  };
}

/** Both of lists and of those that nobody may change. */
export interface ListField<T> {
  readonly write: (out: Writer, values: readonly T[]) => void;
  readonly read: (from: Reader) => T[];
  readonly skip: Skip;
}

export function list<T>(field: Field<T>): ListField<T> {
  const skip = skipOf(field);
  return {
    write: (out, values) => {
      writeNumber(out, values.length);
      for (const value of values) field.write(out, value);
    },
    read: (from) => {
      const size = readNumber(from);
      const values: T[] = [];
      for (let index = 0; index < size; index++) values.push(field.read(from));
      return values;
    },
    skip: (from) => {
      for (let left = readNumber(from); left > 0; left--) skip(from);
    },
  };
}

export function setOf<T>(field: Field<T>): Field<Set<T>> {
  const values = list(field);
  return {
    write: (out, set) => values.write(out, [...set]),
    read: (from) => new Set(values.read(from)),
    skip: values.skip,
  };
}

export function mapOf<K, V>(key: Field<K>, value: Field<V>): Field<Map<K, V>> {
  const keys = list(key);
  const values = list(value);
  return {
    write: (out, map) => {
      keys.write(out, [...map.keys()]);
      values.write(out, [...map.values()]);
    },
    read: (from) => {
      const names = keys.read(from);
      const read = values.read(from);
      return new Map(names.map((name, at) => [name, read[at] as V]));
    },
    skip: (from) => {
      keys.skip(from);
      values.skip(from);
    },
  };
}

/** Every property that the type has: one that is added to it and not to the list does not compile. */
export type FieldsOf<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

export function record<T extends object>(fields: FieldsOf<T>): Field<T> {
  const entries = Object.entries(fields) as [keyof T, Field<T[keyof T]>][];
  const skips = entries.map(([, field]) => skipOf(field));
  return {
    write: (out, value) => {
      for (const [name, field] of entries) field.write(out, value[name]);
    },
    read: (from) => {
      const value: Partial<T> = {};
      for (const [name, field] of entries) value[name] = field.read(from);
      return value as T;
    },
    skip: (from) => {
      for (const skip of skips) skip(from);
    },
  };
}

/** Goes past the properties that lie between these two of what `record` has written; without them from its start, to its end. */
export function past<T extends object>(
  fields: FieldsOf<T>,
  { after, before }: { after?: keyof T; before?: keyof T },
): (from: Reader) => void {
  const names = Object.keys(fields) as (keyof T)[];
  const end = before === undefined ? names.length : names.indexOf(before);
  const skips = names
    .slice(after === undefined ? 0 : names.indexOf(after) + 1, end)
    .map((name) => skipOf(fields[name]));
  return (from) => {
    for (let at = 0; at < skips.length; at++) skips[at]?.(from);
  };
}

/** One of few, which are never taken out of the list nor moved in it. */
export const oneOf = <T extends string>(values: readonly T[]): Field<T> => ({
  write: (out, value) => {
    const index = values.indexOf(value);
    if (index < 0) throw new RangeError(`${value} is none of ${values.join(', ')}`);
    writeByte(out, index);
  },
  read: (from) => {
    const value = values[readByte(from)];
    if (value === undefined) throw new RangeError(`none of ${values.join(', ')}`);
    return value;
  },
  skip: skipByte,
});

const AS_TEXT = 0;

/** A moment as milliseconds where that gives the same text again, otherwise as it is. */
export const moment: Field<string> = {
  write: (out, value) => {
    const time = isOurs(value) ? milliseconds(value) : Number.NaN;
    // Nobody has a thirty-first of February, but Date.parse does.
    if (time >= 0 && (isEveryMonths(value) || instant(new Date(time)) === value)) writeNumber(out, time + 1);
    else {
      writeNumber(out, AS_TEXT);
      writeText(out, value);
    }
  },
  read: (from) => {
    const time = readNumber(from);
    return time === AS_TEXT ? readText(from) : instant(new Date(time - 1));
  },
  skip: (from) => {
    if (readNumber(from) === AS_TEXT) skipText(from);
  },
};

/** With milliseconds, in UTC; whether the rest are digits is seen when it is read. */
const isOurs = (value: string): boolean => value.length === 24 && value[10] === 'T' && value[19] === '.' && value[23] === 'Z'; // prettier-ignore

/** A day up to the 28th, and an hour before 24. */
const isEveryMonths = (value: string): boolean => value.slice(8, 10) <= '28' && value.slice(11, 13) <= '23';

/** What serves many records: their texts get numbers in `terms`. */
export interface SharedFields {
  readonly term: Field<string>;
  /** A name that contains the record's own, or an incarnation behind an @. */
  readonly name: Field<string>;
  readonly quantity: Field<Quantity>;
  readonly serials: Field<readonly SerialRange[]>;
}

/** Terms whose number is at hand. */
const MOST_KNOWN = 4_096;

export function sharedFields(terms: Interner): SharedFields {
  const numbers = new Map<string, number>();
  const numberOf = (value: string): number => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    const found = terms.intern(value);
    if (numbers.size === MOST_KNOWN) numbers.clear();
    numbers.set(value, found);
    return found;
  };
  const term: Field<string> = {
    write: (out, value) => writeNumber(out, numberOf(value)),
    read: (from) => terms.text(readNumber(from)),
    skip: skipNumber,
  };
  const { write, skip } = record<SerialRange>({ gtin: term, prefix: term, width: number, first: number, last: number });
  // Written out: there are more of them than of anything else.
  const range = {
    write,
    skip,
    read: (from: Reader): SerialRange => ({
      gtin: term.read(from),
      prefix: term.read(from),
      width: readNumber(from),
      first: readNumber(from),
      last: readNumber(from),
    }),
  } as Field<SerialRange>;
  return {
    term,
    name: nameField(term),
    quantity: quantityField(term),
    serials: list(range),
  };
}

const ITSELF = 1;
const WITH_TAIL = 2;

/** `<own id><rest>@<tail>`: the rest and the tail are few. */
function nameField(term: Field<string>): Field<string> {
  return {
    write: (out, value) => {
      const at = value.lastIndexOf('@');
      const head = at < 0 ? value : value.slice(0, at);
      const isOwn = out.self !== '' && head.startsWith(out.self);
      writeByte(out, (isOwn ? ITSELF : 0) | (at < 0 ? 0 : WITH_TAIL));
      if (isOwn) term.write(out, head.slice(out.self.length));
      else writeText(out, head);
      if (at >= 0) term.write(out, value.slice(at + 1));
    },
    read: (from) => {
      const form = readByte(from);
      const head = (form & ITSELF) > 0 ? from.self + term.read(from) : readText(from);
      return (form & WITH_TAIL) > 0 ? `${head}@${term.read(from)}` : head;
    },
    skip: (from) => {
      const form = readByte(from);
      if ((form & ITSELF) > 0) skipNumber(from);
      else skipText(from);
      if ((form & WITH_TAIL) > 0) skipNumber(from);
    },
  };
}

const DECIMAL = /^(-?)(0|[1-9]\d{0,14})(?:\.(\d{1,9}))?$/;
const OTHER = 255;
const MINUS = 16;
const MOST_DIGITS = 15;

/** An exact decimal: its digits as a whole number, and how many of them are behind the point. */
function quantityField(term: Field<string>): Field<Quantity> {
  return {
    write: (out, { value, unit }) => {
      const digits = wholeNumber(value);
      if (digits >= 0) {
        writeByte(out, 0);
        writeNumber(out, digits);
        term.write(out, unit);
        return;
      }
      const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(value) ?? [];
      if (whole === '' || whole.length + fraction.length > MOST_DIGITS) {
        writeByte(out, OTHER);
        writeText(out, value);
      } else {
        writeByte(out, fraction.length + (sign === '' ? 0 : MINUS));
        writeNumber(out, Number(whole + fraction));
      }
      term.write(out, unit);
    },
    read: (from) => {
      const form = readByte(from);
      const value = form === OTHER ? readText(from) : decimal(readNumber(from), form & (MINUS - 1), form >= MINUS);
      return { value, unit: term.read(from) };
    },
    skip: (from) => {
      if (readByte(from) === OTHER) skipText(from);
      else skipNumber(from);
      skipNumber(from);
    },
  };
}

/** Without sign, point or leading zero, as nearly all are; -1 for any other. */
function wholeNumber(value: string): number {
  if (value.length === 0 || value.length > MOST_DIGITS || (value.length > 1 && value.startsWith('0'))) return -1;
  let number = 0;
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function decimal(digits: number, behind: number, isNegative: boolean): string {
  const sign = isNegative ? '-' : '';
  if (behind === 0) return sign + String(digits);
  const all = String(digits).padStart(behind + 1, '0');
  return `${sign}${all.slice(0, -behind)}.${all.slice(-behind)}`;
}
