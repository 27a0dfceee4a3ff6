import { expect, test } from '@jest/globals';
import { signOff } from './sign-off.client.ts';
import { signable } from './signed-record.ts';
import type { VerifiedSignature } from './verify-signature.client.ts';

const record = signable('lot-release', 'F-1', 1, { market: 'CN' });
const signed = (bounds: VerifiedSignature['bounds']): VerifiedSignature => ({
  jws: 'jws',
  signer: 'li',
  signerName: '李',
  meaning: 'review',
  reason: 'looked at',
  signedAt: '2026-11-01T08:00:00.000Z',
  deputyFor: [],
  bounds,
});
const by = (bounds: VerifiedSignature['bounds'], at?: { site?: string; market?: string }) =>
  signOff(() => Promise.resolve(signed(bounds))).by({ jws: 'jws', record, meaning: 'review', ...(at && { at }) });

test('11.10(d): whoever signs has a say only where he may act, although somebody else brings the signature', async () => {
  await expect(by({ sites: ['CD1'] }, { site: 'SZ1' })).rejects.toThrow('site-not-yours');
  await expect(by({ markets: ['US'] }, { site: 'SZ1', market: 'CN' })).rejects.toThrow('market-not-yours');
  await expect(by({ markets: ['US'] }, { market: '*' })).rejects.toThrow('market-not-yours');
  expect(await by({ sites: ['SZ1'], markets: ['CN'] }, { site: 'SZ1', market: 'CN' })).toMatchObject({
    involved: { person: 'li', as: 'signer' },
  });
  await expect(by({}, { site: 'SZ1', market: 'CN' })).resolves.toBeDefined();
  await expect(by({ sites: ['CD1'] }, {})).resolves.toBeDefined();
});

test('what is kept of a signature is the signature: where the signer was bound is inside of it', async () => {
  const { signature } = await by({ sites: ['SZ1'] }, { site: 'SZ1' });
  expect(Object.keys(signature).sort()).toEqual(['jws', 'meaning', 'reason', 'signedAt', 'signer', 'signerName']);
});
