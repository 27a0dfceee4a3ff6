import type { SerialRange } from '@lotwarden/contracts/events';
import { intersect, subtract, union } from '@lotwarden/platform/serial-range';

/** An operation that named serials which were not where it said: not given yet, or still in the lot before. */
export interface WaitingOperation {
  readonly operation: string;
  readonly ranges: readonly SerialRange[];
}

/**
 * All serials ever given under one device identifier. Never shrinks: no unit's identity is given twice, not even after
 * it was scrapped. Dense commissioning keeps it at a range or two for ever, so one document does. Operations wait here,
 * in the document that commissioning changes: neither can miss the other.
 */
export interface IssuedSerials {
  readonly ranges: readonly SerialRange[];
  readonly waiting: readonly WaitingOperation[];
}

export type IssuedSerialsEvent =
  | { readonly type: 'SerialsIssued'; readonly ranges: readonly SerialRange[] }
  /** Replaces what the operation waited for; nothing ends its waiting. */
  | { readonly type: 'OperationWaits'; readonly operation: string; readonly ranges: readonly SerialRange[] };

export const NONE_ISSUED: IssuedSerials = { ranges: [], waiting: [] };

export function evolve(issued: IssuedSerials, event: IssuedSerialsEvent): IssuedSerials {
  if (event.type === 'SerialsIssued') return { ...issued, ranges: union(issued.ranges, event.ranges) };
  const { operation, ranges } = event;
  const others = issued.waiting.filter((waiting) => waiting.operation !== operation);
  return { ...issued, waiting: ranges.length === 0 ? others : [...others, { operation, ranges }] };
}

/** Says what an operation waits for now; nothing if that is known. */
export function waitFor(
  { waiting }: IssuedSerials,
  operation: string,
  ranges: readonly SerialRange[],
): IssuedSerialsEvent[] {
  const before = waiting.find((each) => each.operation === operation)?.ranges ?? [];
  const same = subtract(before, ranges).length === 0 && subtract(ranges, before).length === 0;
  return same ? [] : [{ type: 'OperationWaits', operation, ranges }];
}

/** The next free number under a prefix and width; 1 where none was given. */
export const nextNumber = ({ ranges }: IssuedSerials, prefix: string, width: number): number =>
  ranges
    .filter((range) => range.prefix === prefix && range.width === width)
    .reduce((next, { last }) => Math.max(next, last + 1), 1);

/** Operations that waited for some of these, each with what has come of it. */
export const waitingFor = ({ waiting }: IssuedSerials, come: readonly SerialRange[]): WaitingOperation[] =>
  waiting
    .map(({ operation, ranges }) => ({ operation, ranges: intersect(ranges, come) }))
    .filter(({ ranges }) => ranges.length > 0);
