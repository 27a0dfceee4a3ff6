import type { Signature } from '@lotwarden/contracts/events';
import { Instant } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';

export const Jws = z.string().min(20).max(8000);

export const SignedRecord = z
  .object({ recordType: z.string(), recordId: z.string(), recordVersion: z.number().int(), recordHash: z.string() })
  .meta({ id: 'SignedRecord', description: 'What a signature must speak of' });

/** Who, with which meaning, why and when, as it is shown wherever the record is (21 CFR 11.50). */
export const SignatureAct = z
  .object({ signer: z.string(), signerName: z.string(), meaning: z.string(), reason: z.string(), signedAt: Instant })
  .meta({ id: 'SignatureAct' });

export function shown({ jws: _, ...act }: Signature) {
  return act;
}
