import type { Role } from '../permissions/permissions.ts';
import type { TestService } from './service.ts';

interface Refusal {
  readonly status: number;
  readonly code: string;
}

interface Sent {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What every command of every service has to refuse, asked of one route of this one: by name, what came back. `body` and
 * `other` are good; `roles` may do it.
 */
export async function refusals(
  service: TestService,
  asked: { readonly path: string; readonly body: object; readonly other: object; readonly roles: readonly Role[] },
): Promise<Readonly<Record<string, Refusal>>> {
  const { tokens, address } = service;
  const { path, body, other, roles } = asked;
  const claims = { sub: 'wang', roles };
  const good = await tokens.headers(claims);
  const text = JSON.stringify(body);

  async function send({ body: sent = text, headers = good }: Sent): Promise<Refusal> {
    const response = await fetch(address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: sent,
    });
    const { code = '' } = (await response.json()) as { code?: string };
    return { status: response.status, code };
  }

  const [head = '', payload = '', signature = ''] = (good['authorization'] ?? '').split('.');
  const forged = Buffer.from(payload, 'base64url').toString().replace('"wang"', '"root"');
  const key = { ...good, 'idempotency-key': `key-of-${path}` };
  await send({ headers: key });
  return {
    'no token': await send({ headers: {} }),
    'an expired token': await send({ headers: await tokens.headers({ ...claims, expiresIn: -30 }) }),
    'a forged token': await send({
      headers: { authorization: [head, Buffer.from(forged).toString('base64url'), signature].join('.') },
    }),
    'a missing permission': await send({ headers: await tokens.headers({ ...claims, roles: ['viewer'] }) }),
    '10 MB': await send({ body: JSON.stringify({ ...body, note: 'x'.repeat(10_000_000) }) }),
    'no JSON': await send({ body: '{' }),
    'the same key for another body': await send({ headers: key, body: JSON.stringify(other) }),
  };
}

export const REFUSED: Readonly<Record<string, Refusal>> = {
  'no token': { status: 401, code: 'not-authenticated' },
  'an expired token': { status: 401, code: 'token-expired' },
  'a forged token': { status: 401, code: 'token-invalid' },
  'a missing permission': { status: 403, code: 'permission-missing' },
  '10 MB': { status: 413, code: 'body-too-large' },
  'no JSON': { status: 400, code: 'body-not-json' },
  'the same key for another body': { status: 422, code: 'idempotency-key-reused' },
};
