import type { InFlight, SourceOffset } from '@lotwarden/contracts/events';

/** One widening (or narrowing) of a hold, with what came of it: the case's own record for its report. */
export interface Epoch {
  readonly hold: string;
  readonly case: string;
  readonly epoch: number;
  readonly cause: 'draft' | 'launch' | 'scope' | 'release';
  readonly provisional: boolean;
  /** Lots the gates were told about in this epoch. */
  readonly told: number;
  /** The manifest. */
  readonly count: number;
  readonly digest: string;
  readonly placedAt: string;
  /** From when the freeze is timed: `placedAt`, or when a restored gate had to begin anew. */
  readonly since: string;
  readonly frozenAt: string | null;
  readonly elapsedMs: number | null;
  readonly containedAt: string | null;
}

/** What a gate last said about a hold, where it counted. */
export interface GateWord {
  readonly hold: string;
  readonly case: string;
  readonly gate: string;
  readonly incarnation: string;
  /** Acknowledged; 0 = nothing that counts. Covers all before it. */
  readonly epoch: number;
  readonly count: number;
  readonly digest: string;
  readonly at: string;
  /** Goods that were already moving; to be stopped by people. */
  readonly inFlight: readonly InFlight[];
  /** Drained for; 0 = not yet. */
  readonly drained: number;
  readonly offsets: readonly SourceOffset[];
}

export const epochId = (hold: string, epoch: number): string => `${hold}|${String(epoch)}`;
export const wordId = (hold: string, gate: string): string => `${hold}|${gate}`;
