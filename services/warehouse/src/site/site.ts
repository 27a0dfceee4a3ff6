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
  if (known.status === 'registered') {
    const { status: _, locations: __, ...before } = known;
    const same = (Object.keys(before) as (keyof typeof before)[]).every((field) => before[field] === asked[field]);
    if (same) return [];
    throw new Rejected('site-already-registered', { site: asked.site });
  }
  return [{ type: 'SiteRegistered', ...asked }];
}

export function registerLocation(known: Site, asked: { location: string; kind: LocationKind }): SiteEvent[] {
  if (known.status === 'unknown') throw new Rejected('site-unknown', { location: asked.location });
  if (known.locations[asked.location] === asked.kind) return [];
  if (known.locations[asked.location]) throw new Rejected('location-already-registered', { ...asked });
  return [{ type: 'LocationRegistered', site: known.site, ...asked }];
}

/** Where goods go at a site that has registered no such place: kept under this name, as in quarantine until it has. */
const UNREGISTERED: Readonly<Record<LocationKind, string>> = {
  dock: 'DOCK',
  store: 'STORE',
  quarantine: 'QUARANTINE',
  line: 'LINE',
  finished: 'FINISHED',
  shipping: 'SHIPPING',
  laboratory: 'LABORATORY',
};

/** The first place of a kind that the site registered. */
export const firstPlace = (site: Site, kind: LocationKind): string =>
  Object.entries(site.status === 'registered' ? site.locations : {}).find(([, known]) => known === kind)?.[0] ??
  UNREGISTERED[kind];

/** The kind of a place; a place nobody registered counts as quarantine: what lies there does not leave by itself. */
export const kindOf = (site: Site, location: string): LocationKind => {
  const kind = site.status === 'registered' ? site.locations[location] : undefined;
  return LOCATION_KINDS.find((known) => known === kind) ?? 'quarantine';
};
