import { expect, test } from '@jest/globals';
import { CompactSign, createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { digestOf, RENEWAL_TYPE } from './renewal.ts';
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
  signatureId: 'S-1',
  amr: ['pwd'],
  deputyFor: [],
};
const sign = (over: object, { privateKey } = mine, header: object = {}) =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(over)))
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', ...header })
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

test('where the signer was bound is what the signature says; one of before that was said was bound nowhere', async () => {
  const bound = { sites: ['SZ1'], markets: ['CN'] };
  expect((await verify(await sign({ ...claims, ...bound }), record, 'release')).bounds).toEqual(bound);
  expect((await verify(await sign(claims), record, 'release')).bounds).toEqual({});
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

test('keys that a signature brings along, and other algorithms, count for nothing', async () => {
  const bad = async (header: object, key = theirs) => verify(await sign(claims, key, header), record, 'release');
  const own = await exportJWK(theirs.publicKey);
  await expect(bad({ jwk: own })).rejects.toThrow('signature-invalid');
  await expect(bad({ jku: 'https://evil.test/keys', x5u: 'https://evil.test/x' })).rejects.toThrow('signature-invalid');
  await expect(bad({ kid: '../../k1' }, mine)).rejects.toThrow('signature-invalid');
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  await expect(verify(`${part({ alg: 'none' })}.${part(claims)}.`, record, 'release')).rejects.toThrow(
    'signature-invalid',
  );
  const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(mine.publicKey)));
  const confused = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .sign(secret);
  await expect(verify(confused, record, 'release')).rejects.toThrow('signature-invalid');
});

const DAY = (day: number) => `2026-11-${String(day).padStart(2, '0')}T08:00:00.000Z`;

/** Keys with their lives; `claims` are signed on the first of November. */
async function keysWith(lives: Readonly<Record<string, object>>) {
  const keys = await Promise.all(
    Object.entries(lives).map(async ([kid, life]) => {
      const pair = await keyPair();
      return { kid, pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'EdDSA', ...life } };
    }),
  );
  const check = signatureVerifier(createLocalJWKSet({ keys: keys.map(({ jwk }) => jwk) }));
  const by = async (kid: string, over: object, typ?: string) =>
    sign(over, keys.find((key) => key.kid === kid)?.pair, { kid, ...(typ !== undefined && { typ }) });
  const renew = (kid: string, jws: string, renewedAt: string) =>
    by(kid, { renews: digestOf(jws), renewedAt }, RENEWAL_TYPE);
  return { check, by, renew };
}

test('after rotation an old signature is good; one that its key could not have made then is not', async () => {
  const { check, by } = await keysWith({ old: { validFrom: DAY(1), retiredAt: DAY(5) }, new: { validFrom: DAY(5) } });
  expect(await check(await by('old', claims), record, 'release')).toMatchObject({ signer: 'qa.li' });
  await expect(check(await by('old', { ...claims, signedAt: DAY(6) }), record, 'release')).rejects.toMatchObject({ detail: { reason: 'key-of-another-time' } }); // prettier-ignore
  await expect(check(await by('new', claims), record, 'release')).rejects.toThrow('signature-invalid');
});

test('after a compromise it is good only if an honest key had vouched for it before', async () => {
  const { check, by, renew } = await keysWith({
    old: { validFrom: DAY(1), retiredAt: DAY(5), revokedAt: DAY(10) },
    new: { validFrom: DAY(5) },
  });
  const jws = await by('old', claims);
  await expect(check(jws, record, 'release')).rejects.toThrow('signature-key-revoked');
  const before = await renew('new', jws, DAY(6));
  expect(await check(jws, record, 'release', [before])).toMatchObject({ signer: 'qa.li' });
  // Whoever stole the key could have made it by then.
  const after = await renew('new', jws, DAY(11));
  await expect(check(jws, record, 'release', [after])).rejects.toThrow('signature-key-revoked');
});

test('a renewal vouches for what it names, in its own time, and is no signature', async () => {
  const { check, by, renew } = await keysWith({
    old: { validFrom: DAY(1), retiredAt: DAY(5), revokedAt: DAY(10) },
    mid: { validFrom: DAY(5), retiredAt: DAY(8), revokedAt: DAY(20) },
    new: { validFrom: DAY(8) },
  });
  const jws = await by('old', claims);
  const other = await by('old', { ...claims, reason: 'another' });
  const first = await renew('mid', jws, DAY(6));
  const second = await renew('new', first, DAY(9));
  expect(await check(jws, record, 'release', [first, second])).toMatchObject({ signer: 'qa.li' });
  await expect(check(jws, record, 'release', [first])).rejects.toThrow('signature-key-revoked');
  await expect(check(jws, record, 'release', [second])).rejects.toThrow('signature-invalid');
  await expect(check(other, record, 'release', [first, second])).rejects.toThrow('signature-invalid');
  await expect(check(jws, record, 'release', [await renew('new', jws, DAY(7))])).rejects.toThrow('signature-invalid');
  await expect(check(first, record, 'release')).rejects.toThrow('signature-invalid');
});
