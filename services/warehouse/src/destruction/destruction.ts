import type { EventOf } from '@lotwarden/contracts/events';

export type DestructionEvent = EventOf<'warehouse.destruction.v1'>;
export type Destruction =
  { readonly status: 'unknown' } | ({ readonly status: 'recorded' } & Omit<DestructionEvent, 'type'>);

export const NO_DESTRUCTION: Destruction = { status: 'unknown' };

/** What is reported of a destruction after it was recorded adds to it. */
export function evolve(known: Destruction, { type: _, ...facts }: DestructionEvent): Destruction {
  if (known.status === 'unknown') return { status: 'recorded', ...facts };
  return {
    ...known,
    lines: [...known.lines, ...facts.lines],
    violations: [...known.violations, ...facts.violations],
  };
}
