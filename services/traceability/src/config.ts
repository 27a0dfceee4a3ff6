import { z } from 'zod';

export const config = z.object({
  /** Milliseconds between two questions to the owners of facts, what of them is not to be seen yet. */
  ownersEvery: z.coerce.number().int().min(50).default(2_000),
});
