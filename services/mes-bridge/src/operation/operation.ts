import type { EventOf, OperationInput, OperationOutput } from '@lotwarden/contracts/events';

export type OperationEvent = EventOf<'mes-bridge.operation.v1'>;
type Recorded = Extract<OperationEvent, { type: 'OperationRecorded' }>;

/** Everything about an operation but its material; null until the source has told it. */
export type Circumstances = Omit<Recorded, 'type' | 'operation' | 'inputs' | 'outputs' | 'scrap' | 'violations'>;

/**
 * One operation: lots in, lots out. Parts of it may be reported before the whole, or long after; nothing is edited,
 * and a void takes it out without forgetting it (ISO 13485:2016 7.5.9).
 */
export interface Operation {
  readonly status: 'unknown' | 'partial' | 'recorded' | 'voided';
  readonly circumstances: Circumstances | null;
  readonly inputs: readonly OperationInput[];
  readonly outputs: readonly OperationOutput[];
  readonly scrap: readonly OperationOutput[];
  readonly violations: Recorded['violations'];
  readonly voidReason: string | null;
}

export const UNKNOWN_OPERATION: Operation = {
  status: 'unknown',
  circumstances: null,
  inputs: [],
  outputs: [],
  scrap: [],
  violations: [],
  voidReason: null,
};

/** One source's operation is always the same operation of ours. */
export const operationId = (sourceSystem: string, sourceOperation: string): string =>
  `OP-${sourceSystem}-${sourceOperation}`;

export function evolve(known: Operation, event: OperationEvent): Operation {
  switch (event.type) {
    case 'OperationRecorded': {
      const { type: _, operation: __, inputs, outputs, scrap, violations, ...circumstances } = event;
      return { ...known, status: 'recorded', circumstances, inputs, outputs, scrap, violations };
    }
    case 'OperationInputAdded':
      return {
        ...known,
        status: known.status === 'unknown' ? 'partial' : known.status,
        inputs: [...known.inputs, event.input],
        violations: [...known.violations, ...event.violations],
      };
    case 'OperationOutputAdded':
      return {
        ...known,
        status: known.status === 'unknown' ? 'partial' : known.status,
        outputs: [...known.outputs, event.output],
        violations: [...known.violations, ...event.violations],
      };
    case 'OperationFlagged':
      return { ...known, violations: [...known.violations, ...event.violations] };
    case 'OperationVoided':
      return { ...known, status: 'voided', voidReason: event.reason };
  }
}
