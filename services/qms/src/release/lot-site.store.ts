import { assertOwnSite } from '@lotwarden/platform/own-site';
import type { Context } from '@lotwarden/platform/store';
import type { House } from '../house.ts';

/** Whoever is bound to sites decides only about lots that were made or received there. Throws `site-not-yours`. */
export const lotSites = ({ quality }: Pick<House, 'quality'>) =>
  async function assertOwnLot(context: Pick<Context, 'sites'>, lot: string): Promise<void> {
    if (!context.sites) return;
    const site = (await quality.get(lot))?.state.site;
    // Of a lot that nobody has described yet there is nothing to decide; what follows says so.
    if (site !== undefined) assertOwnSite(context, site);
  };
