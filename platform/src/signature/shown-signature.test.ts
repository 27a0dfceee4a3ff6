import { expect, test } from '@jest/globals';
import { CompactSign, createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { Transient } from '../errors.ts';
import { showSignatures } from './show-signatures.client.ts';
import { readSignature, ShownSignature, shownSignature, shownText } from './shown-signature.ts';
import { signable, type Signature } from './signed-record.ts';
import type { SigningKeys } from './verify-signature.client.ts';

const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
const keysWith = async (life: object = {}): Promise<JSONWebKeySet> => ({
  keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'EdDSA', ...life }],
});
const content = { lot: 'F-1', market: 'CN' };
const record = signable('lot-release', 'F-1', 3, content);
const act = {
  signer: 'qa.li',
  signerName: '李质量',
  meaning: 'release',
  reason: '=all checks passed',
  signedAt: '2026-11-01T08:00:00.000Z',
};
const jws = await new CompactSign(
  new TextEncoder().encode(JSON.stringify({ ...record, ...act, roles: [], signatureId: 'S-1' })),
)
  .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
  .sign(pair.privateKey);
const signature: Signature = { jws, ...act };

test('11.50: a signature is shown with printed name, meaning in words, time, reason and what proves it', () => {
  const shown = shownSignature({ signature, now: record }, true);
  expect(ShownSignature.parse(shown)).toEqual({
    name: '李质量',
    account: 'qa.li',
    meaning: { code: 'release', en: 'Approved for release', zh: '批准放行' },
    reason: act.reason,
    at: act.signedAt,
    signatureId: 'S-1',
    algorithm: 'EdDSA',
    keyId: 'k1',
    version: 3,
    recordHash: record.recordHash,
    ofCurrentVersion: true,
    holds: true,
  });
  expect(shownText(shown)).toBe(
    '李质量 (qa.li), Approved for release (release), 2026-11-01T08:00:00.000Z: =all checks passed',
  );
});

test.each([
  ['a record that changed', signable('lot-release', 'F-1', 4, { ...content, label: '4' })],
  ['another record of the same content', signable('lot-release', 'F-2', 3, content)],
  ['another kind of record', signable('lot-release-revocation', 'F-1', 3, content)],
  ['a record that is no more', undefined],
])('11.70: of %s it is shown as being of an earlier version', (_, now) => {
  const shown = shownSignature({ signature, now }, true);
  expect(shown).toMatchObject({ ofCurrentVersion: false, version: 3, recordHash: record.recordHash });
  expect(shownText(shown)).toContain('[of an earlier version]');
});

test('events that leave the content alone leave the signature of the current version', () => {
  expect(shownSignature({ signature, now: { ...record, recordVersion: 9 } }, true).ofCurrentVersion).toBe(true);
});

test('what cannot be read is shown by what was kept of it, and holds nothing', async () => {
  for (const bad of ['', 'a.b.c', '..', `${Buffer.from('7').toString('base64url')}.e30.x`]) {
    expect(readSignature(bad)).toBeUndefined();
    const show = showSignatures(createLocalJWKSet(await keysWith()), Date.now);
    const [shown] = await show([{ signature: { ...signature, jws: bad }, now: record }]);
    expect(shown).toMatchObject({ name: '李质量', at: act.signedAt, signatureId: null, ofCurrentVersion: false, holds: false }); // prettier-ignore
  }
});

test('what its key says today is shown beside it', async () => {
  const holds = async (life: object, shown = signature) => {
    const [one] = await showSignatures(createLocalJWKSet(await keysWith(life)), Date.now)([{ signature: shown, now: record }]); // prettier-ignore
    return one?.holds;
  };
  expect(await holds({})).toBe(true);
  // Only identity knows whether an honest key had vouched for it before.
  expect(await holds({ revokedAt: '2026-12-01T00:00:00.000Z' })).toBeNull();
  expect(await holds({ retiredAt: '2026-10-01T00:00:00.000Z' })).toBe(false);
  const [head, , mark] = jws.split('.');
  const forged = Buffer.from(JSON.stringify({ ...record, ...act, signer: 'other' })).toString('base64url');
  expect(await holds({}, { ...signature, jws: `${String(head)}.${forged}.${String(mark)}` })).toBe(false);
});

test('while identity cannot be reached records are read all the same, and it is asked again after a while', async () => {
  let [asked, time] = [0, 0];
  const silent: SigningKeys = Object.assign(
    () => {
      asked += 1;
      return Promise.reject(new Transient());
    },
    { jwks: () => undefined },
  );
  const show = showSignatures(silent, () => time);
  const act = { signature, now: record };
  for (let n = 0; n < 5; n += 1) expect(await show([act])).toMatchObject([{ name: '李质量', holds: null }]);
  expect(asked).toBe(1);
  time = 10_000;
  await show([act]);
  expect(asked).toBe(2);
});
