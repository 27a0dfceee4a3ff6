import type { Characteristic, CharacteristicResult, EventOf, Signature } from '@lotwarden/contracts/events';

export type InspectionEvent = EventOf<'qms.inspection.v1'>;
export type Stage = 'incoming' | 'final';

interface Sampled {
  readonly sample: string;
  readonly result: CharacteristicResult;
}

/**
 * One inspection of one lot (ISO 13485:2016 8.2.6). Results may come before it is opened: a laboratory is sometimes
 * faster than the receipt, and no result is lost.
 */
export interface Inspection {
  readonly status: 'awaited' | 'open' | 'decided';
  readonly inspection: string;
  readonly lot: string;
  readonly stage: Stage;
  readonly characteristics: readonly Characteristic[];
  readonly results: readonly Sampled[];
  readonly verdict: 'accept' | 'reject' | null;
  /** Of the person who decided it; null where its results did. */
  readonly decision: Signature | null;
}

export const NO_INSPECTION: Inspection = {
  status: 'awaited',
  inspection: '',
  lot: '',
  stage: 'incoming',
  characteristics: [],
  results: [],
  verdict: null,
  decision: null,
};

export const inspectionId = (lot: string, stage: Stage): string => `I-${lot}-${stage}`;

export const stageOf = (inspection: string): Stage => (inspection.endsWith('-final') ? 'final' : 'incoming');

export function evolve(inspection: Inspection, event: InspectionEvent): Inspection {
  const named = { ...inspection, inspection: event.inspection, lot: event.lot, stage: stageOf(event.inspection) };
  switch (event.type) {
    case 'InspectionOpened':
      return { ...named, status: 'open', characteristics: event.characteristics };
    case 'InspectionResultRecorded':
      return { ...named, results: [...named.results, { sample: event.sample, result: event.result }] };
    case 'InspectionDecided':
      return {
        ...named,
        status: 'decided',
        verdict: event.verdict === 'accept' ? 'accept' : 'reject',
        decision: event.signature,
      };
  }
}
