import { z } from 'zod';

export const config = z.object({
  /** Local dates in lot ids are those of the site's wall; used where a receipt does not name its site's zone. */
  timeZone: z.string().default('Asia/Shanghai'),
});
