import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Rejected, Transient } from '@lotwarden/platform/errors';
import { Agent } from 'undici';
import { replyHeaders, requestHeaders } from './pass-headers.ts';

export interface ProxySettings {
  /** Base address of a service; undefined while nobody knows it. */
  readonly locate: (service: string) => string | undefined;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Milliseconds until the answer must begin. */
  readonly timeout: number;
}

export interface Passage {
  readonly service: string;
  readonly path: string;
  /** Goes before a relative `Location`. */
  readonly prefix: string;
  readonly cookies: boolean;
}

export interface Proxy {
  /**
   * Streams a request to a service and its answer back. Throws `body-too-large`, `service-unreachable` (502) or
   * `service-slow` (504) as long as nothing was answered.
   */
  pass(request: IncomingMessage, response: ServerResponse, passage: Passage): Promise<void>;
  close(): Promise<void>;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function createProxy({ locate, bodyLimit, timeout }: ProxySettings): Proxy {
  const agent = new Agent({
    connect: { timeout: 2000 },
    connections: 256,
    keepAliveTimeout: 10_000,
    headersTimeout: timeout,
    bodyTimeout: timeout,
  });

  async function pass(request: IncomingMessage, response: ServerResponse, passage: Passage): Promise<void> {
    const { service, path, cookies, prefix } = passage;
    const method = request.method ?? 'GET';
    if (!METHODS.has(method)) throw new Rejected('method-not-allowed', { method, allowed: [...METHODS].join(', ') });
    const base = locate(service);
    if (base === undefined) throw new Transient('service-unreachable', { service });
    const left = new AbortController();
    response.once('close', () => left.abort());
    try {
      const { origin, pathname } = new URL(base);
      const reply = await agent.request({
        origin,
        path: `${pathname.replace(/\/$/, '')}${path}`,
        method,
        headers: { ...requestHeaders(request.headers, cookies), ...told(request, response) },
        body: hasBody(request) ? metered(request, bodyLimit) : null,
        signal: left.signal,
      });
      response.writeHead(reply.statusCode, replyHeaders(reply.headers, { cookies, prefix }));
      await pipeline(reply.body, response);
    } catch (error) {
      if (left.signal.aborted && response.destroyed) return; // nobody is there to be told
      throw understood(error, service);
    }
  }

  return { pass, close: () => agent.close() };
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The body as it comes; throws `body-too-large` at once for a length that is told, else when it is passed. */
function metered(request: IncomingMessage, limit: number): Readable {
  const tooLarge = () => {
    request.resume(); // read to its end, or the caller never gets to read the answer
    return new Rejected('body-too-large', { limit: `${limit} bytes` });
  };
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks = async function* () {
    let left = limit;
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      left -= bytes.length;
      if (left < 0) break;
      yield bytes;
    }
    if (left < 0) throw tooLarge();
  };
  return Readable.from(chunks(), { objectMode: false });
}

/** What the gateway itself says of the caller and of this request. */
function told(request: IncomingMessage, response: ServerResponse): Record<string, string> {
  // Express works the address and protocol out from the proxies it trusts.
  const { ip, protocol } = request as { ip?: string; protocol?: string };
  const headers = {
    'x-forwarded-for': ip ?? request.socket.remoteAddress,
    'x-forwarded-proto': protocol,
    'x-forwarded-host': request.headers.host,
    'x-request-id': response.getHeader('x-request-id'),
    traceparent: response.getHeader('traceparent'),
  };
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

const SLOW: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

function understood(error: unknown, service: string): Error {
  if (error instanceof Rejected) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new Transient(SLOW.has(code) ? 'service-slow' : 'service-unreachable', { service }, { cause: error });
}
