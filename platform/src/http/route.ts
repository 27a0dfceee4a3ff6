import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { PrintedDocument, Printing } from '../document/document.ts';
import type { Log } from '../log/log.ts';
import type { Context } from '../store/context.ts';
import type { Permission } from '../permissions/permissions.ts';
import type { Principal } from '../principal.ts';
import type { Reply, Wire } from './replies.ts';
import type { Table } from './table.ts';

export { accepted, created, noContent, ok, okJson, type Reply } from './replies.ts';
export { table } from './table.ts';
export { decodeCursor, encodeCursor, page, pageOf, pageQuery } from './pages.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options';

/** A body that is not JSON: it arrives or leaves as it is. */
export interface Media {
  readonly mediaType: string;
  /** Other names under which the same may come. */
  readonly also?: readonly string[];
}

/** A body that is too much to be held: the route takes it piece by piece, and its handler gets what came of that. */
export interface Received<T> extends Media {
  readonly receive: (pieces: AsyncIterable<Uint8Array>, headers: IncomingHttpHeaders) => Promise<T>;
}

export const received = <T>(
  receive: Received<T>['receive'],
  mediaType: string,
  ...also: readonly string[]
): Received<T> => ({
  mediaType,
  also,
  receive,
});

export const media = (mediaType: string, ...also: readonly string[]): Media => ({ mediaType, also });

/** How a standard names a problem, where it is not ours to choose. */
export interface ProblemName {
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Names of the parameters in a path: `'/lots/:lot/serials/:serial'` → `'lot' | 'serial'`. */
type ParamName<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer More}`
    ? Name | ParamName<`/${More}`>
    : Rest
  : never;

type Params<P, Path extends string> = P extends z.ZodObject
  ? z.output<P>
  : { readonly [name in ParamName<Path>]: string };
type Query<Q> = Q extends z.ZodType ? z.output<Q> : undefined;
type Body<B> = B extends z.ZodType
  ? z.output<B>
  : B extends Received<infer T>
    ? T
    : B extends Media
      ? Buffer
      : undefined;

export type ReplySchemas = Readonly<Partial<Record<200 | 201 | 202, z.ZodType | Media>> & Partial<Record<204, null>>>;

type ReplyOf<R> = {
  [S in keyof R & number]: Reply<
    S,
    R[S] extends z.ZodType ? Wire<z.input<R[S]>> : R[S] extends Media ? Buffer | string : undefined
  >;
}[keyof R & number];

export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly context: Context;
  /** Undefined on a public route that was called without a token. */
  readonly principal: Principal | undefined;
  /** From `If-Match`; always a number where the route says `ifMatch: 'required'`. */
  readonly expectedRev: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The body's bytes as they came, to check a signature over them; empty without a body. Of a received one their SHA-256. */
  readonly rawBody: Buffer;
  /** Aborted when the caller left or the time is over. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Makes a document of what a 200 shows; `undefined` where a field is restricted. */
type Print<R> = R extends { readonly 200: infer Shown extends z.ZodType }
  ? (shown: z.output<Shown>, how: Printing) => PrintedDocument
  : (shown: never, how: Printing) => PrintedDocument;

interface Described<P, Q, B, R> {
  readonly method: Method;
  /** What the caller must be allowed to do; `'public'` for routes that prove their caller in another way. */
  readonly requires: Permission | 'public';
  readonly summary: { readonly en: string; readonly zh: string };
  /** Left out: every `:name` of the path is a non-empty string of at most 200 characters. */
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly reply: R;
  /** `'required'`: a caller who does not say which version he saw is answered 428. */
  readonly ifMatch?: 'required' | 'optional';
  /** Error codes worth telling in the documentation, beyond those every route may answer. */
  readonly errors?: readonly string[];
  /** What its body may weigh, in bytes; 1 MiB if absent. */
  readonly bodyLimit?: number;
  /**
   * The reply's list as a table: the route then answers `Accept: text/csv` or `?format=csv` (and NDJSON) with all of it.
   * A paged list is walked page by page; `rows` does better where there is a better way.
   */
  readonly csv?: Table;
  /**
   * The reply as a document: the route then answers `Accept: application/pdf` or `?format=pdf` too. What is restricted is
   * not there for who may not see it.
   */
  readonly print?: Print<R>;
  /** The names and headers that a standard wants for its problems. */
  readonly problemName?: (told: { readonly code: string; readonly status: number }) => ProblemName;
}

/** A route as the application sees it, after its types have done their work. */
export interface Route extends Described<
  z.ZodObject | undefined,
  z.ZodObject | undefined,
  z.ZodType | Media | undefined,
  ReplySchemas
> {
  readonly path: string;
  readonly handle: (call: Call<never, never, never>) => Promise<Reply<number, unknown>>;
  readonly rows?: (call: Call<never, never, never>) => AsyncIterable<object>;
}

/**
 * One way in: its schemas type the handler's arguments and its reply, check what comes in, and document it.
 *
 *     route({ method: 'post', path: '/lots/:lot/moves', requires: 'stock.move', summary: { en, zh },
 *             body: MoveBody, reply: { 201: StockView },
 *             handle: async ({ params, body, context }) => created(await move(params.lot, body, context)) })
 */
export function route<
  const Path extends string,
  R extends ReplySchemas,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | Media | undefined = undefined,
>(
  definition: Described<P, Q, B, R> & {
    readonly path: Path;
    readonly handle: (call: Call<Params<P, Path>, Query<Q>, Body<B>>) => Promise<ReplyOf<R>>;
    /**
     * The whole list for a table, in pieces of the form of the reply (its list, and its limits if it has any); each is
     * asked for when the caller has taken the one before. Whoever leaves ends it: `finally` is run.
     */
    readonly rows?: (call: Call<Params<P, Path>, Query<Q>, Body<B>>) => AsyncIterable<object>;
  },
): Route {
  return definition;
}
