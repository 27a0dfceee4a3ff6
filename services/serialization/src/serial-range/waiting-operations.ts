import { createHash } from 'node:crypto';
import type { SerialRange } from '@lotwarden/contracts/events';
import { intersect, subtract } from '@lotwarden/platform/serial-range';

/** An operation that named serials which were not where it said: not given yet, still in the lot before, or moved on. */
export interface WaitingOperation {
  readonly operation: string;
  readonly ranges: readonly SerialRange[];
}

/**
 * Operations that wait for serials to come to a lot. Who waits has guarded the lot, and who brings serials changes it:
 * neither can miss the other.
 */
export interface WaitingOperations {
  readonly waiting: readonly WaitingOperation[];
}

/** Replaces what the operation waited for; nothing ends its waiting. */
export interface WaitingOperationsEvent {
  readonly type: 'OperationWaits';
  readonly operation: string;
  readonly ranges: readonly SerialRange[];
}

export const NONE_WAITING: WaitingOperations = { waiting: [] };

export function evolve(
  { waiting }: WaitingOperations,
  { operation, ranges }: WaitingOperationsEvent,
): WaitingOperations {
  const others = waiting.filter((each) => each.operation !== operation);
  return { waiting: ranges.length === 0 ? others : [...others, { operation, ranges }] };
}

/** Documents that the operations waiting at one lot are spread over: each stays small where units are told one by one. */
const SPREAD = 16;

/** Where an operation waits for serials to come to this lot. */
export const placeOf = (lot: string, operation: string): string =>
  `${lot}|${String((createHash('sha256').update(operation).digest()[0] ?? 0) % SPREAD)}`;

/** Where operations wait for serials to come to this lot. */
export const placesOf = (lot: string): string[] => Array.from({ length: SPREAD }, (_, i) => `${lot}|${String(i)}`);

/** Says what an operation waits for now; nothing if that is known. */
export function waitFor(
  { waiting }: WaitingOperations,
  operation: string,
  ranges: readonly SerialRange[],
): WaitingOperationsEvent[] {
  const before = waiting.find((each) => each.operation === operation)?.ranges ?? [];
  const same = subtract(before, ranges).length === 0 && subtract(ranges, before).length === 0;
  return same ? [] : [{ type: 'OperationWaits', operation, ranges }];
}

/** Operations that waited for some of these, each with what has come of it. */
export const waitingFor = ({ waiting }: WaitingOperations, come: readonly SerialRange[]): WaitingOperation[] =>
  waiting
    .map(({ operation, ranges }) => ({ operation, ranges: intersect(ranges, come) }))
    .filter(({ ranges }) => ranges.length > 0);
