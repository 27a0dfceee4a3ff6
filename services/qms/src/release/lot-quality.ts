/** What qms knows of a lot that bears on its release, gathered from inspections, labels and nonconformances. */
export interface LotQuality extends DescribedLot {
  readonly finalInspection: {
    readonly inspection: string;
    readonly verdict: string;
    /** The person who decided it; null where its results did. */
    readonly decidedBy: string | null;
  } | null;
  readonly openNonconformances: readonly string[];
}

/** What others say of a lot: production what it is, serialization how its labels were. */
export interface DescribedLot {
  readonly lot: string;
  readonly product: string | null;
  readonly revision: string | null;
  readonly kind: string;
  /** Where it was made or received; absent while nobody said. */
  readonly site?: string;
  readonly labelCheck: { readonly labelVersion: string; readonly verdict: string } | null;
  /** Placeholders it had while nobody knew its names, as far as a nonconformance speaks of them. */
  readonly placeholders: readonly string[];
}

export type DescribedLotEvent =
  | {
      readonly type: 'LotDescribed';
      readonly lot: string;
      readonly product: string;
      readonly revision: string | null;
      readonly kind: string;
      readonly site?: string;
    }
  | { readonly type: 'LotMerged'; readonly lot: string; readonly placeholder: string }
  | { readonly type: 'LabelsChecked'; readonly lot: string; readonly labelVersion: string; readonly verdict: string };

export const NOTHING_KNOWN: DescribedLot = {
  lot: '',
  product: null,
  revision: null,
  kind: 'unknown',
  labelCheck: null,
  placeholders: [],
};

export function evolve(known: DescribedLot, event: DescribedLotEvent): DescribedLot {
  const named = { ...known, lot: event.lot };
  switch (event.type) {
    case 'LotDescribed': {
      const { product, revision, kind, site = known.site } = event;
      return { ...named, product, revision, kind, ...(site !== undefined && { site }) };
    }
    case 'LotMerged':
      return { ...named, placeholders: [...new Set([...known.placeholders, event.placeholder])] };
    case 'LabelsChecked':
      return { ...named, labelCheck: { labelVersion: event.labelVersion, verdict: event.verdict } };
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
