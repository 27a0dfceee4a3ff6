import { Rejected } from '@lotwarden/platform/errors';
import type { ScopeEvent, StandingQuestion } from './standing-question.ts';

interface Asked {
  readonly question: string;
  readonly roots: readonly string[];
  /** As JSON. */
  readonly filters: readonly string[];
}

/** Numbers of recalls, as the recall service gives them. */
const OF_A_RECALL = /^RC-\d{4}-\d{4,}$/;

/**
 * What a recall asks holds goods. Nobody else may widen such a question, which would hold lots without a signature, nor
 * close it, which would let late ones go, nor take its name beforehand. Throws `standing-question-of-recall`.
 */
export function checkAsker(question: string, asker: { readonly kind: string } | undefined): void {
  if (OF_A_RECALL.test(question) && asker?.kind !== 'service')
    throw new Rejected('standing-question-of-recall', { question });
}

/** Opens a question, or widens an open one by roots; asking the same again changes nothing. Throws `standing-question-closed`. */
export function registerQuestion(known: StandingQuestion, { question, ...asked }: Asked): ScopeEvent[] {
  if (known.status === 'closed') throw new Rejected('standing-question-closed', { question });
  const roots = [...new Set([...known.roots, ...asked.roots])].sort();
  const filters = [...new Set([...known.filters, ...asked.filters])].sort();
  const same = roots.length === known.roots.length && filters.length === known.filters.length;
  if (known.status === 'open' && same) return [];
  return [{ type: 'StandingQuestionRegistered', question, roots, filters }];
}

/** Nobody asks any more; closing twice changes nothing. Throws `standing-question-unknown`. */
export function closeQuestion(known: StandingQuestion, question: string): ScopeEvent[] {
  if (known.status === 'unknown') throw new Rejected('standing-question-unknown', { question });
  return known.status === 'closed' ? [] : [{ type: 'StandingQuestionClosed', question }];
}
