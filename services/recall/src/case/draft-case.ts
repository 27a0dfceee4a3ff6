import { Rejected } from '@lotwarden/platform/errors';
import type { Case, CaseEvent } from './case.ts';

export interface DraftCase {
  readonly case: string;
  readonly hold: string;
  readonly title: string;
  readonly reason: string;
  readonly roots: readonly string[];
  readonly complaint: string | null;
}

/** Opens a recall. Whoever may do so freezes its roots at once, alone and without asking anybody (correctness rule 16). */
export function draftCase(state: Case, asked: DraftCase): CaseEvent[] {
  if (state.status !== 'unknown') throw new Rejected('recall-case-already-drafted', { case: state.case });
  if (asked.roots.length === 0) throw new Rejected('recall-roots-missing');
  return [{ type: 'RecallDrafted', ...asked, roots: [...new Set(asked.roots)] }];
}
