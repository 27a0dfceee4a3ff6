import type { IncomingMessage } from 'node:http';
import { Rejected } from '@lotwarden/platform/errors';

/** As Express works it out from the proxies it trusts. */
export const addressOf = (request: IncomingMessage): string =>
  ('ip' in request && typeof request.ip === 'string' ? request.ip : request.socket.remoteAddress) ?? 'unknown';

const FORM_LIMIT = 8192;

/** Throws `body-too-large` or `content-type-unsupported`. */
export async function readForm(request: IncomingMessage, limit = FORM_LIMIT): Promise<URLSearchParams> {
  const type = request.headers['content-type'] ?? 'none';
  if (!type.startsWith('application/x-www-form-urlencoded'))
    throw new Rejected('content-type-unsupported', { contentType: type });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > limit) break;
    chunks.push(bytes);
  }
  if (length > limit) {
    request.resume(); // read to its end, or the caller never gets to read the answer
    throw new Rejected('body-too-large', { limit: `${limit} bytes` });
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
