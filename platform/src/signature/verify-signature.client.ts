import {
  compactVerify,
  createRemoteJWKSet,
  errors,
  type CompactVerifyGetKey,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { z } from 'zod';
import { Rejected, Transient } from '../errors.ts';
import type { Context } from '../store/context.ts';
import { brokenBy, digestOf, RENEWAL_TYPE, type KeyLife, type Link } from './renewal.ts';
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
  deputyFor: z.array(z.string()).default([]),
  sites: z.array(z.string()).optional(),
  markets: z.array(z.string()).optional(),
});

const Renewal = z.object({ renews: z.string(), renewedAt: z.iso.datetime() });

/** Identity's public keys with what is known of each; jose's own key sets are such. */
export type SigningKeys = CompactVerifyGetKey & { readonly jwks: () => JSONWebKeySet | undefined };

/** Somebody signed, stood in for these, and was bound to those. */
export interface VerifiedSignature extends Signature {
  readonly deputyFor: readonly string[];
  readonly bounds: Pick<Context, 'sites' | 'markets'>;
}

export type VerifySignature = (
  jws: string,
  signed: SignedRecord,
  meaning: string,
  renewals?: readonly string[],
) => Promise<VerifiedSignature>;

/** Pinned: whatever a header names beside these is not looked at further, nor a key that it brings along. */
const ALGORITHMS = ['EdDSA', 'Ed25519'];

/**
 * Checks an act of signing against identity's public keys, offline but for the fetching of keys; an old one together with
 * its renewals. Throws `signature-invalid`, `signature-key-revoked`, `signature-for-another-record` or
 * `signature-meaning-other`; Transient if no keys can be had.
 */
export const signatureVerifier =
  (keys: SigningKeys): VerifySignature =>
  async (jws, signed, meaning, renewals = []) => {
    const { payload, key } = await opened(jws, keys);
    const claims = Claims.safeParse(payload);
    if (!claims.success) throw new Rejected('signature-invalid', { reason: 'claims' });
    const { recordType, recordId, recordVersion, recordHash, ...act } = claims.data;
    const chain: Link[] = [{ at: act.signedAt, key }];
    let before = jws;
    for (const renewal of renewals) {
      chain.push(await linkOf(renewal, before, keys));
      before = renewal;
    }
    const broken = brokenBy(chain);
    if (broken === 'key-revoked') throw new Rejected('signature-key-revoked', { signer: act.signer, at: act.signedAt });
    if (broken) throw new Rejected('signature-invalid', { reason: broken });
    const same =
      recordType === signed.recordType &&
      recordId === signed.recordId &&
      recordVersion === signed.recordVersion &&
      recordHash === signed.recordHash;
    if (!same) throw new Rejected('signature-for-another-record', { signed: recordId, wanted: signed.recordId });
    if (act.meaning !== meaning)
      throw new Rejected('signature-meaning-other', { signed: act.meaning, wanted: meaning });
    const { signer, signerName, reason, signedAt, deputyFor, sites, markets } = act;
    return { jws, signer, signerName, meaning, reason, signedAt, deputyFor, bounds: { sites, markets } };
  };

/** A revoked key is known here after a minute at most. */
export const remoteSigningKeys = (url: URL): SigningKeys => createRemoteJWKSet(url, { cacheMaxAge: 60_000 });

async function linkOf(renewal: string, before: string, keys: SigningKeys): Promise<Link> {
  const { payload, key, type } = await opened(renewal, keys);
  const claims = Renewal.safeParse(payload);
  if (!claims.success || type !== RENEWAL_TYPE || claims.data.renews !== digestOf(before))
    throw new Rejected('signature-invalid', { reason: 'renewal' });
  return { at: claims.data.renewedAt, key };
}

interface Opened {
  readonly payload: unknown;
  readonly type: string | undefined;
  readonly key: KeyLife;
}

async function opened(jws: string, keys: SigningKeys): Promise<Opened> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, keys, { algorithms: ALGORITHMS });
    const { kid, typ } = protectedHeader;
    return { payload: JSON.parse(new TextDecoder().decode(payload)), type: typ, key: lifeOf(kid, keys) };
  } catch (error) {
    if (error instanceof errors.JWKSTimeout) throw new Transient('upstream-unavailable', { upstream: 'identity' });
    if (error instanceof errors.JOSEError || error instanceof SyntaxError)
      throw new Rejected('signature-invalid', { reason: error.message });
    throw new Transient('upstream-unavailable', { upstream: 'identity' }, { cause: error });
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function lifeOf(kid: string | undefined, keys: SigningKeys): KeyLife {
  const found = (keys.jwks()?.keys as (JWK & Partial<Record<keyof KeyLife, unknown>>)[] | undefined)?.find((key) => key.kid === kid); // prettier-ignore
  return { validFrom: text(found?.validFrom), retiredAt: text(found?.retiredAt), revokedAt: text(found?.revokedAt) };
}
