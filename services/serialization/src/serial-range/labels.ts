import { Rejected } from '@lotwarden/platform/errors';
import { isPositive, type Quantity } from '@lotwarden/platform/quantity';
import { count } from '@lotwarden/platform/serial-range';
import type { LotSerials, LotSerialsEvent } from './lot-serials.ts';

export function printLabels(
  { ranges }: LotSerials,
  asked: { lot: string; label: string; labelVersion: string; quantity: Quantity },
): LotSerialsEvent[] {
  if (ranges.length === 0) throw new Rejected('lot-not-serialised', { lot: asked.lot });
  if (!isPositive(asked.quantity)) throw new Rejected('quantity-invalid', { value: asked.quantity.value });
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

/** The inspection of labels before release (21 CFR 820.45); of a version that was printed, for as many as there are. */
export function recordLabelCheck({ printed, ranges }: LotSerials, asked: LabelCheck): LotSerialsEvent[] {
  const { lot, labelVersion } = asked;
  const ofVersion = printed.filter((p) => p.labelVersion === labelVersion);
  if (ofVersion.length === 0) throw new Rejected('label-version-not-printed', { lot, labelVersion });
  const labels = ofVersion.reduce((total, p) => total + Number(p.quantity), 0);
  if (asked.verdict === 'pass' && labels < count(ranges))
    throw new Rejected('labels-missing', { lot, printed: labels, units: count(ranges) });
  return [{ type: 'LabelCheckRecorded', ...asked }];
}
