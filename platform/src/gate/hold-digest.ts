import { createHash } from 'node:crypto';
import { normalise, type SerialScope } from '../serial-range.ts';

export interface HeldEntry {
  readonly lot: string;
  readonly serials: SerialScope;
}

export interface HoldDigest {
  readonly count: number;
  /** Hexadecimal SHA-256. */
  readonly digest: string;
}

/**
 * What one hold holds, in one number: SHA-256 over one line per lot, sorted by lot id (by code unit), of lot, scope and
 * normalised serial ranges. Recall puts it into the manifest, each gate computes it from its own database; one lot twice
 * is a caller's error and counts twice.
 */
export function holdDigest(entries: readonly HeldEntry[]): HoldDigest {
  const hash = createHash('sha256');
  const lines = entries.map(line).sort((a, b) => (a.lot < b.lot ? -1 : a.lot > b.lot ? 1 : 0));
  for (const { text } of lines) hash.update(text);
  return { count: entries.length, digest: hash.digest('hex') };
}

const line = ({ lot, serials }: HeldEntry): { lot: string; text: string } => {
  const ranges = serials.mode === 'all' ? [] : normalise(serials.ranges);
  const parts = ranges.map((r) => [r.gtin, r.prefix, r.width, r.first, r.last]);
  // JSON, so that no lot id or prefix can be written to look like two lines.
  return { lot, text: `${JSON.stringify([lot, serials.mode, parts])}\n` };
};
