import { z } from 'zod';

export const RecordToSign = z
  .object({ recordType: z.string(), recordId: z.string(), recordVersion: z.number().int(), recordHash: z.string() })
  .meta({ id: 'SignedRecord', description: 'What a signature must speak of' });
