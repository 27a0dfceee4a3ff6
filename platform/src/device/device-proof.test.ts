import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
} from 'jose';
import { deviceProofs, type Asked } from './device-proof.client.ts';

const NOW = new Date('2026-11-23T08:00:00.000Z');
const SECOND = NOW.getTime() / 1000;
const TOKEN = 'header.payload.signature';
const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');

let key: CryptoKey;
let jwk: JWK;
let asked: Omit<Asked, 'proof'>;
beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  key = pair.privateKey;
  jwk = await exportJWK(pair.publicKey);
  asked = {
    method: 'POST',
    urls: ['https://lotwarden.example/stock/L-1/moves?dry=1', 'https://gate.example/api/warehouse/stock/L-1/moves'],
    token: TOKEN,
    thumbprint: await calculateJwkThumbprint(jwk),
  };
});

const claims = (over: object = {}) => ({
  htm: 'POST',
  htu: 'https://lotwarden.example/stock/L-1/moves',
  iat: SECOND - 1,
  jti: 'one-of-many',
  ath: hash(TOKEN),
  ...over,
});
const proof = (over: object = {}, header: object = {}, by: CryptoKey | Uint8Array = key): Promise<string> =>
  new SignJWT(claims(over)).setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header }).sign(by);
const judge = async (made: string | undefined, over: object = {}): Promise<void> =>
  deviceProofs(() => NOW)({ ...asked, proof: made, ...over });
const refused = (reason: string) => ({ code: 'device-proof-invalid', detail: { reason } });

test('a proof for this request, this token and this key is one', async () => {
  await expect(judge(await proof())).resolves.toBeUndefined();
});

test('through the gateway the address is the one that the device called', async () => {
  await expect(
    judge(await proof({ htu: 'https://gate.example/api/warehouse/stock/L-1/moves' })),
  ).resolves.toBeUndefined();
});

test('attack: a proof is good once, and only for a minute', async () => {
  const one = await proof();
  const proofs = deviceProofs(() => NOW);
  await proofs({ ...asked, proof: one });
  await expect(proofs({ ...asked, proof: one })).rejects.toMatchObject(refused('used before'));
  await expect(judge(await proof({ iat: SECOND - 61 }))).rejects.toMatchObject(refused('time'));
  await expect(judge(await proof({ iat: SECOND + 6 }))).rejects.toMatchObject(refused('time'));
  await expect(judge(await proof({ iat: SECOND + 4 }))).resolves.toBeUndefined();
});

test.each<[string, string, () => Promise<string | undefined>]>([
  ['none', 'missing', () => Promise.resolve(undefined)],
  ['two', 'two of them', async () => `${await proof()},${await proof()}`],
  ['one for another method', 'request', () => proof({ htm: 'GET' })],
  ['one for another address', 'request', () => proof({ htu: 'https://lotwarden.example/stock/L-2/moves' })],
  ['one for another host', 'request', () => proof({ htu: 'https://evil.example/stock/L-1/moves' })],
  ['one for another token', 'token', () => proof({ ath: hash('another') })],
  ['one without a token', 'claims', () => proof({ ath: undefined })],
  ['one without an id', 'claims', () => proof({ jti: undefined })],
  ['alg none', 'signature', () => Promise.resolve(new UnsecuredJWT(claims()).encode())],
  ['HS256', 'signature', () => proof({}, { alg: 'HS256' }, Buffer.from('x'.repeat(32)))],
  ['an access token in its place', 'signature', () => proof({}, { typ: 'at+jwt' })],
  ['words', 'signature', () => Promise.resolve('let me in')],
])('attack: %s proves nothing', async (_, reason, make) => {
  await expect(judge(await make())).rejects.toMatchObject(refused(reason));
});

test('attack: a key of his own proves that somebody has a key of his own', async () => {
  const other = await generateKeyPair('ES256', { extractable: true });
  const made = await proof({}, { jwk: await exportJWK(other.publicKey) }, other.privateKey);
  await expect(judge(made)).rejects.toMatchObject(refused('key'));
  // The registered key in the header, signed by another.
  await expect(judge(await proof({}, {}, other.privateKey))).rejects.toMatchObject(refused('signature'));
});
