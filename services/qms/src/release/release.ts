import type { EventOf, Signature } from '@lotwarden/contracts/events';

export type ReleaseEvent = EventOf<'qms.release.v1'>;

interface MarketRelease {
  readonly market: string;
  readonly signature: Signature;
  readonly review: Signature | null;
}

/** A release that was taken back: who had given it, and who took it back. */
interface RevokedRelease extends MarketRelease {
  readonly revocation: Signature;
}

/** The release state of one lot: for which markets it may be shipped. A lot nobody released is simply not there. */
export interface Release {
  readonly lot: string;
  readonly product: string | null;
  readonly markets: readonly MarketRelease[];
  /** Absent where the lot was last changed before these were kept. */
  readonly revoked?: readonly RevokedRelease[];
}

export const UNRELEASED: Release = { lot: '', product: null, markets: [] };

export const isReleasedFor = (release: Release, market: string): boolean =>
  release.markets.some((r) => r.market === market || r.market === '*');

export function evolve(release: Release, event: ReleaseEvent): Release {
  const others = release.markets.filter((r) => r.market !== event.market);
  switch (event.type) {
    case 'LotReleased': {
      const { lot, product, market, signature, review } = event;
      return { ...release, lot, product, markets: [...others, { market, signature, review }] };
    }
    case 'LotReleaseRevoked': {
      const given = release.markets.filter((r) => r.market === event.market);
      const revoked = given.map((r) => ({ ...r, revocation: event.signature }));
      return { ...release, markets: others, revoked: [...(release.revoked ?? []), ...revoked] };
    }
  }
}
