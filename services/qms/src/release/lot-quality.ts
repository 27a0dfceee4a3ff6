/** What qms knows of a lot that bears on its release; a projection of inspections, labels and nonconformances. */
export interface LotQuality {
  readonly lot: string;
  readonly product: string | null;
  readonly revision: string | null;
  readonly kind: string;
  readonly finalInspection: { readonly inspection: string; readonly verdict: string } | null;
  readonly labelCheck: { readonly labelVersion: string; readonly verdict: string } | null;
  readonly openNonconformances: readonly string[];
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
