import type { EventOf, LotLine } from '@lotwarden/contracts/events';
import { signable, type SignedRecord } from '@lotwarden/platform/signature';

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

/** What a witness sees destroyed. */
export interface Witnessed {
  readonly destruction: string;
  readonly site: string;
  readonly location: string;
  readonly lines: readonly LotLine[];
  /** The signed order, for held goods. */
  readonly order?: string | undefined;
}

/** What the witness signs: which goods, where, by which order. */
export const witnessRecord = ({ destruction, site, location, lines, order = '' }: Witnessed): SignedRecord =>
  signable('destruction', destruction, 1, { destruction, site, location, lines, order });
