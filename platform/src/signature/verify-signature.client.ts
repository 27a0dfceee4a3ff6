import { compactVerify, createRemoteJWKSet, errors, type CompactVerifyGetKey } from 'jose';
import { z } from 'zod';
import { Rejected, Transient } from '../errors.ts';
import type { Signature, SignedRecord } from './signed-record.ts';

const Claims = z.object({
  recordType: z.string(),
  recordId: z.string(),
  recordVersion: z.number().int(),
  recordHash: z.string(),
  signer: z.string(),
  signerName: z.string(),
  roles: z.array(z.string()),
  meaning: z.string(),
  reason: z.string().min(1),
  signedAt: z.iso.datetime(),
});

export type VerifySignature = (jws: string, signed: SignedRecord, meaning: string) => Promise<Signature>;

/**
 * Checks an act of signing against identity's public keys, offline but for the fetching of keys. Throws
 * `signature-invalid`, `signature-for-another-record` or `signature-meaning-other`; Transient if no keys can be had.
 */
export const signatureVerifier =
  (keys: CompactVerifyGetKey): VerifySignature =>
  async (jws, signed, meaning) => {
    const claims = Claims.safeParse(await payload(jws, keys));
    if (!claims.success) throw new Rejected('signature-invalid', { reason: 'claims' });
    const { recordType, recordId, recordVersion, recordHash, ...act } = claims.data;
    const same =
      recordType === signed.recordType &&
      recordId === signed.recordId &&
      recordVersion === signed.recordVersion &&
      recordHash === signed.recordHash;
    if (!same) throw new Rejected('signature-for-another-record', { signed: recordId, wanted: signed.recordId });
    if (act.meaning !== meaning)
      throw new Rejected('signature-meaning-other', { signed: act.meaning, wanted: meaning });
    const { signer, signerName, reason, signedAt } = act;
    return { jws, signer, signerName, meaning, reason, signedAt };
  };

export const remoteSigningKeys = (url: URL): CompactVerifyGetKey => createRemoteJWKSet(url, { cacheMaxAge: 600_000 });

async function payload(jws: string, keys: CompactVerifyGetKey): Promise<unknown> {
  try {
    const verified = await compactVerify(jws, keys, { algorithms: ['EdDSA', 'Ed25519'] });
    return JSON.parse(new TextDecoder().decode(verified.payload)) as unknown;
  } catch (error) {
    if (error instanceof errors.JWKSTimeout) throw new Transient('upstream-unavailable', { upstream: 'identity' });
    if (error instanceof errors.JOSEError || error instanceof SyntaxError)
      throw new Rejected('signature-invalid', { reason: error.message });
    throw new Transient('upstream-unavailable', { upstream: 'identity' }, { cause: error });
  }
}
