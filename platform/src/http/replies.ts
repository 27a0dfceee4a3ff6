/** JSON as it leaves: arrays may be read-only. */
export type Wire<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: Wire<T[K]> }
      : T;

export interface ReplyOptions {
  /** The document's `rev`; left out, the body's own `rev` is taken. */
  readonly etag?: number;
  /** Where the thing can be read; for 201 and 202. */
  readonly location?: string;
  /** Name under which a browser saves the body. */
  readonly fileName?: string;
  /** Of a standard that answers in headers; lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply<Status extends number, Body> extends ReplyOptions {
  readonly status: Status;
  readonly body: Body;
  /** The body as it leaves, where somebody else has written it. */
  readonly json?: Uint8Array;
}

export const ok = <const B>(body: B, options: ReplyOptions = {}): Reply<200, B> => ({ status: 200, body, ...options });

/** JSON that is written already, by whoever had it: it is not taken apart and put together again. */
export const okJson = (json: Uint8Array): Reply<200, never> => ({ status: 200, body: undefined as never, json });

export const created = <const B>(body: B, options: ReplyOptions = {}): Reply<201, B> => ({
  status: 201,
  body,
  ...options,
});

/** Taken, not yet done: the body or `location` says where to see how it goes. */
export const accepted = <const B>(body: B, options: ReplyOptions = {}): Reply<202, B> => ({
  status: 202,
  body,
  ...options,
});

export const noContent = (options: ReplyOptions = {}): Reply<204, undefined> => ({
  status: 204,
  body: undefined,
  ...options,
});
