import { z } from 'zod';

export const config = z.object({
  /** Identity's public keys for signatures. */
  signingKeysUrl: z.url().default('http://127.0.0.1:8080/api/identity/signing-keys'),
});
