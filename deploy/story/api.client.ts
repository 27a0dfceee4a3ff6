import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Refused, type Problem } from './refused.ts';

/** Somebody who calls the services through the gateway; paths are `<service>/<path of the service>`. */
export interface Caller {
  readonly get: <T>(path: string) => Promise<T>;
  /** The same answer as a document. */
  readonly pdf: (path: string) => Promise<Uint8Array>;
  readonly post: <T>(path: string, body: unknown) => Promise<T>;
  /** A command that must be refused; throws if it is not. */
  readonly refused: (path: string, body: unknown) => Promise<Problem>;
  readonly token: () => Promise<string>;
}

/** How long a caller goes on while a service or one of its servers is away. */
const PATIENCE_MS = 90_000;
const AWAY: readonly number[] = [429, 502, 503, 504];

/**
 * A client as a careful integrator writes it: every command carries one Idempotency-Key over all its attempts, so that
 * trying again while something restarts never does it twice.
 */
export function createCaller(gateway: string, token: () => Promise<string>): Caller {
  async function call(method: string, path: string, body: unknown): Promise<Response> {
    const request = {
      method,
      headers: {
        authorization: `Bearer ${await token()}`,
        'accept-language': 'en',
        ...(method === 'POST' && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await fetch(`${gateway}/api/${path}`, request).catch((error: unknown) => {
        // The gateway itself may be starting again.
        if (error instanceof TypeError && Date.now() < deadline) return undefined;
        throw error;
      });
      if (answer !== undefined && (!AWAY.includes(answer.status) || Date.now() > deadline)) return answer;
      await answer?.body?.cancel();
      await pause(200);
    }
  }

  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await call(method, path, body);
    if (!answer.ok) throw new Refused(`${method} ${path}`, answer.status, await problemOf(answer));
    return (await answer.json()) as T;
  }

  return {
    token,
    get: (path) => send('GET', path),
    pdf: async (path) => {
      const answer = await call('GET', `${path}?format=pdf`, undefined);
      if (!answer.ok) throw new Refused(`GET ${path}`, answer.status, await problemOf(answer));
      return answer.bytes();
    },
    post: (path, body) => send('POST', path, body),
    refused: async (path, body) => {
      const answer = await call('POST', path, body);
      if (answer.ok) throw new Error(`POST ${path} was let through: ${(await answer.text()).slice(0, 400)}`);
      return problemOf(answer);
    },
  };
}

async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text();
  try {
    return { status: answer.status, ...(JSON.parse(text) as object) } as Problem;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { status: answer.status, code: 'not-a-problem', title: text.slice(0, 200) };
  }
}
