import { z } from 'zod';

export const config = z.object({
  /** GS1 company prefix with extension digit before it, 8 to 13 digits: what minted SSCCs begin with. */
  ssccPrefix: z
    .string()
    .regex(/^\d{8,13}$/)
    .default('10952012345'),
});
