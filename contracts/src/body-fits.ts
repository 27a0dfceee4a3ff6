import { isUtf8 } from 'node:buffer';
import { fullName, type Schema } from './schema.ts';

type Cursor = { readonly bytes: Buffer; at: number };
type Skim = (cursor: Cursor) => void;

/**
 * Walks bytes the way the schema says, allocating nothing, before they are decoded: a length that does not fit what is
 * left, a union branch that is not there, text that is not UTF-8 or bytes left over make it throw. Without it a few
 * hostile bytes (an array of 2^50 items) cost a reader its memory.
 */
export function bodyFits(schema: Schema): (bytes: Buffer, at: number) => void {
  const skim = skimmer(schema, new Map());
  return (bytes, at) => {
    const cursor = { bytes, at };
    skim(cursor);
    if (cursor.at !== bytes.length) throw new RangeError(`${bytes.length - cursor.at} bytes left over`);
  };
}

function skimmer(schema: Schema, named: Map<string, Skim>): Skim {
  if (typeof schema === 'string') return named.get(schema) ?? primitive(schema);
  if (!('type' in schema)) return union(schema.map((branch) => skimmer(branch, named)));
  switch (schema.type) {
    case 'record': {
      const fields = schema.fields.map(({ type }) => skimmer(type, named));
      return remember(named, fullName(schema), (cursor) => {
        for (const field of fields) field(cursor);
      });
    }
    case 'enum': {
      const { length } = schema.symbols;
      return remember(named, fullName(schema), (cursor) => {
        const index = integer(cursor, 5);
        if (index < 0 || index >= length) throw new RangeError(`no enum symbol ${index}`);
      });
    }
    case 'array':
      return array(skimmer(schema.items, named));
    default:
      return primitive(schema.type);
  }
}

function remember(named: Map<string, Skim>, name: string, skim: Skim): Skim {
  named.set(name, skim);
  return skim;
}

function primitive(type: string): Skim {
  switch (type) {
    case 'null':
      return () => undefined;
    case 'boolean':
      return (cursor) => {
        const byte = cursor.bytes[cursor.at++];
        if (byte !== 0 && byte !== 1) throw new RangeError('not a boolean');
      };
    case 'int':
      return (cursor) => void integer(cursor, 5);
    case 'long':
      return (cursor) => void integer(cursor, 10);
    case 'bytes':
      return (cursor) => void block(cursor);
    case 'string':
      return (cursor) => {
        const start = block(cursor);
        if (!isUtf8(cursor.bytes.subarray(start, cursor.at))) throw new RangeError('text that is not UTF-8');
      };
    default:
      throw new Error(`no such type: ${type}`);
  }
}

const union =
  (branches: readonly Skim[]): Skim =>
  (cursor) => {
    const index = integer(cursor, 5);
    const branch = branches[index];
    if (branch === undefined) throw new RangeError(`no union branch ${index}`);
    branch(cursor);
  };

/** Blocks of items; a negative count is followed by the block's size in bytes. Every item of a contract takes a byte or more. */
const array =
  (item: Skim): Skim =>
  (cursor) => {
    for (;;) {
      const count = integer(cursor, 10);
      if (count === 0) return;
      if (count < 0) integer(cursor, 10);
      const items = Math.abs(count);
      if (items > left(cursor)) throw new RangeError(`${items} items in ${left(cursor)} bytes`);
      for (let n = 0; n < items; n += 1) item(cursor);
    }
  };

const left = ({ bytes, at }: Cursor): number => bytes.length - at;

function block(cursor: Cursor): number {
  const length = integer(cursor, 10);
  if (length < 0 || length > left(cursor)) throw new RangeError(`${length} bytes where ${left(cursor)} are left`);
  const start = cursor.at;
  cursor.at += length;
  return start;
}

/** A zig-zag integer; above 2^53 it is rounded, which is good enough to see that it does not fit. */
function integer(cursor: Cursor, mostBytes: number): number {
  let value = 0;
  let factor = 1;
  for (let n = 0; n < mostBytes; n += 1) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw new RangeError('it ends too early');
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    factor *= 128;
  }
  throw new RangeError(`an integer of more than ${mostBytes} bytes`);
}
