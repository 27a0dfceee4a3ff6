/** What qms knows of a lot that bears on its release, gathered from inspections, labels and nonconformances. */
export interface LotQuality {
  readonly lot: string;
  readonly product: string | null;
  readonly revision: string | null;
  readonly kind: string;
  readonly finalInspection: { readonly inspection: string; readonly verdict: string } | null;
  readonly labelCheck: { readonly labelVersion: string; readonly verdict: string } | null;
  readonly openNonconformances: readonly string[];
}

export type LotQualityEvent =
  | {
      readonly type: 'LotDescribed';
      readonly lot: string;
      readonly product: string;
      readonly revision: string | null;
      readonly kind: string;
    }
  | {
      readonly type: 'FinalInspectionSettled';
      readonly lot: string;
      readonly inspection: string;
      readonly verdict: string;
    }
  | { readonly type: 'LabelsChecked'; readonly lot: string; readonly labelVersion: string; readonly verdict: string }
  | {
      readonly type: 'NonconformanceRaised' | 'NonconformanceSettled';
      readonly lot: string;
      readonly nonconformance: string;
    };

export const NOTHING_KNOWN: LotQuality = {
  lot: '',
  product: null,
  revision: null,
  kind: 'unknown',
  finalInspection: null,
  labelCheck: null,
  openNonconformances: [],
};

export function evolve(quality: LotQuality, event: LotQualityEvent): LotQuality {
  const named = { ...quality, lot: event.lot };
  switch (event.type) {
    case 'LotDescribed':
      return { ...named, product: event.product, revision: event.revision, kind: event.kind };
    case 'FinalInspectionSettled':
      return { ...named, finalInspection: { inspection: event.inspection, verdict: event.verdict } };
    case 'LabelsChecked':
      return { ...named, labelCheck: { labelVersion: event.labelVersion, verdict: event.verdict } };
    case 'NonconformanceRaised':
      return { ...named, openNonconformances: [...new Set([...quality.openNonconformances, event.nonconformance])] };
    case 'NonconformanceSettled':
      return { ...named, openNonconformances: quality.openNonconformances.filter((n) => n !== event.nonconformance) };
  }
}

/** What is still missing before a lot may be released, as codes; empty = ready. */
export function missingForRelease(quality: LotQuality | undefined): string[] {
  if (quality?.product == null) return ['lot-unknown'];
  const missing: string[] = [];
  if (quality.kind !== 'finished') missing.push('lot-not-finished-goods');
  if (quality.finalInspection?.verdict !== 'accept') missing.push('inspection-not-accepted');
  if (quality.labelCheck?.verdict !== 'pass') missing.push('label-check-missing');
  if (quality.openNonconformances.length > 0) missing.push('nonconformance-open');
  return missing;
}
