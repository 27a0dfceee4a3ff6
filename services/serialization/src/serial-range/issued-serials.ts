import type { SerialRange } from '@lotwarden/contracts/events';
import { union } from '@lotwarden/platform/serial-range';

/**
 * All serials ever given under one device identifier. Never shrinks: no unit's identity is given twice, not even after
 * it was scrapped. Dense commissioning keeps it at a range or two for ever, so one document does.
 */
export interface IssuedSerials {
  readonly ranges: readonly SerialRange[];
}

export interface IssuedSerialsEvent {
  readonly type: 'SerialsIssued';
  readonly ranges: readonly SerialRange[];
}

export const NONE_ISSUED: IssuedSerials = { ranges: [] };

export const evolve = (issued: IssuedSerials, event: IssuedSerialsEvent): IssuedSerials => ({
  ranges: union(issued.ranges, event.ranges),
});

/** The next free number under a prefix and width; 1 where none was given. */
export const nextNumber = ({ ranges }: IssuedSerials, prefix: string, width: number): number =>
  ranges
    .filter((range) => range.prefix === prefix && range.width === width)
    .reduce((next, { last }) => Math.max(next, last + 1), 1);
