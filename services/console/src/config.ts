import { z } from 'zod';

export const config = z.object({
  /** What a request's body may weigh, in bytes; the services take as much. */
  bodyLimit: z.coerce
    .number()
    .int()
    .min(1024)
    .default(1024 * 1024),
  /** How long a service may take to begin its answer, in milliseconds; longer than its own 30 s, so that its words come through. */
  upstreamTimeout: z.coerce.number().int().min(100).default(35_000),
});
