import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';

/** Whether a signature is one of identity's, by nothing but `jose` and the keys: what it says, or an error. */
export async function checkSignature(signature: string, keys: JSONWebKeySet): Promise<Signed> {
  const { payload } = await compactVerify(signature, createLocalJWKSet(keys), { algorithms: ['EdDSA'] });
  return JSON.parse(new TextDecoder().decode(payload)) as Signed;
}

/** What was signed, by whom, with which meaning, why and when (21 CFR 11.50). */
export interface Signed {
  readonly recordType: string;
  readonly recordId: string;
  readonly recordVersion: number;
  readonly recordHash: string;
  readonly signerName: string;
  readonly meaning: string;
  readonly reason: string;
  readonly signedAt: string;
}
