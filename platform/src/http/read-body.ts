import express, { type Request, type Response } from 'express';
import { Rejected } from '../errors.ts';
import { pass } from './arrival.ts';
import type { Route } from './route.ts';

/** What a body may weigh; more belongs into the file store. */
export const BODY_LIMIT = 1024 * 1024;

const EMPTY = Buffer.alloc(0);

export type BodyReader = (request: Request, response: Response) => Promise<{ json: unknown; raw: Buffer }>;

/** Reads a route's body as bytes and, for JSON, as what they say. Throws `content-type-unsupported`, `body-too-large`, `body-not-json`. */
export function bodyReader({ body, bodyLimit = BODY_LIMIT }: Route): BodyReader {
  if (body === undefined) return () => Promise.resolve({ json: undefined, raw: EMPTY });
  const types = 'mediaType' in body ? [body.mediaType, ...(body.also ?? [])] : ['application/json'];
  const bytes = express.raw({ type: () => true, limit: bodyLimit });
  return async (request, response) => {
    if (request.headers['content-length'] !== '0' && request.is(types) === false)
      throw new Rejected('content-type-unsupported', { contentType: request.headers['content-type'] ?? 'none' });
    await pass(bytes, request, response);
    const raw = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    return { raw, json: 'mediaType' in body ? undefined : parse(raw) };
  };
}

function parse(raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch (cause) {
    throw new Rejected('body-not-json', {}, undefined, { cause });
  }
}
