import { z } from 'zod';

export const config = z.object({
  /** Local dates in lot ids are those of the site's wall; this one for a site nobody registered yet. IANA name. */
  timeZone: z.string().default('Asia/Shanghai'),
});
