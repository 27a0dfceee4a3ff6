import { Instant, LotLine, Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';

/** What more than one of recall's routes says. */

export const Jws = z.string().min(20).max(8_000);

export const SignedRecord = z
  .object({ recordType: z.string(), recordId: z.string(), recordVersion: z.number().int(), recordHash: z.string() })
  .meta({ id: 'SignedRecord', description: 'What a signature must speak of' });

export const SignatureAct = z
  .object({
    signer: z.string(),
    signerName: z.string(),
    meaning: z.string(),
    reason: z.string(),
    signedAt: Instant,
  })
  .meta({ id: 'SignatureAct', description: 'Who signed, what it means, and when' });

export const SourceOffset = z
  .object({ topic: z.string(), partition: z.number().int(), next: z.number().int() })
  .meta({ id: 'SourceOffset', description: 'How far a stream was seen: every message below `next`' });

export const SerialScope = z
  .object({ mode: z.string(), ranges: z.array(SerialRange) })
  .meta({ id: 'SerialScope', description: 'Which serials of a lot are meant: all, only, all-except' });

export const ScopedLotView = z
  .object({
    lot: z.string(),
    item: z.string().nullable(),
    quantity: Quantity.nullable(),
    serials: SerialScope,
    certainty: z.string(),
    path: z.array(
      z.object({
        lot: z.string(),
        operation: z.string().nullable(),
        edge: z.string().nullable(),
        certainty: z.string().nullable(),
      }),
    ),
    ways: z
      .array(z.object({ from: z.string(), operation: z.string() }))
      .meta({ description: 'Every step by which the scope ever reached it' }),
    since: z.number().int().meta({ description: 'Number of the answer that first named it' }),
  })
  .meta({ id: 'ScopedLot', description: 'A lot in scope, and why' });

export const CustodianView = z
  .object({ custodian: z.string(), lines: z.array(LotLine) })
  .meta({ id: 'ScopedCustodian', description: 'What a party has, used or is about to receive of the scope' });
