import { developmentSecret, flag, list } from '@lotwarden/platform/config';
import { z } from 'zod';

export const config = z.object({
  /** Milliseconds between two questions to the owners of facts, what of them is not to be seen yet. */
  ownersEvery: z.coerce.number().int().min(50).default(2_000),
  /** GS1 company prefixes that we know the length of, separated by commas: only their ids can be said as EPC URNs. */
  companyPrefixes: list()
    .pipe(z.array(z.string().regex(/^\d{6,12}$/, '6 to 12 digits each')))
    .prefault(''),
  /** Encrypts the tokens of EPCIS subscribers in the database. */
  epcisKey: developmentSecret('lotwarden-epcis-development'),
  /** Subscribers on this very machine: for trials only; in production they would be a way into the house. */
  allowLoopback: flag(false),
});
