import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpApp, type HttpAppOptions } from '../http/app.ts';
import type { Route } from '../http/route.ts';
import { createLog } from '../log/log.ts';
import { testTokens, type TestClaims, type TestTokens } from './tokens.ts';

export interface TestReply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else the text. */
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- replies are compared with what is expected
}

export interface TestRequest {
  /** Roles and the rest of the token; `null` for no token. */
  readonly as?: TestClaims | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON, a string or bytes as they are. */
  readonly body?: unknown;
}

export interface TestApp {
  readonly url: string;
  readonly tokens: TestTokens;
  /** Lines the app logged, parsed. */
  readonly logged: readonly Record<string, unknown>[];
  request(method: string, path: string, request?: TestRequest): Promise<TestReply>;
  stop(): Promise<void>;
}

const everything: TestClaims = {
  roles: [
    'administrator',
    'quality-manager',
    'recall-manager',
    'shipping-lead',
    'production-lead',
    'receiver',
    'buyer',
    'planner',
    'warehouse-operator',
    'field-service',
    'system-mes',
    'system-wms',
  ],
};

/** The routes behind the real application on a free port; replies are checked against their schemas. */
export async function startTestApp(
  routes: readonly Route[],
  options: Partial<Omit<HttpAppOptions, 'routes'>> = {},
): Promise<TestApp> {
  const tokens = await testTokens();
  const logged: Record<string, unknown>[] = [];
  const write = (line: string): void => void logged.push(JSON.parse(line) as Record<string, unknown>);
  const app = createHttpApp({
    service: 'test',
    messages: {},
    verifier: tokens.verifier,
    log: createLog({ service: 'test', level: 'debug', destination: { write } }),
    now: () => new Date(),
    health: { live: () => ({ ok: true }), ready: () => ({ ok: true }) },
    checkReplies: true,
    ...options,
    routes: [routes],
  });
  // As the service: a client that is slow for a moment must not send into what is being closed.
  const server = createServer({ keepAliveTimeout: 65_000 }, app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url,
    tokens,
    logged,
    async request(method, path, { as = everything, headers = {}, body } = {}) {
      const plain = typeof body === 'string' || body instanceof Uint8Array;
      const reply = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(as && (await tokens.headers(as))),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: plain ? (body as string) : JSON.stringify(body) }),
      });
      const text = await reply.text();
      const json = /[/+]json/.test(reply.headers.get('content-type') ?? '');
      return { status: reply.status, headers: reply.headers, body: json ? JSON.parse(text) : text };
    },
    stop: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}
