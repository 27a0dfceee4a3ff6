import { Rejected } from '@lotwarden/platform/errors';
import type { Quantity } from '@lotwarden/platform/quantity';
import { count } from '@lotwarden/platform/serial-range';
import type { LotSerials, LotSerialsEvent } from './lot-serials.ts';

export function printLabels(
  known: LotSerials,
  lot: string,
  asked: { label: string; labelVersion: string; quantity: Quantity },
): LotSerialsEvent[] {
  if (known.ranges.length === 0) throw new Rejected('lot-not-serialised', { lot });
  return [{ type: 'LabelsPrinted', lot, ...asked }];
}

/** The inspection of labels before release (21 CFR 820.45); of a version that was printed, for as many as there are. */
export function recordLabelCheck(
  known: LotSerials,
  lot: string,
  asked: { labelVersion: string; sampled: number; verdict: 'pass' | 'fail'; inspector: string; note: string | null },
): LotSerialsEvent[] {
  const { printed, ranges } = known;
  const ofVersion = printed.filter((p) => p.labelVersion === asked.labelVersion);
  if (ofVersion.length === 0)
    throw new Rejected('label-version-not-printed', { lot, labelVersion: asked.labelVersion });
  const labels = ofVersion.reduce((total, p) => total + Number(p.quantity), 0);
  if (asked.verdict === 'pass' && labels < count(ranges))
    throw new Rejected('labels-missing', { lot, printed: labels, units: count(ranges) });
  return [{ type: 'LabelCheckRecorded', lot, ...asked }];
}
