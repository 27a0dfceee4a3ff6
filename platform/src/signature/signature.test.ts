import { expect, test } from '@jest/globals';
import { CompactSign, createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { signable, type SignatureClaims } from './signed-record.ts';
import { signatureVerifier } from './verify-signature.client.ts';

const keyPair = () => generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
const mine = await keyPair();
const theirs = await keyPair();
const verify = signatureVerifier(
  createLocalJWKSet({ keys: [{ ...(await exportJWK(mine.publicKey)), kid: 'k1', alg: 'EdDSA' }] }),
);

const record = signable('lot-release', 'F-SZ1-261101-00001', 3, { market: 'CN', lot: 'F-SZ1-261101-00001' });
const claims: SignatureClaims = {
  ...record,
  signer: 'qa.li',
  signerName: '李质量',
  roles: ['quality-manager'],
  meaning: 'release',
  reason: 'all checks passed',
  signedAt: '2026-11-01T08:00:00.000Z',
};
const sign = (over: object, { privateKey } = mine) =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(over)))
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
    .sign(privateKey);

test('a signature binds signer, meaning and reason to one version of one record', async () => {
  const jws = await sign(claims);
  expect(await verify(jws, record, 'release')).toMatchObject({
    jws,
    signer: 'qa.li',
    signerName: '李质量',
    reason: 'all checks passed',
  });
});

test.each([
  ['another record', { ...record, recordId: 'F-SZ1-261101-00002' }],
  ['another version', { ...record, recordVersion: 4 }],
  ['other content', signable('lot-release', record.recordId, 3, { market: 'DE' })],
])('copied to %s it is invalid', async (_, wanted) => {
  await expect(verify(await sign(claims), wanted, 'release')).rejects.toThrow('signature-for-another-record');
});

test('another meaning, another key, missing claims and noise are refused', async () => {
  await expect(verify(await sign({ ...claims, meaning: 'review' }), record, 'release')).rejects.toThrow(
    'signature-meaning-other',
  );
  await expect(verify(await sign(claims, theirs), record, 'release')).rejects.toThrow('signature-invalid');
  await expect(verify(await sign({ ...claims, reason: '' }), record, 'release')).rejects.toThrow('signature-invalid');
  await expect(verify('a.b.c', record, 'release')).rejects.toThrow('signature-invalid');
});

test('the hash does not depend on the order of keys', () => {
  expect(signable('t', 'i', 1, { a: 1, b: [{ d: 2, c: 3 }] })).toEqual(
    signable('t', 'i', 1, { b: [{ c: 3, d: 2 }], a: 1 }),
  );
});
