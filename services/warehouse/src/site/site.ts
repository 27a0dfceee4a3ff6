import type { EventOf } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';

export type SiteEvent = EventOf<'warehouse.site.v1'>;

export const LOCATION_KINDS = ['dock', 'store', 'quarantine', 'line', 'finished', 'shipping', 'laboratory'] as const;
export type LocationKind = (typeof LOCATION_KINDS)[number];
export const BINDING_MODES = ['inline', 'commanded', 'observed'] as const;

/** A site, its places, and how firmly its gate binds (correctness rule 23). */
export type Site =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'registered';
      readonly site: string;
      readonly name: string;
      readonly country: string;
      readonly timeZone: string;
      readonly bindingMode: string;
      readonly locations: Readonly<Record<string, string>>;
    };

export const UNKNOWN_SITE: Site = { status: 'unknown' };

export function evolve(known: Site, event: SiteEvent): Site {
  if (event.type === 'SiteRegistered') {
    const { type: _, ...facts } = event;
    return { ...facts, status: 'registered', locations: known.status === 'unknown' ? {} : known.locations };
  }
  if (known.status === 'unknown') return known;
  return { ...known, locations: { ...known.locations, [event.location]: event.kind } };
}

interface RegisterSite {
  readonly site: string;
  readonly name: string;
  readonly country: string;
  readonly timeZone: string;
  readonly bindingMode: (typeof BINDING_MODES)[number];
}

export function registerSite(known: Site, asked: RegisterSite): SiteEvent[] {
  if (known.status === 'registered') throw new Rejected('site-already-registered', { site: asked.site });
  return [{ type: 'SiteRegistered', ...asked }];
}

export function registerLocation(known: Site, asked: { location: string; kind: LocationKind }): SiteEvent[] {
  if (known.status === 'unknown') throw new Rejected('site-unknown');
  if (known.locations[asked.location] === asked.kind) return [];
  if (known.locations[asked.location]) throw new Rejected('location-already-registered', { ...asked });
  return [{ type: 'LocationRegistered', site: known.site, ...asked }];
}

/** The kind of a place; a place nobody registered counts as quarantine: what lies there does not leave by itself. */
export const kindOf = (site: Site, location: string): LocationKind => {
  const kind = site.status === 'registered' ? site.locations[location] : undefined;
  return LOCATION_KINDS.find((known) => known === kind) ?? 'quarantine';
};
