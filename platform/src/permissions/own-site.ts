import { Rejected } from '../errors.ts';
import type { Context } from '../store/context.ts';

/**
 * Whoever is bound to sites acts only there (21 CFR 11.10(d)). Throws `site-not-yours`; whoever is bound to none may
 * act at all of them. For records that say where they are: what a request itself names is checked before it comes to its route.
 */
export function assertOwnSite({ sites }: Pick<Context, 'sites'>, site: string): void {
  if (sites && !sites.includes(site)) throw new Rejected('site-not-yours', { site, sites: sites.join(', ') });
}
