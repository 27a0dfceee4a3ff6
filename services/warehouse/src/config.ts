import { z } from 'zod';

/** Nothing beyond what every service is told. */
export const config = z.object({});
