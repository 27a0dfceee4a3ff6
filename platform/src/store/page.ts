import { BSON } from 'mongodb';
import type { Document, Filter } from 'mongodb';
import { Rejected } from '../errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back to read on; absent on the last page. */
  readonly next?: string;
}

/** `field` is a path in the document (`state.site`); `_id` breaks ties, so the order is total. */
export interface Sort {
  readonly field: string;
  readonly direction: 1 | -1;
}

export interface PageRequest {
  /** 1..500; 50 if absent. */
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
  readonly sort?: Sort | undefined;
}

export const BY_ID: Sort = { field: '_id', direction: 1 };

const at = (document: Document, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Document | null | undefined)?.[name], document);

export const cursorOf = (last: Document, sort: Sort): string =>
  Buffer.from(BSON.EJSON.stringify([at(last, sort.field) ?? null, last['_id']], { relaxed: false })).toString(
    'base64url',
  );

/** The filter for what comes after a cursor. Throws `cursor-invalid` for a text that is none. */
export function afterCursor(cursor: string, sort: Sort): Filter<Document> {
  const [value, id] = parse(cursor);
  const beyond = sort.direction === 1 ? '$gt' : '$lt';
  if (sort.field === '_id') return { _id: { [beyond]: id } };
  const tie = { [sort.field]: value, _id: { [beyond]: id } };
  // MongoDB sorts what is missing below everything, but compares only within one type.
  if (value === null) return { $or: sort.direction === 1 ? [{ [sort.field]: { $ne: null } }, tie] : [tie] };
  const missing = sort.direction === -1 ? [{ [sort.field]: null }] : [];
  return { $or: [{ [sort.field]: { [beyond]: value } }, tie, ...missing] };
}

function parse(cursor: string): [unknown, unknown] {
  let value: unknown;
  try {
    value = BSON.EJSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (cause) {
    throw new Rejected('cursor-invalid', {}, 400, { cause });
  }
  if (!Array.isArray(value) || value.length !== 2) throw new Rejected('cursor-invalid', {}, 400);
  // Only plain values: an operator smuggled into a cursor must not become part of a query.
  if (value.some((part) => typeof part === 'object' && part !== null && !(part instanceof Date)))
    throw new Rejected('cursor-invalid', {}, 400);
  return value as [unknown, unknown];
}
