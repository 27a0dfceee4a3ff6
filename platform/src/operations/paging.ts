import { z } from 'zod';

/** For lists that operations reads: shorter pages than elsewhere, as what they hold may be large. */
export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
