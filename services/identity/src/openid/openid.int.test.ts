import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signIn } from '@lotwarden/platform/sign-in';
import { clientCredentials } from '@lotwarden/platform/token-source';
import { createVerifier, type TokenVerifier } from '@lotwarden/platform/token-verifier';
import { until } from '@lotwarden/platform/testing/until';
import { PASSWORD, startIdentity, type Identity } from '../../test/identity.ts';

let identity: Identity;
let verify: TokenVerifier;

beforeAll(async () => {
  identity = await startIdentity();
  verify = createVerifier({ issuer: identity.issuer, keys: new URL(`${identity.issuer}/jwks`) });
});
afterAll(() => identity.end());

const machineToken = (clientId: string, clientSecret = 'lotwarden-development') =>
  clientCredentials({
    tokenUrl: new URL(`${identity.issuer}/token`),
    clientId,
    clientSecret,
    now: () => new Date(),
  }).token();

test('a service and an outside system get tokens with what their role allows', async () => {
  expect(await verify(await machineToken('mes-bridge'))).toEqual({
    id: 'mes-bridge',
    name: 'mes-bridge',
    kind: 'service',
    roles: ['service'],
  });
  expect(await verify(await machineToken('system-mes'))).toMatchObject({ kind: 'system', roles: ['system-mes'] });
});

async function refusals(subject: string): Promise<readonly object[]> {
  const path = `/security-events?kind=token-refused&subject=${subject}`;
  const { body } = await identity.ask('GET', path, identity.administrator);
  return body.items as readonly object[];
}

test('a wrong secret and an unknown client get none', async () => {
  await expect(machineToken('qms', 'some-other-secret')).rejects.toThrow('invalid_client');
  await expect(machineToken('nobody')).rejects.toThrow('invalid_client');
  await until(async () => (await refusals('qms')).length > 0);
  expect(await refusals('qms')).toMatchObject([{ reason: 'invalid_client' }]);
});

test('a person signs in with code and PKCE and gets a token with roles, name and kind', async () => {
  const { token } = await identity.person('li.na', ['receiver', 'warehouse-operator']);
  expect(await verify(token)).toEqual({
    id: 'li.na',
    name: 'Name of li.na',
    kind: 'person',
    roles: ['receiver', 'warehouse-operator'],
  });
  expect(await identity.ask('GET', '/accounts/me', token)).toMatchObject({
    status: 200,
    body: { account: 'li.na', temporaryPassword: false },
  });
});

test('without PKCE, with a plain challenge or with a foreign address to return to there is no log-in', async () => {
  const redirect = `${new URL(identity.issuer).origin}/`;
  const ask = async (over: Record<string, string>) => {
    const base = { client_id: 'lotwarden-web', response_type: 'code', scope: 'openid', redirect_uri: redirect };
    const query = new URLSearchParams({ ...base, ...over }).toString();
    const reply = await fetch(`${identity.issuer}/auth?${query}`, { redirect: 'manual' });
    return { status: reply.status, location: reply.headers.get('location') ?? '' };
  };
  expect((await ask({})).location).toMatch(/error=invalid_request.*PKCE/);
  expect((await ask({ code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' })).location).toMatch(
    /error=invalid_request/,
  );
  const foreign = await ask({
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
    redirect_uri: 'https://evil.example/',
  });
  expect(foreign).toEqual({ status: 400, location: '' });
});

test('a code is good once', async () => {
  // PKCE verifier and challenge of RFC 7636, appendix B.
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  const redirect = `${new URL(identity.issuer).origin}/`;
  const cookies = new Map<string, string>();
  const go = async (url: string, form?: Record<string, string>) => {
    const reply = await fetch(new URL(url, identity.issuer), {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return reply;
  };
  await identity.person('code.once', ['viewer']);
  const query = new URLSearchParams({
    client_id: 'lotwarden-web',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirect,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const begun = await go(`/openid/auth?${query.toString()}`);
  const form = begun.headers.get('location') ?? '';
  const posted = await go(form, { account: 'code.once', password: PASSWORD });
  const back = await go(posted.headers.get('location') ?? '');
  const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const redeem = (over: Record<string, string> = {}) =>
    go('/openid/token', {
      grant_type: 'authorization_code',
      client_id: 'lotwarden-web',
      redirect_uri: redirect,
      code,
      code_verifier: verifier,
      ...over,
    });
  const both = await Promise.all([redeem(), redeem()]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
  expect((await redeem()).status).toBe(400);
  await until(async () => (await refusals('lotwarden-web')).length > 0);
  expect(await refusals('lotwarden-web')).toMatchObject([{ reason: 'invalid_grant' }]);
});

test('the log-in page speaks both languages, runs no script and stands in no frame', async () => {
  const query = `client_id=lotwarden-web&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(`${new URL(identity.issuer).origin}/`)}&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256`;
  const begun = await fetch(`${identity.issuer}/auth?${query}`, { redirect: 'manual' });
  const cookie = begun.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const open = async (language: string, withCookie = true) => {
    const url = new URL(begun.headers.get('location') ?? '', identity.issuer);
    const reply = await fetch(url, { headers: { 'accept-language': language, ...(withCookie && { cookie }) } });
    return { status: reply.status, csp: reply.headers.get('content-security-policy') ?? '', html: await reply.text() };
  };
  const chinese = await open('zh-CN,zh;q=0.9,en;q=0.5');
  expect(chinese.html).toContain('登录 Lotwarden');
  expect(chinese.csp).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(chinese.html).not.toContain('<script');
  expect((await open('en-GB')).html).toContain('Sign in to Lotwarden');
  expect(await open('en', false)).toMatchObject({ status: 400, html: expect.stringContaining('another browser') });
});

test('wrong passwords lock the account for a while, also many at once, and an administrator unlocks it', async () => {
  const { issuer, administrator, ask } = identity;
  await identity.person('wang.fang', ['viewer']);
  const wrong = { issuer, account: 'wang.fang', password: 'wrong every time' };
  const tried = await Promise.allSettled(Array.from({ length: 8 }, () => signIn(wrong)));
  expect(tried.every(({ status }) => status === 'rejected')).toBe(true);
  await expect(signIn({ ...wrong, password: PASSWORD })).rejects.toThrow(/429.*locked until/);
  expect((await ask('GET', '/accounts/wang.fang', administrator)).body.lockedUntil).toMatch(/^\d{4}-/);
  await ask('POST', '/accounts/wang.fang/unlocks', administrator, { reason: 'she called' });
  expect(await signIn({ ...wrong, password: PASSWORD })).toMatch(/^ey/);
});

test('an unknown account is answered like a wrong password', async () => {
  const { issuer } = identity;
  await expect(signIn({ issuer, account: 'no.such', password: PASSWORD })).rejects.toThrow(
    'Account or password is wrong',
  );
});

test('answers name the issuer whatever Host the caller sends', async () => {
  const { request } = await import('undici');
  const { body } = await request(`${identity.issuer}/.well-known/openid-configuration`, {
    headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
  });
  const found = (await body.json()) as Record<string, string>;
  expect(found['token_endpoint']).toBe(`${identity.issuer}/token`);
  expect(found['code_challenge_methods_supported']).toEqual(['S256']);
});
