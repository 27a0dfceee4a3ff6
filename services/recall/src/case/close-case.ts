import type { Quantity, Signature } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { signable, type SignedRecord } from '@lotwarden/platform/signature';
import { opened, type Case, type CaseEvent } from './case.ts';

/** What a closing looks at. */
export interface Findings {
  /** SHA-256 of the report as it stands. */
  readonly report: string;
  /** Unaccounted quantity per unit; empty = zero. */
  readonly remainder: readonly Quantity[];
  /** Custodians with goods that no notice has looked at yet. */
  readonly untold: readonly string[];
  /** Notices neither answered at their latest version nor closed by a person. */
  readonly unanswered: readonly string[];
  /** Lots whose hold the gates were not told yet. */
  readonly pending: number;
}

/** What is signed to close: the report by its hash, what is missing, and how that is explained. */
export const closeRecord = (
  recall: string,
  { report, remainder }: Pick<Findings, 'report' | 'remainder'>,
  explanation: string | null,
): SignedRecord => signable('recall-closure', recall, 1, { case: recall, report, remainder, explanation });

/**
 * Closes a contained recall when everybody answered and the balance is zero or explained (21 CFR 7.55). Lifts no hold.
 * Throws `recall-not-contained`, `custodians-untold`, `notices-unanswered`, `remainder-unexplained`.
 */
export function closeCase(
  state: Case,
  recall: string,
  findings: Findings,
  { signature, explanation }: { readonly signature: Signature; readonly explanation: string | null },
): CaseEvent[] {
  const { status, closure } = opened(state, recall);
  if (closure) {
    if (closure.signature.jws === signature.jws) return [];
    throw new Rejected('recall-case-closed', { case: recall });
  }
  if (status !== 'launched') throw new Rejected('recall-case-not-launched', { case: recall });
  const hindrance = closingHindrance(state, recall, findings, explanation);
  if (hindrance) throw hindrance;
  const { report, remainder } = findings;
  return [{ type: 'RecallClosed', case: recall, report, remainder, explanation, signature }];
}

/** What stands in the way of closing; undefined = nothing. */
export function closingHindrance(
  state: Case,
  recall: string,
  { untold, unanswered, remainder, pending }: Findings,
  explanation: string | null,
): Rejected | undefined {
  const { contained } = opened(state, recall);
  if (!contained || pending > 0) return new Rejected('recall-not-contained', { case: recall });
  if (untold.length > 0) return new Rejected('custodians-untold', { case: recall, custodians: untold });
  if (unanswered.length > 0) return new Rejected('notices-unanswered', { case: recall, notices: unanswered });
  if (remainder.length > 0 && explanation === null) return new Rejected('remainder-unexplained', { remainder });
  return undefined;
}
