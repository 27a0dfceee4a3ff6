import { Rejected } from '@lotwarden/platform/errors';
import type { LocationKind } from '../site/site.ts';
import type { Stock } from './stock.ts';

/** The one site at which the lot lies at a place of this name; throws `site-not-clear` where there are others. */
export function siteOf({ lot, buckets }: Stock, location: string): string {
  const there = new Set(buckets.filter((b) => b.location === location).map(({ site }) => site));
  const sites = there.size > 0 ? there : new Set(buckets.map(({ site }) => site));
  const [site] = sites;
  if (site === undefined || sites.size > 1) throw new Rejected('site-not-clear', { lot, location });
  return site;
}

/** Out of quarantine to anywhere that is not as safe. */
export const leavesQuarantine = (from: LocationKind, to: LocationKind): boolean =>
  from === 'quarantine' && to !== 'quarantine' && to !== 'laboratory';
