import { Rejected } from '@lotwarden/platform/errors';
import type { ScopeEvent, StandingQuestion } from './standing-question.ts';

/** Opens a question, or widens an open one by roots; asking the same again changes nothing. Throws `standing-question-closed`. */
export function registerQuestion(
  known: StandingQuestion,
  { question, roots }: { question: string; roots: readonly string[] },
): ScopeEvent[] {
  if (known.status === 'closed') throw new Rejected('standing-question-closed', { question });
  const all = [...new Set([...known.roots, ...roots])].sort();
  if (known.status === 'open' && all.length === known.roots.length) return [];
  return [{ type: 'StandingQuestionRegistered', question, roots: all }];
}

/** Nobody asks any more; closing twice changes nothing. Throws `standing-question-unknown`. */
export function closeQuestion(known: StandingQuestion, question: string): ScopeEvent[] {
  if (known.status === 'unknown') throw new Rejected('standing-question-unknown', { question });
  return known.status === 'closed' ? [] : [{ type: 'StandingQuestionClosed', question }];
}
