import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, jest, test } from '@jest/globals';
import { CompactSign, exportJWK, generateKeyPair, UnsecuredJWT, type CryptoKey } from 'jose';
import { createVerifier } from './token-verifier.client.ts';
import { testTokens } from './testing/tokens.ts';

const ours = await testTokens();
const reasonOf = (token: string) => ours.verifier(token).catch((error: unknown) => error);

test('a good token tells who calls', async () => {
  const token = await ours.sign({ sub: 'lin.mei', name: '林梅', roles: ['receiver'], sites: ['SZ'] });
  expect(await ours.verifier(token)).toEqual({
    id: 'lin.mei',
    name: '林梅',
    kind: 'person',
    roles: ['receiver'],
    sites: ['SZ'],
  });
});

test('a token of yesterday is told from a wrong one', async () => {
  expect(await reasonOf(await ours.sign({ expiresIn: -10 }))).toMatchObject({ code: 'token-expired' });
  expect(await ours.verifier(await ours.sign({ expiresIn: -2 }))).toMatchObject({ id: 'lin.mei' });
});

test('forged tokens are refused, each for its reason', async () => {
  const forger = await testTokens();
  const [header, , signature] = (await ours.sign({})).split('.');
  const payload = Buffer.from(
    JSON.stringify({ sub: 'root', roles: ['administrator'], iss: ours.issuer, aud: 'lotwarden-api', exp: 9e9 }),
  );
  const forged: [string, string][] = [
    [await forger.sign({ roles: ['administrator'] }), 'signature'],
    [`${header!}.${payload.toString('base64url')}.${signature!}`, 'signature'],
    [
      new UnsecuredJWT({ roles: [] }).setSubject('x').setIssuer(ours.issuer).setAudience('lotwarden-api').encode(),
      'algorithm',
    ],
    [await ours.sign({ audience: 'somebody-else' }), 'aud'],
    [await ours.sign({ issuer: 'https://evil.test' }), 'iss'],
    ['not.a.token', 'format'],
    ['', 'format'],
  ];
  for (const [token, reason] of forged) {
    expect(await reasonOf(token)).toMatchObject({ code: 'token-invalid', detail: { reason } });
  }
});

/** Signed with the issuer's own key, in a form of the attacker's choice. */
async function shaped(header: object, over: object = {}, key: CryptoKey | Uint8Array = ours.privateKey) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: 'root', roles: ['administrator'], iss: ours.issuer, aud: 'lotwarden-api', iat: now, exp: now + 600, ...over }; // prettier-ignore
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'EdDSA', kid: 'test', typ: 'at+jwt', ...header })
    .sign(key);
}

test('what else the issuer signs lets nobody in: id tokens, signatures on records, tokens for others', async () => {
  expect(await ours.verifier(await shaped({}))).toMatchObject({ id: 'root' });
  for (const typ of ['JWT', 'lotwarden-signature+jwt', 'lotwarden-renewal+jwt', 'logout+jwt'])
    expect(await reasonOf(await shaped({ typ }))).toMatchObject({ code: 'token-invalid', detail: { reason: 'typ' } });
  expect(await reasonOf(await shaped({ typ: undefined }))).toMatchObject({ detail: { reason: 'typ' } });
  expect(await reasonOf(await shaped({}, { aud: 'lotwarden-web' }))).toMatchObject({ detail: { reason: 'aud' } });
});

test('alg confusion: the public key is no shared secret, and a key that a token brings along is none of ours', async () => {
  const [jwk] = ours.jwks.keys;
  for (const secret of [JSON.stringify(jwk), String(jwk?.['x'])]) {
    const token = await shaped({ alg: 'HS256' }, {}, new TextEncoder().encode(secret.padEnd(32, ' ')));
    expect(await reasonOf(token)).toMatchObject({ code: 'token-invalid', detail: { reason: 'algorithm' } });
  }
  const evil = await generateKeyPair('Ed25519');
  const brought = { jwk: await exportJWK(evil.publicKey), jku: 'https://evil.test/jwks', x5u: 'https://evil.test/x' };
  expect(await reasonOf(await shaped(brought, {}, evil.privateKey))).toMatchObject({ detail: { reason: 'signature' } });
  for (const kid of ['../../etc/passwd', "test' OR 1=1", 'another'])
    expect(await reasonOf(await shaped({ kid }, {}, evil.privateKey))).toMatchObject({ detail: { reason: 'key' } });
});

test('clocks may differ by five seconds, not more; a token without an end or a person is none', async () => {
  const now = Math.floor(Date.now() / 1000);
  expect(await ours.verifier(await shaped({}, { nbf: now + 3 }))).toMatchObject({ id: 'root' });
  expect(await reasonOf(await shaped({}, { nbf: now + 60 }))).toMatchObject({ code: 'token-invalid', detail: { reason: 'nbf' } }); // prettier-ignore
  expect(await reasonOf(await shaped({}, { exp: now - 6 }))).toMatchObject({ code: 'token-expired' });
  expect(await reasonOf(await shaped({}, { exp: undefined }))).toMatchObject({ detail: { reason: 'exp' } });
  expect(await reasonOf(await shaped({}, { sub: undefined }))).toMatchObject({ detail: { reason: 'sub' } });
  expect(await reasonOf(await shaped({}, { roles: 'administrator' }))).toMatchObject({ detail: { reason: 'claims' } });
});

test('a key that was revoked is gone after a minute; while the issuer is away, those that it had last are good', async () => {
  const issuer = { status: 200, keys: ours.jwks };
  const server = createServer((_, response) => {
    response.writeHead(issuer.status, { 'content-type': 'application/json' }).end(JSON.stringify(issuer.keys));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const verifier = createVerifier({ issuer: ours.issuer, keys: new URL(`http://127.0.0.1:${String(port)}/jwks`) });
  const minutesLater = (minutes: number): void => void jest.spyOn(Date, 'now').mockReturnValue(new Date().getTime() + minutes * 60_000); // prettier-ignore
  try {
    const token = await ours.sign({ expiresIn: 7_200 });
    await expect(verifier(token)).resolves.toMatchObject({ id: 'lin.mei' });
    issuer.status = 502;
    minutesLater(2);
    await expect(verifier(token)).resolves.toMatchObject({ id: 'lin.mei' });
    issuer.status = 200;
    issuer.keys = { keys: [] };
    minutesLater(4);
    await expect(verifier(token)).rejects.toMatchObject({ code: 'token-invalid', detail: { reason: 'key' } });
  } finally {
    jest.restoreAllMocks();
    server.closeAllConnections();
    server.close();
  }
});

test('keys that cannot be had are nobody’s forgery', async () => {
  const verifier = createVerifier({ issuer: ours.issuer, keys: new URL('http://127.0.0.1:9/jwks') });
  await expect(verifier(await ours.sign())).rejects.toMatchObject({ code: 'upstream-unavailable', retriable: true });
});
