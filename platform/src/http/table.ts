import { z } from 'zod';
import { isShown, shownText } from '../signature/shown-signature.ts';

/** Something to put into one cell; objects become JSON text. */
type Value = unknown;

export interface Column<Row> {
  readonly name: string;
  readonly of: (row: Row) => Value;
}

/** A reply that holds a list, as a table: its rows and columns. */
export interface Table {
  /** Name of the list in the reply. */
  readonly list: string;
  readonly columns: readonly Column<never>[];
}

/**
 * Declares once what a list looks like as a table; then the route answers `text/csv` and `application/x-ndjson` too.
 * Without `columns` they follow from the schema of an item: a column is named by its path in the JSON
 * (`quantity.value`, `quantity.unit`); lists of plain values are joined by `; `, serial ranges are written
 * `first..last`, signatures with name, meaning and time; other lists are JSON text.
 *
 *     csv: table(LotView)
 *     csv: table(LotView, { list: 'lots', columns: { lot: (row) => row.lot, paths: (row) => row.path.length } })
 */
export function table<Item extends z.ZodType>(
  item: Item,
  {
    list = 'items',
    columns,
  }: { list?: string; columns?: Readonly<Record<string, (row: z.output<Item>) => Value>> } = {},
): Table {
  const own = columns && Object.entries(columns).map(([name, of]) => ({ name, of }));
  return { list, columns: own ?? columnsOf(item) };
}

function columnsOf(schema: z.ZodType, path: readonly string[] = []): Column<unknown>[] {
  const plain = unwrapped(schema);
  if (plain instanceof z.ZodUnion) {
    const all = plain.options.flatMap((option) => columnsOf(option as z.ZodType, path));
    return [...new Map(all.map((column) => [column.name, column])).values()];
  }
  if (plain instanceof z.ZodObject)
    return Object.entries(plain.shape).flatMap(([key, part]) => columnsOf(part as z.ZodType, [...path, key]));
  return [{ name: path.join('.') || 'value', of: (row) => reach(row, path) }];
}

/** What is meant inside of `optional`, `nullable`, `default` and the like. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
    return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unwrapped(schema.out as z.ZodType);
  return schema;
}

const reach = (row: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), row);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A row as the texts of its cells. */
export const cells = ({ columns }: Table, row: unknown): string[] =>
  columns.map(({ of }) => textOf((of as (row: unknown) => unknown)(row)));

/** One cell: safe to open in a spreadsheet, and the value itself wherever that is no danger. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return harmless(value);
  if (value instanceof Date) return value.toISOString();
  if (!Array.isArray(value)) return harmless(JSON.stringify(value));
  if (value.every((one) => !isRecord(one))) return harmless(value.map((one) => String(one ?? '')).join('; '));
  if (value.every(isShown)) return harmless(value.map(shownText).join('; '));
  if (value.every(isRange)) return harmless(value.map(rangeText).join('; '));
  return harmless(JSON.stringify(value));
}

/** What a spreadsheet takes for a formula; also in their full width. */
const FORMULA = /^[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/u;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** A quote before what would be computed; a negative number is no formula. */
const harmless = (text: string): string => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);

interface Range {
  readonly prefix: string;
  readonly width: number;
  readonly first: number;
  readonly last: number;
}

const isRange = (value: unknown): value is Range =>
  isRecord(value) && 'prefix' in value && 'width' in value && 'first' in value && 'last' in value;

function rangeText({ prefix, width, first, last }: Range): string {
  const at = (number: number): string => `${prefix}${String(number).padStart(width, '0')}`;
  return first === last ? at(first) : `${at(first)}..${at(last)}`;
}
