import type { FactLimits } from '../facts/fact-limits.store.ts';
import type { Limits } from '../graph/questions.ts';

const REASK = 'GET /lots/{lot}/timeline?order=recorded&from= names all';

/**
 * How far an answer about the past goes. What is not told, or not read, today may be a fact of then; so may what was
 * recorded later of what had occurred by then.
 */
export function limitsThen(
  { offsets, untold }: Pick<FactLimits, 'offsets' | 'untold'>,
  then: readonly string[],
  recordedLater: number,
): Limits {
  const late = recordedLater > 0 ? [`recorded-later ${String(recordedLater)} facts: ${REASK}`] : [];
  const gaps = [...new Set([...untold, ...then, ...late])];
  return { offsets, complete: gaps.length === 0, gaps };
}
