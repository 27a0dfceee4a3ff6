import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createVerifier, type TokenVerifier } from '@lotwarden/platform/token-verifier';
import { route, ok } from '@lotwarden/platform/http';
import { startTestApp, type TestApp } from '@lotwarden/platform/testing/http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { z } from 'zod';
import { PASSWORD, startIdentity, type Identity, type Reply } from '../../test/identity.ts';
import { walk } from '../../test/walk.ts';

let identity: Identity;
let dock: TestApp;
let verify: TokenVerifier;
beforeAll(async () => {
  identity = await startIdentity({ IDENTITY_SIGN_INS_PER_MINUTE: '1000' });
  verify = createVerifier({ issuer: identity.issuer, keys: new URL(`${identity.issuer}/jwks`) });
  const moves = route({
    method: 'post',
    path: '/stock/:lot/moves',
    requires: 'stock.move',
    summary: { en: 'Move', zh: '移库' },
    body: z.object({ site: z.string() }),
    reply: { 200: z.object({ device: z.string().nullable() }) },
    handle: ({ context }) => Promise.resolve(ok({ device: context.device ?? null })),
  });
  dock = await startTestApp([moves], { verifier: verify, deviceSites: ['SZ1'] });
});
afterAll(async () => {
  await dock.stop();
  await identity.end();
});

interface Scanner {
  readonly jwk: JWK;
  readonly key: CryptoKey;
}
async function scanner(): Promise<Scanner> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { key: privateKey, jwk: { kty, crv, x, y } as JWK };
}

const ask = (method: string, path: string, body?: object): Promise<Reply> =>
  identity.ask(method, path, identity.administrator, body);
const register = (device: string, { jwk }: Scanner, site: string | null = 'SZ1'): Promise<Reply> =>
  ask('POST', '/devices', { device, name: `Scanner ${device}`, kind: 'scanner', site, key: jwk });

const proofOf = ({ key, jwk }: Scanner, htu: string, token?: string): Promise<string> =>
  new SignJWT({ htm: 'POST', htu, jti: randomUUID(), ...(token !== undefined && { ath: sha(token) }) })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
    .setIssuedAt()
    .sign(key);
const sha = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Somebody logs in at a device: its program fetches the token with the proof of its key. */
async function tokenAt(at: Scanner, account: string): Promise<{ token: string; type: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const home = `${new URL(identity.issuer).origin}/`;
  const query = new URLSearchParams({
    client_id: 'lotwarden-web',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: home,
    code_challenge: sha(verifier),
    code_challenge_method: 'S256',
  });
  const browser = walk();
  const form = await browser.go(`${identity.issuer}/auth?${query.toString()}`);
  const back = await browser.post(form.url.href, { account, password: PASSWORD }, `${home}?`);
  const reply = await fetch(`${identity.issuer}/token`, {
    method: 'POST',
    headers: { dpop: await proofOf(at, `${identity.issuer}/token`) },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'lotwarden-web',
      redirect_uri: home,
      code: back.url.searchParams.get('code') ?? '',
      code_verifier: verifier,
    }),
  });
  const { access_token: token, token_type: type } = (await reply.json()) as Record<string, string>;
  return { token: token ?? '', type: type ?? '' };
}

async function move(site: string, headers: Record<string, string>): Promise<Reply> {
  const reply = await fetch(`${dock.url}/stock/L-1/moves`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ site }),
  });
  return { status: reply.status, body: await reply.json() };
}
const withDevice = async (at: Scanner, token: string): Promise<Record<string, string>> => ({
  authorization: `DPoP ${token}`,
  dpop: await proofOf(at, `${dock.url}/stock/L-1/moves`, token),
});

test('11.10(h): who acts at a registered device is in the record with it; without one it is refused where the site asks', async () => {
  await identity.person('zhao.lei', ['warehouse-operator']);
  const at = await scanner();
  expect((await register('SC-1', at)).status).toBe(201);
  const { token, type } = await tokenAt(at, 'zhao.lei');
  expect(type).toBe('DPoP');
  expect(await verify(token)).toMatchObject({ id: 'zhao.lei', device: { id: 'SC-1', site: 'SZ1' } });
  const moved = await move('SZ1', { ...(await withDevice(at, token)), 'x-device': 'another' });
  expect(moved).toEqual({ status: 200, body: { device: 'SC-1' } });

  const { token: bare } = await identity.person('zhao.min', ['warehouse-operator']);
  const refused = await move('SZ1', { authorization: `Bearer ${bare}` });
  expect(refused).toMatchObject({ status: 403, body: { code: 'device-unknown' } });
  expect((await move('CD1', { authorization: `Bearer ${bare}` })).status).toBe(200);
});

test('11.10(h): a device is at one place, and nobody acts elsewhere with it', async () => {
  await identity.person('zhao.far', ['warehouse-operator']);
  const at = await scanner();
  await register('SC-2', at);
  const { token } = await tokenAt(at, 'zhao.far');
  expect((await move('CD1', await withDevice(at, token))).body.code).toBe('site-not-yours');
});

test('attack: the token of a device is nothing without its key', async () => {
  await identity.person('zhao.stolen', ['warehouse-operator']);
  const [at, thief] = [await scanner(), await scanner()];
  await register('SC-3', at);
  const { token } = await tokenAt(at, 'zhao.stolen');
  const invalid = { status: 401, body: { code: 'device-proof-invalid' } };
  expect(await move('SZ1', { authorization: `Bearer ${token}` })).toMatchObject(invalid);
  expect(await move('SZ1', { authorization: `DPoP ${token}` })).toMatchObject(invalid);
  expect(await move('SZ1', await withDevice(thief, token))).toMatchObject(invalid);
  const once = await withDevice(at, token);
  expect((await move('SZ1', once)).status).toBe(200);
  expect(await move('SZ1', once)).toMatchObject(invalid);
});

test('11.10(h): a device that nobody registered, that is blocked or whose key was replaced is none', async () => {
  await identity.person('zhao.unknown', ['warehouse-operator']);
  const [stray, lost, changed] = [await scanner(), await scanner(), await scanner()];
  await register('SC-4', lost);
  await register('SC-5', changed);
  await ask('POST', '/devices/SC-4/blocks', { reason: 'left in a taxi' });
  await ask('POST', '/devices/SC-5/keys', { key: (await scanner()).jwk, reason: 'new battery, new key' });
  for (const at of [stray, lost, changed]) {
    const { token } = await tokenAt(at, 'zhao.unknown');
    expect((await verify(token)).device).toBeUndefined();
    expect((await move('SZ1', await withDevice(at, token))).body.code).toBe('device-unknown');
  }
});

test('ids and keys are one device each, for ever; private keys are refused', async () => {
  const one = await scanner();
  expect((await register('SC-6', one)).body).toMatchObject({ device: 'SC-6', site: 'SZ1', status: 'registered' });
  expect((await register('SC-7', one)).body.code).toBe('device-key-taken');
  expect((await register('SC-6', await scanner())).body.code).toBe('device-id-taken');
  expect((await ask('POST', '/devices/SC-6/keys', { key: one.jwk, reason: 'the same' })).status).toBe(201);
  expect((await ask('POST', '/devices/SC-6/blocks', { reason: 'sold' })).body.status).toBe('blocked');
  expect((await ask('POST', '/devices/SC-6/keys', { key: (await scanner()).jwk, reason: 'back' })).body.code).toBe('device-blocked'); // prettier-ignore
  expect((await register('SC-6', await scanner())).body.code).toBe('device-id-taken');
  const secret = { ...(await scanner()).jwk, d: 'x'.repeat(43) };
  expect((await ask('POST', '/devices', { device: 'SC-8', name: 'x', kind: 'scanner', key: secret })).status).toBe(400);
  const { token } = await identity.person('zhao.curious', ['viewer']);
  expect((await identity.ask('GET', '/devices', token)).status).toBe(403);
  expect(JSON.stringify((await ask('GET', '/security-events?kind=device-changed')).body)).toContain('SC-6');
});
