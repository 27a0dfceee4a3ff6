import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Rejected } from '../errors.ts';

/** What a signature speaks of. A later version of the record, or another record, is not signed by it (21 CFR 11.70). */
export interface SignedRecord {
  readonly recordType: string;
  readonly recordId: string;
  readonly recordVersion: number;
  /** SHA-256, hex, over the record's RFC 8785 form. */
  readonly recordHash: string;
}

/** What the signer said, inside the JWS payload (21 CFR 11.50). */
export interface SignatureClaims extends SignedRecord {
  readonly signer: string;
  readonly signerName: string;
  readonly roles: readonly string[];
  readonly meaning: string;
  readonly reason: string;
  readonly signedAt: string;
  /** The name under which identity keeps it. */
  readonly signatureId: string;
  /** What was shown at signing (RFC 8176): `pwd`, and `otp` where the person has a second factor. */
  readonly amr: readonly string[];
  /** People for whom the signer stood in then. */
  readonly deputyFor: readonly string[];
  /** Sites and markets to which the signer was bound then; absent: all. */
  readonly sites?: readonly string[];
  readonly markets?: readonly string[];
}

/** An act of signing, as events carry it. */
export interface Signature {
  readonly jws: string;
  readonly signer: string;
  readonly signerName: string;
  readonly meaning: string;
  readonly reason: string;
  readonly signedAt: string;
}

/** An act of signing that was accepted, and the record as it would be signed today; undefined: there is no such record now. */
export interface ToShow {
  readonly signature: Signature;
  readonly now: SignedRecord | undefined;
}

/** SHA-256, hex, over the RFC 8785 canonical JSON of a record: the same whoever computes it. */
export function recordHash(record: unknown): string {
  const canonical = canonicalize(record);
  if (canonical === undefined) throw new Rejected('record-not-signable');
  return createHash('sha256').update(canonical).digest('hex');
}

export const signable = (
  recordType: string,
  recordId: string,
  recordVersion: number,
  record: unknown,
): SignedRecord => ({
  recordType,
  recordId,
  recordVersion,
  recordHash: recordHash(record),
});
