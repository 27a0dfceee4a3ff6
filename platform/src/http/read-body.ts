import { createHash, type Hash } from 'node:crypto';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import express, { type Request, type Response } from 'express';
import { Rejected } from '../errors.ts';
import { pass } from './arrival.ts';
import type { Received, Route } from './route.ts';

/** What a body may weigh; more belongs into the file store. */
export const BODY_LIMIT = 1024 * 1024;

const EMPTY = Buffer.alloc(0);

interface Read {
  readonly json: unknown;
  readonly raw: Buffer;
  /** What a route made of a body that it takes piece by piece. */
  readonly made?: unknown;
}

export type BodyReader = (request: Request, response: Response) => Promise<Read>;

/** Reads a route's body as bytes and, for JSON, as what they say. Throws `content-type-unsupported`, `body-too-large`, `body-not-json`. */
export function bodyReader({ body, bodyLimit = BODY_LIMIT }: Route): BodyReader {
  if (body === undefined) return () => Promise.resolve({ json: undefined, raw: EMPTY });
  const types = 'mediaType' in body ? [body.mediaType, ...(body.also ?? [])] : ['application/json'];
  const bytes = express.raw({ type: () => true, limit: bodyLimit });
  return async (request, response) => {
    if (request.headers['content-length'] !== '0' && request.is(types) === false)
      throw new Rejected('content-type-unsupported', { contentType: request.headers['content-type'] ?? 'none' });
    if (isReceived(body)) return received(body, request, bodyLimit);
    await pass(bytes, request, response);
    const raw = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    return { raw, json: 'mediaType' in body ? undefined : parse(raw) };
  };
}

const isReceived = (body: object): body is Received<unknown> => 'receive' in body;

async function received({ receive }: Received<unknown>, request: Request, limit: number): Promise<Read> {
  const tooLarge = new Rejected('body-too-large', { limit: `${limit} bytes` });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge;
  const hash = createHash('sha256');
  const pieces = unpacked(request).iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  const made = await receive(limited(pieces, { limit, hash, tooLarge }), request.headers);
  return { json: undefined, raw: hash.digest(), made };
}

const UNPACKERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => createGunzip()],
  ['deflate', () => createInflate()],
  ['br', () => createBrotliDecompress()],
]);

function unpacked(request: Request): Readable {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return request;
  const unpacker = UNPACKERS.get(encoding)?.();
  if (!unpacker) throw new Rejected('content-type-unsupported', { contentType: encoding.slice(0, 100) });
  request.once('error', (error) => unpacker.destroy(error));
  return request.pipe(unpacker);
}

interface Limit {
  readonly limit: number;
  readonly hash: Hash;
  readonly tooLarge: Rejected;
}

/** Refuses as soon as there is too much: the connection stays open for the answer. */
async function* limited(
  pieces: AsyncIterable<Uint8Array>,
  { limit, hash, tooLarge }: Limit,
): AsyncGenerator<Uint8Array, void, undefined> {
  let size = 0;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > limit) throw tooLarge;
      hash.update(piece);
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof Rejected) throw cause;
    // It broke off, or was not packed as it said: nobody is to blame but whoever sent it.
    throw new Rejected('body-incomplete', {}, undefined, { cause });
  }
}

function parse(raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch (cause) {
    throw new Rejected('body-not-json', {}, undefined, { cause });
  }
}
