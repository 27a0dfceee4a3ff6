import type { IncomingMessage, ServerResponse } from 'node:http';
import { REGISTRY_CONTENT_TYPE, registryHandler } from '@lotwarden/contracts/registry';
import { Rejected } from '@lotwarden/platform/errors';

/** A look-up by content carries one schema; the largest of ours is a tenth of it. */
const BODY_LIMIT = 256 * 1024;

/** `/registry/…`: what a stock Confluent client asks a schema registry; public, and nothing can be changed through it. */
export function registryMount() {
  const answer = registryHandler();
  return {
    path: '/registry',
    handler: async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
      const body = request.method === 'POST' ? await readJson(request) : undefined;
      const method = request.method ?? 'GET';
      const reply = answer({ method, path, query: Object.fromEntries(new URLSearchParams(query)), body });
      response.writeHead(reply.status, { 'content-type': REGISTRY_CONTENT_TYPE });
      response.end(method === 'HEAD' ? undefined : JSON.stringify(reply.body));
    },
  };
}

/** Throws `body-too-large` or `body-not-json`. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > BODY_LIMIT) break;
    chunks.push(bytes);
  }
  if (length > BODY_LIMIT) {
    request.resume(); // read to its end, or the caller never gets to read the answer
    throw new Rejected('body-too-large', { limit: `${BODY_LIMIT} bytes` });
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new Rejected('body-not-json', {}, undefined, { cause });
  }
}
