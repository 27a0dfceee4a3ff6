import { developmentSecret, flag } from '@lotwarden/platform/config';
import { z } from 'zod';

/** Times in milliseconds. */
export const config = z.object({
  /** Where custodians send their answers; it stands in every notice. */
  answerUrl: z.url().default('http://127.0.0.1:8080/api/notification/answers'),
  /** Encrypts the endpoints' secrets in the database. */
  endpointKey: developmentSecret('lotwarden-endpoints-development'),
  /** Endpoints on this very machine: for trials only; in production they would be a way into the house. */
  allowLoopback: flag(false),
  sendTimeout: z.coerce.number().int().min(100).max(45_000).default(15_000),
  /** A notice nobody took after this long goes to a person, and is still tried. */
  escalateAfter: z.coerce.number().int().min(100).default(300_000),
});
