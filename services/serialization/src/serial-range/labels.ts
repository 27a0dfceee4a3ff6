import { Rejected } from '@lotwarden/platform/errors';
import type { Quantity } from '@lotwarden/platform/quantity';
import { count } from '@lotwarden/platform/serial-range';
import type { LotSerials, LotSerialsEvent } from './lot-serials.ts';

export function printLabels(
  { ranges }: LotSerials,
  asked: { lot: string; label: string; labelVersion: string; quantity: Quantity },
): LotSerialsEvent[] {
  if (ranges.length === 0) throw new Rejected('lot-not-serialised', { lot: asked.lot });
  const { value, unit } = asked.quantity;
  const pieces = Number(value);
  if (unit !== 'EA' || !Number.isSafeInteger(pieces) || pieces <= 0)
    throw new Rejected('labels-not-pieces', { value, unit });
  return [{ type: 'LabelsPrinted', ...asked }];
}

interface LabelCheck {
  readonly lot: string;
  readonly labelVersion: string;
  readonly sampled: number;
  readonly verdict: 'pass' | 'fail';
  readonly inspector: string;
  readonly note: string | null;
}

/** The inspection of labels before release (21 CFR 820.45); of a version that was printed, of one design for as many as there are. */
export function recordLabelCheck({ printed, ranges }: LotSerials, asked: LabelCheck): LotSerialsEvent[] {
  const { lot, labelVersion } = asked;
  const ofVersion = printed.filter((p) => p.labelVersion === labelVersion);
  if (ofVersion.length === 0) throw new Rejected('label-version-not-printed', { lot, labelVersion });
  const byDesign = new Map<string, number>();
  for (const { label, quantity } of ofVersion) byDesign.set(label, (byDesign.get(label) ?? 0) + Number(quantity));
  const all = [...byDesign.values()].reduce((total, n) => total + n, 0);
  if (asked.sampled > all) throw new Rejected('label-sample-too-large', { lot, sampled: asked.sampled, printed: all });
  // Half of them in one design and half in another is a label for each unit in none.
  const labels = Math.max(...byDesign.values());
  if (asked.verdict === 'pass' && labels < count(ranges))
    throw new Rejected('labels-missing', { lot, printed: labels, units: count(ranges) });
  return [{ type: 'LabelCheckRecorded', ...asked }];
}
