import type { SerialRange } from '@lotwarden/contracts/events';
import { intersect, union } from '@lotwarden/platform/serial-range';

/** All serials ever given under one device identifier, with the lot they were given to. Never shrinks: no id is used twice. */
export interface IssuedSerials {
  readonly claims: readonly { readonly lot: string; readonly ranges: readonly SerialRange[] }[];
}

export interface SerialsClaimed {
  readonly type: 'SerialsClaimed';
  readonly lot: string;
  readonly ranges: readonly SerialRange[];
}

export const NONE_ISSUED: IssuedSerials = { claims: [] };

export function evolve(issued: IssuedSerials, { lot, ranges }: SerialsClaimed): IssuedSerials {
  const before = issued.claims.find((claim) => claim.lot === lot);
  const others = issued.claims.filter((claim) => claim.lot !== lot);
  return { claims: [...others, { lot, ranges: union(before?.ranges ?? [], ranges) }] };
}

/** Whoever was given one of these serials already. */
export const claimedBy = (issued: IssuedSerials, ranges: readonly SerialRange[]): string[] =>
  issued.claims.filter((claim) => intersect(claim.ranges, ranges).length > 0).map((claim) => claim.lot);

/** The next free number under a prefix and width; 1 where none was given. */
export const nextNumber = (issued: IssuedSerials, prefix: string, width: number): number =>
  issued.claims
    .flatMap((claim) => claim.ranges)
    .filter((r) => r.prefix === prefix && r.width === width)
    .reduce((highest, r) => Math.max(highest, r.last), 0) + 1;
