import type { Characteristic } from '@lotwarden/contracts/events';
import type { Stage } from '../inspection/inspection.ts';

export interface WaitingLot {
  readonly lot: string;
  readonly stage: Stage;
}

/**
 * What an inspection of an item's revision checks; null until it was heard. Lots that came before it wait here, in the
 * same document: topics race each other, and neither may miss the other.
 */
export interface Specification {
  readonly characteristics: readonly Characteristic[] | null;
  readonly waiting: readonly WaitingLot[];
}

export type SpecificationEvent =
  | { readonly type: 'SpecificationLearnt'; readonly characteristics: readonly Characteristic[] }
  | { readonly type: 'LotWaits'; readonly waiting: WaitingLot };

export const UNKNOWN_SPECIFICATION: Specification = { characteristics: null, waiting: [] };

export const specificationId = (item: string, revision: string): string => `${item}|${revision}`;

export const evolve = (known: Specification, event: SpecificationEvent): Specification =>
  event.type === 'SpecificationLearnt'
    ? { characteristics: event.characteristics, waiting: [] }
    : { ...known, waiting: [...known.waiting, event.waiting] };

/** Only what an inspection must prove; certificates and transport are receiving's. */
export const learnSpecification = (characteristics: readonly Characteristic[]): SpecificationEvent[] => [
  { type: 'SpecificationLearnt', characteristics: characteristics.filter(({ source }) => source === 'inspection') },
];

export const waitForSpecification = (known: Specification, waiting: WaitingLot): SpecificationEvent[] =>
  known.characteristics === null ? [{ type: 'LotWaits', waiting }] : [];
