import { z } from 'zod';

export const config = z.object({
  /** GS1 company prefix, 4 to 12 digits: what minted SSCCs carry after their extension digit. */
  companyPrefix: z
    .string()
    .regex(/^\d{4,12}$/)
    .default('952012345'),
});
