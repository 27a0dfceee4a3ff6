import { expect, test } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
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

test('keys that cannot be had are nobody’s forgery', async () => {
  const verifier = createVerifier({ issuer: ours.issuer, keys: new URL('http://127.0.0.1:9/jwks') });
  await expect(verifier(await ours.sign())).rejects.toMatchObject({ code: 'upstream-unavailable', retriable: true });
});
