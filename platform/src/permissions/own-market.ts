import { Rejected } from '../errors.ts';
import type { Context } from '../store/context.ts';

/**
 * Whoever is bound to markets acts only for these (21 CFR 11.10(d)). Throws `market-not-yours`; whoever is bound to none may
 * act for all of them. For records that say which market they are for: what a request itself names is checked before it
 * comes to its route.
 */
export function assertOwnMarket({ markets }: Pick<Context, 'markets'>, market: string): void {
  if (markets && !markets.includes(market))
    throw new Rejected('market-not-yours', { market, markets: markets.join(', ') });
}
