import type { EventOf, Signature } from '@lotwarden/contracts/events';

export type ReleaseEvent = EventOf<'qms.release.v1'>;

interface MarketRelease {
  readonly market: string;
  readonly signature: Signature;
  readonly review: Signature | null;
}

/** The release state of one lot: for which markets it may be shipped. A lot nobody released is simply not there. */
export interface Release {
  readonly lot: string;
  readonly product: string | null;
  readonly markets: readonly MarketRelease[];
}

export const UNRELEASED: Release = { lot: '', product: null, markets: [] };

export const isReleasedFor = (release: Release, market: string): boolean =>
  release.markets.some((r) => r.market === market || r.market === '*');

export function evolve(release: Release, event: ReleaseEvent): Release {
  const others = release.markets.filter((r) => r.market !== event.market);
  switch (event.type) {
    case 'LotReleased': {
      const { lot, product, market, signature, review } = event;
      return { lot, product, markets: [...others, { market, signature, review }] };
    }
    case 'LotReleaseRevoked':
      return { ...release, markets: others };
  }
}
