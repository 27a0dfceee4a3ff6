import { developmentSecret, flag, list } from '@lotwarden/platform/config';
import { z } from 'zod';
import type { GapRule } from './worklist/rules.ts';

const GapRules = z.array(
  z.object({
    kind: z.string().min(1).max(100),
    source: z.string().min(1).max(100).default('*'),
    team: z.string().min(1).max(100),
    hours: z.number().positive().max(8_760),
  }),
);

export const config = z.object({
  /** Milliseconds between two questions to the owners of facts, what of them is not to be seen yet. */
  ownersEvery: z.coerce.number().int().min(50).default(2_000),
  /** Facts that one answer about the past may take in. */
  pastFacts: z.coerce.number().int().min(1).default(200_000),
  /** Hours from when on a timeline says that something was recorded late. */
  lateAfter: z.coerce.number().min(0).default(24),
  /** Seconds by which two clocks may differ before a timeline says so. */
  clockTolerance: z.coerce.number().min(0).default(60),
  /**
   * Folder of this replica alone, in which the genealogy is kept on disk, so that a start need not read everything from Kafka;
   * empty: none is kept.
   */
  snapshotFolder: z.string().default(''),
  /** Seconds between two snapshots of the genealogy. */
  snapshotEvery: z.coerce.number().min(1).default(600),
  /** Facts after which a snapshot is written before its time. */
  snapshotGrowth: z.coerce.number().int().min(1).default(1_000_000),
  /** Seconds that a gap stands before it is anybody's work. */
  gapGrace: z.coerce.number().min(0).default(60),
  /** Milliseconds between two looks at the worklist of gaps. */
  gapsEvery: z.coerce.number().int().min(50).default(10_000),
  /** Who sees to which gaps and until when, as JSON, before the rules that every plant has. */
  gapRules: z
    .string()
    .default('[]')
    .transform((text, context): GapRule[] => {
      const read = GapRules.safeParse(jsonOf(text));
      if (read.success) return read.data;
      context.addIssue({ code: 'custom', message: 'a list of {kind, source, team, hours} as JSON' });
      return z.NEVER;
    }),
  /** GS1 company prefixes that we know the length of, separated by commas: only their ids can be said as EPC URNs. */
  companyPrefixes: list()
    .pipe(z.array(z.string().regex(/^\d{6,12}$/, '6 to 12 digits each')))
    .prefault(''),
  /** Encrypts the tokens of EPCIS subscribers in the database. */
  epcisKey: developmentSecret('lotwarden-epcis-development'),
  /** Subscribers on this very machine: for trials only; in production they would be a way into the house. */
  allowLoopback: flag(false),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
