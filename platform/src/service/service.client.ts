import type { z } from 'zod';

/** Questions to another service. Every call has a deadline; an answer that does not fit its schema is an error. */
export interface ServiceClient {
  /** Throws `Transient('upstream-unavailable')` without an answer, `Rejected(code)` where the service says no. */
  readonly get: <Schema extends z.ZodType>(
    path: string,
    reply: Schema,
    options?: AskOptions,
  ) => Promise<z.output<Schema>>;
  /** A question too long for a URL; it changes nothing over there that its owner does not expect. */
  readonly ask: <Schema extends z.ZodType>(
    path: string,
    body: unknown,
    reply: Schema,
    options?: AskOptions,
  ) => Promise<z.output<Schema>>;
}

export interface AskOptions {
  /** Milliseconds; 10 s if absent. */
  readonly timeout?: number;
  /** W3C traceparent of who asks; the active span's if absent. */
  readonly trace?: string;
  readonly signal?: AbortSignal;
}
