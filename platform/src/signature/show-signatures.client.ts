import { Rejected, Transient } from '../errors.ts';
import { readSignature, shownSignature, type Shown } from './shown-signature.ts';
import type { Signature, ToShow } from './signed-record.ts';
import { signatureVerifier, type SigningKeys } from './verify-signature.client.ts';

export type ShowSignatures = (acts: readonly ToShow[]) => Promise<Shown[]>;

/** How long nobody is asked for keys again that could not be had, ms: reading a record does not wait for identity. */
const PATIENCE = 10_000;

/**
 * Shows signatures that were accepted, with what their keys say of them today. A record can be read also while identity
 * cannot be reached: `holds` is null then, as it is for a revoked key, where only identity knows what vouched for it in time.
 */
export function showSignatures(keys: SigningKeys, now: () => number): ShowSignatures {
  const verify = signatureVerifier(keys);
  let silentUntil = 0;

  async function holds({ jws, meaning }: Signature): Promise<boolean | null> {
    const read = readSignature(jws);
    if (!read) return false;
    if (now() < silentUntil) return null;
    try {
      await verify(jws, read.record, meaning);
      return true;
    } catch (error) {
      if (error instanceof Transient) silentUntil = now() + PATIENCE;
      if (error instanceof Transient) return null;
      if (error instanceof Rejected) return error.code === 'signature-key-revoked' ? null : false;
      throw error;
    }
  }

  return (acts) => Promise.all(acts.map(async (act) => shownSignature(act, await holds(act.signature))));
}
