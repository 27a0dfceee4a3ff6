import { createHash } from 'node:crypto';
import type { ScopeCustodian, ScopeLot } from '@lotwarden/contracts/events';
import { normalise, type SerialRange } from '@lotwarden/platform/serial-range';

const ranges = (of: readonly SerialRange[]): unknown[] =>
  normalise(of).map(({ gtin, prefix, width, first, last }) => [gtin, prefix, width, first, last]);

/** 64 bits suffice to notice that something changed. */
const short = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);

/**
 * What makes a lot worth saying again: its affected serials and quantity, and every way into it: a lot that was released
 * is held again by a new one (correctness rule 21). Which of these ways is the shortest does not.
 */
export const lotDigest = ({ quantity, serials, ways }: ScopeLot): string =>
  short([
    quantity?.value,
    quantity?.unit,
    serials.mode,
    ranges(serials.ranges),
    ways.map(({ from, operation }) => [from, operation]),
  ]);

/** A custodian is said again when anything it must be told has changed. */
export const custodianDigest = ({ lines }: ScopeCustodian): string =>
  short(lines.map((l) => [l.lot, l.quantity.value, l.quantity.unit, ranges(l.serials), l.containers]));

/** One number for a whole scope: SHA-256 over the sorted lots with their serials. */
export function scopeDigest(lots: readonly ScopeLot[]): string {
  const hash = createHash('sha256');
  const lines = lots.map(({ lot, serials }) => JSON.stringify([lot, serials.mode, ranges(serials.ranges)]));
  for (const line of lines.sort()) hash.update(`${line}\n`);
  return hash.digest('hex');
}
