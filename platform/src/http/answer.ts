import type { Response } from 'express';
import type { KeptAnswer } from './idempotency.ts';
import type { Reply } from './replies.ts';
import { without, type RestrictedField } from './restricted.ts';
import type { Route } from './route.ts';

const revOf = (body: unknown): number | undefined =>
  typeof body === 'object' && body !== null && 'rev' in body && Number.isSafeInteger(body.rev)
    ? Number(body.rev)
    : undefined;

const quoted = (name: string): string => `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string | Buffer;
}

/** A handler's reply as it goes over the wire. Throws (a bug) for a status or, when asked to check, a body it never declared. */
export function answerOf(
  route: Route,
  reply: Reply<number, unknown>,
  { check, withheld }: { readonly check: boolean; readonly withheld: readonly RestrictedField[] },
): Answer {
  const declared = route.reply[reply.status as keyof typeof route.reply];
  if (declared === undefined)
    throw new Error(`${route.path} replied ${String(reply.status)}, which it does not declare`);
  const rev = reply.etag ?? revOf(reply.body);
  const headers: Record<string, string> = {
    'cache-control': rev === undefined ? 'no-store' : 'private, no-cache',
    ...(rev !== undefined && { etag: `"${String(rev)}"` }),
    ...(reply.location !== undefined && { location: reply.location }),
    ...reply.headers,
    ...(reply.fileName !== undefined && { 'content-disposition': quoted(reply.fileName) }),
  };
  if (declared === null) return { status: reply.status, headers, content: '' };
  if ('mediaType' in declared)
    return {
      status: reply.status,
      headers: { ...headers, 'content-type': declared.mediaType },
      content: bytes(reply.body),
    };
  const written = reply.json && Buffer.from(reply.json.buffer, reply.json.byteOffset, reply.json.byteLength);
  const said =
    check || withheld.length > 0
      ? written
        ? (JSON.parse(written.toString('utf8')) as unknown)
        : reply.body
      : undefined;
  if (check) declared.parse(said);
  return {
    status: reply.status,
    headers: { ...headers, ...withheldHeader(withheld), 'content-type': 'application/json; charset=utf-8' },
    content: withheld.length > 0 ? JSON.stringify(without(said, withheld)) : (written ?? JSON.stringify(reply.body)),
  };
}

/** That an answer is not all there is has to be seen: a field that is left out must not be taken for one that nobody filled. */
export const withheldHeader = (withheld: readonly RestrictedField[]): Record<string, string> =>
  withheld.length === 0 ? {} : { 'lotwarden-withheld': withheld.map(({ path }) => path).join(', ') };

function bytes(body: unknown): string | Buffer {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return body;
  throw new Error('a reply that is not JSON is text or bytes');
}

export const kept = ({ status, headers, content }: Answer): KeptAnswer => ({
  status,
  headers,
  text: content.toString(),
});

export const replayed = ({ status, headers, text }: KeptAnswer): Answer => ({
  status,
  headers: { ...headers, 'idempotent-replayed': 'true' },
  content: text,
});

export function send(response: Response, { status, headers, content }: Answer): void {
  response.status(status).set(headers);
  if (status === 204) response.end();
  else response.send(content);
}
