import type { Signature } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { signable } from '@lotwarden/platform/signature';
import { missingForRelease, type LotQuality } from './lot-quality.ts';
import { isReleasedFor, type Release, type ReleaseEvent } from './release.ts';

/** The record that is signed: if any of this changes, the signature no longer fits (21 CFR 11.70). */
export const releaseRecord = (quality: LotQuality, market: string, version: number) =>
  signable('lot-release', quality.lot, version, {
    lot: quality.lot,
    product: quality.product,
    revision: quality.revision,
    market,
    inspection: quality.finalInspection,
    labelCheck: quality.labelCheck,
  });

/** The record that is signed when a release for a market is taken back. */
export const revocationRecord = (lot: string, market: string, version: number) =>
  signable('lot-release-revocation', lot, version, { lot, market });

interface ReleaseAsked {
  readonly quality: LotQuality | undefined;
  readonly market: string;
  readonly signature: Signature;
  /** Of another person. */
  readonly review: Signature;
}

/**
 * Releases a lot for a market (ISO 13485:2016 8.2.6, 21 CFR 820.45): inspection accepted, labels checked, nothing
 * open. Throws `lot-not-ready-for-release` with what is missing.
 */
export function releaseLot(release: Release, { quality, market, signature, review }: ReleaseAsked): ReleaseEvent[] {
  const { lot, product, inspection, labelVersion } = ready(quality);
  if (isReleasedFor(release, market)) return [];
  return [{ type: 'LotReleased', lot, product, market, inspection, labelVersion, signature, review }];
}

function ready(quality: LotQuality | undefined) {
  const missing = missingForRelease(quality);
  const { lot, product, finalInspection, labelCheck } = quality ?? {};
  if (missing.length > 0 || !lot || !product || !finalInspection || !labelCheck)
    throw new Rejected('lot-not-ready-for-release', { lot, missing });
  return { lot, product, inspection: finalInspection.inspection, labelVersion: labelCheck.labelVersion };
}

export function revokeRelease(
  release: Release,
  { market, reason, signature }: { market: string; reason: string; signature: Signature },
): ReleaseEvent[] {
  if (!release.markets.some((r) => r.market === market)) throw new Rejected('lot-not-released', { market });
  return [{ type: 'LotReleaseRevoked', lot: release.lot, market, reason, signature }];
}
