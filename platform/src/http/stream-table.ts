import { once } from 'node:events';
import type { Request, Response } from 'express';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import type { Reply } from './replies.ts';
import { withheldHeader } from './answer.ts';
import type { Asked } from './format.ts';
import { without, type RestrictedField } from './restricted.ts';
import { cells, type Table } from './table.ts';
import type { Call, Route } from './route.ts';
import { within } from './within.ts';

const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const;

/** Some rows of a list, with the limits of the answer that they are from. */
interface Piece {
  readonly rows: readonly unknown[];
  readonly complete: boolean | undefined;
  readonly gaps: readonly unknown[];
  readonly offsets: readonly unknown[];
}

/** A list on its way out: its first piece is there, so that a refusal is still an ordinary answer. */
export interface Streamed {
  readonly table: Table;
  readonly first: Piece;
  readonly rest: AsyncIterator<Piece>;
  readonly format: 'csv' | 'ndjson';
  readonly bom: boolean;
  readonly fileName: string;
  readonly withheld: readonly RestrictedField[];
}

type HandleCall = Call<unknown, unknown, unknown>;

export async function streamed(
  route: Route,
  call: HandleCall,
  { format, bom, withheld }: Pick<Streamed, 'format' | 'withheld'> & Pick<Asked, 'bom'>,
): Promise<Streamed> {
  const { csv: table } = route;
  if (!table) throw new Error(`${route.path} is no table`);
  const rest = pieces(route, table, call)[Symbol.asyncIterator]();
  const first = await rest.next();
  const piece: Piece = first.done ? { rows: [], complete: undefined, gaps: [], offsets: [] } : first.value;
  const name = route.path.split('/').filter((part) => part !== '' && !part.startsWith(':'));
  const lacking = piece.complete === false ? '-INCOMPLETE' : '';
  const shown = { ...table, columns: columnsFor(table, withheld) };
  return { table: shown, first: piece, rest, format, bom, withheld, fileName: `${name.join('-')}${lacking}.${format}` };
}

/** The whole list: what the route streams by itself, else page after page of it. */
async function* pieces(route: Route, table: Table, call: HandleCall): AsyncGenerator<Piece, void, undefined> {
  const handle = route.handle as (call: HandleCall) => Promise<Reply<number, unknown>>;
  const rows = route.rows as ((call: HandleCall) => AsyncIterable<unknown>) | undefined;
  if (rows) {
    for await (const part of rows(call)) yield pieceOf(table, part);
    return;
  }
  for (let next: HandleCall | undefined = atCursor(route, call, undefined); next;) {
    call.signal.throwIfAborted();
    const { body } = await handle(next);
    yield pieceOf(table, body);
    const cursor = (body as { next?: unknown }).next;
    next = typeof cursor === 'string' ? atCursor(route, call, cursor) : undefined;
  }
}

/** The largest page a list gives, from there on. */
const LARGEST = 500;

function atCursor(route: Route, call: HandleCall, cursor: string | undefined): HandleCall {
  const paged = (part: 'query' | 'body'): boolean => {
    const schema = route[part];
    return schema instanceof z.ZodObject && 'cursor' in schema.shape;
  };
  const from = (before: unknown): unknown => ({
    ...(before as object),
    limit: LARGEST,
    ...(cursor !== undefined && { cursor }),
  });
  return {
    ...call,
    query: paged('query') ? from(call.query) : call.query,
    body: paged('body') ? from(call.body) : call.body,
  };
}

function pieceOf(table: Table, part: unknown): Piece {
  const whole = part as Record<string, unknown>;
  const rows = whole[table.list];
  if (!Array.isArray(rows)) throw new Error(`a table has its rows in ${table.list}`);
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
  return {
    rows: rows as unknown[],
    complete: typeof whole.complete === 'boolean' ? whole.complete : undefined,
    gaps: list(whole.gaps),
    offsets: list(whole.offsets),
  };
}

export interface Sending {
  /** Milliseconds that a piece may take to come, and the caller to take it. */
  readonly patience: number;
  /** Aborted when the caller left. */
  readonly signal: AbortSignal;
  /** Sees to what is not waited for any more. */
  readonly late: (work: Promise<unknown>) => void;
}

/**
 * Sends a list as fast as the caller takes it, a piece at a time in memory. Whoever leaves ends the work. What fails
 * on the way breaks the connection, so that nobody takes half a list for a whole one.
 */
export async function sendStreamed(
  request: Request,
  response: Response,
  list: Streamed,
  { patience, signal, late }: Sending,
): Promise<void> {
  const { first, rest, format, fileName } = list;
  response.status(200).set({
    'cache-control': 'no-store',
    'content-type': MEDIA_TYPES[format],
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    ...limitHeaders(first),
    ...withheldHeader(list.withheld),
  });
  response.vary('Accept');
  try {
    if (request.method !== 'HEAD') {
      const write = async (text: string): Promise<void> => {
        signal.throwIfAborted();
        if (text !== '' && !response.write(text)) await within(patience, once(response, 'drain', { signal }), late);
      };
      const lines = linesOf(list);
      await write(lines.begin);
      for (let piece: Piece | undefined = first; piece;) {
        // A piece may be large; what waits in memory as text is not.
        for (let at = 0; at < piece.rows.length; at += LARGEST)
          await write(lines.of(piece, piece.rows.slice(at, at + LARGEST)));
        const next: IteratorResult<Piece, unknown> = await within(patience, rest.next(), late);
        piece = next.done ? undefined : next.value;
      }
      await write(lines.end());
    }
    response.end();
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (!response.writableEnded) response.destroy();
    // Not waited for: a piece that never comes would never end either.
    const ended = rest.return?.();
    if (ended) late(ended);
  }
}

/** How far the answer goes, as far as it is known before its first row. */
function limitHeaders({ complete, gaps, offsets }: Piece): Record<string, string> {
  if (complete === undefined) return {};
  const vector = (offsets as { topic: string; partition: number; next: string }[])
    .map(({ topic, partition, next }) => `${topic}/${String(partition)}=${next}`)
    .join(',');
  return {
    'lotwarden-complete': String(complete),
    'lotwarden-gaps': String(gaps.length),
    ...(vector !== '' && vector.length < 8000 && { 'lotwarden-offsets': vector }),
  };
}

/** Of a row, what is restricted of the reply's list. */
const fieldsBelow = ({ list }: Table, withheld: readonly RestrictedField[]): RestrictedField[] =>
  withheld
    .filter(({ path }) => path.startsWith(`${list}.`))
    .map(({ path, to }) => ({ path: path.slice(list.length + 1), to }));

/** No empty columns: who may not see a field does not see that the table could have it, but in the header of the answer. */
function columnsFor(table: Table, withheld: readonly RestrictedField[]): Table['columns'] {
  const gone = fieldsBelow(table, withheld).map(({ path }) => path);
  return table.columns.filter(({ name }) => !gone.some((path) => name === path || name.startsWith(`${path}.`)));
}

interface Lines {
  readonly begin: string;
  of(piece: Piece, rows: readonly unknown[]): string;
  end(): string;
}

const CSV = { record_delimiter: 'windows' } as const;

/**
 * In a CSV the last column of each row says whether the answer that the row is from was complete, since a file has no
 * headers and RFC 4180 knows neither comments nor trailers; NDJSON ends with a line about the whole.
 */
function linesOf({ table, first, format, bom, withheld }: Streamed): Lines {
  const inRow = fieldsBelow(table, withheld);
  const limited = first.complete !== undefined;
  if (format === 'csv')
    return {
      begin:
        (bom ? '\uFEFF' : '') +
        stringify([[...table.columns.map(({ name }) => name), ...(limited ? ['complete'] : [])]], CSV),
      of: ({ complete }, rows) =>
        stringify(
          rows.map((row) => [...cells(table, without(row, inRow)), ...(limited ? [String(complete ?? false)] : [])]),
          CSV,
        ),
      end: () => '',
    };
  let count = 0;
  let last = first;
  return {
    begin: '',
    of: (piece, rows) => {
      count += rows.length;
      last = piece;
      return rows.map((row) => `${JSON.stringify(without(row, inRow))}\n`).join('');
    },
    end: () =>
      `${JSON.stringify({
        end: { rows: count, ...(limited && { complete: last.complete, gaps: last.gaps, offsets: last.offsets }) },
      })}\n`,
  };
}
