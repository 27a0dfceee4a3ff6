import type { EventOf, OperationInput, OperationOutput } from '@lotwarden/contracts/events';
import { BALANCE_CODES } from './balance-operation.ts';

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
  /** What is wrong as it stands, with what is known by now: the balance, and every rule that any report broke. */
  readonly violations: Recorded['violations'];
  readonly voidReason: string | null;
  readonly replacedBy: string | null;
}

export const UNKNOWN_OPERATION: Operation = {
  status: 'unknown',
  circumstances: null,
  inputs: [],
  outputs: [],
  scrap: [],
  violations: [],
  voidReason: null,
  replacedBy: null,
};

/** One source's operation is always the same operation of ours. The colon keeps systems `A`, `A-B` apart. */
export const operationId = (sourceSystem: string, sourceOperation: string): string =>
  `OP-${sourceSystem.replaceAll(':', '%3A')}:${sourceOperation}`;

export function evolve(known: Operation, event: OperationEvent): Operation {
  switch (event.type) {
    case 'OperationRecorded': {
      const { type: _, operation: __, inputs, outputs, scrap, violations, ...circumstances } = event;
      return { ...known, status: 'recorded', circumstances, inputs, outputs, scrap, violations };
    }
    case 'OperationInputAdded':
      return { ...added(known, event.violations), inputs: [...known.inputs, event.input] };
    case 'OperationOutputAdded':
      return { ...added(known, event.violations), outputs: [...known.outputs, event.output] };
    case 'OperationFlagged':
      return { ...known, violations: [...known.violations, ...event.violations] };
    case 'OperationReassessed':
      return { ...known, violations: event.violations };
    case 'OperationVoided':
      return { ...known, status: 'voided', voidReason: event.reason, replacedBy: event.replacedBy };
  }
}

/** What comes later is weighed with all that was there: its balance replaces the earlier one. */
function added(known: Operation, violations: Recorded['violations']): Operation {
  const status = known.status === 'unknown' ? 'partial' : known.status;
  const lasting = known.violations.filter(({ code }) => status !== 'recorded' || !BALANCE_CODES.has(code));
  return { ...known, status, violations: [...lasting, ...violations] };
}
