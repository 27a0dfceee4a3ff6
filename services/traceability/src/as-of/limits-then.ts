import type { SourceOffset } from '@lotwarden/contracts/events';
import type { Limits } from '../graph/questions.ts';

const REASK = 'GET /lots/{lot}/timeline?order=recorded&from= names all';

interface Now {
  readonly offsets: readonly SourceOffset[];
  /** What nobody was told yet, or could not be read, by name. */
  readonly untold: readonly string[];
}

/**
 * How far an answer about the past goes. What is not told, or not read, today may be a fact of then; so may what was
 * recorded later of what had occurred by then.
 */
export function limitsThen({ offsets, untold }: Now, then: readonly string[], recordedLater: number): Limits {
  const late = recordedLater > 0 ? [`recorded-later ${String(recordedLater)} facts: ${REASK}`] : [];
  const gaps = [...new Set([...untold, ...then, ...late])];
  return { offsets, complete: gaps.length === 0, gaps };
}
