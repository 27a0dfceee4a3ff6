import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Work } from '@lotwarden/platform/store';
import { evolve, firstPlace, kindOf, UNKNOWN_SITE, type LocationKind, type Site, type SiteEvent } from './site.ts';

export type Sites = Aggregate<Site, SiteEvent>;

/** The places of one site, as a decision needs them. */
export interface Places {
  readonly site: string;
  readonly registered: boolean;
  readonly kind: (location: string) => LocationKind;
  readonly first: (kind: LocationKind) => string;
}

export const openSites = ({ aggregate }: Pick<Deps, 'aggregate'>): Sites =>
  aggregate({ collection: 'sites', topic: 'warehouse.site.v1', initial: UNKNOWN_SITE, evolve });

/** Sites as units of work read them. What was read last is remembered for the gate, which has no time to ask. */
export function openPlaces(sites: Sites) {
  const lastSeen = new Map<string, Site>();

  return {
    async of(work: Work, site: string): Promise<Places> {
      const [known] = await work.load(sites, [site]);
      const state = known?.state ?? UNKNOWN_SITE;
      lastSeen.set(site, state);
      return {
        site,
        registered: state.status === 'registered',
        kind: (location) => kindOf(state, location),
        first: (kind) => firstPlace(state, kind),
      };
    },
    lastKnownKind: (site: string, location: string): LocationKind =>
      kindOf(lastSeen.get(site) ?? UNKNOWN_SITE, location),
    async remember(): Promise<void> {
      for (let after: string | undefined; ;) {
        const { items, next } = await sites.find({}, { limit: 500, after });
        for (const { id, state } of items) lastSeen.set(id, state);
        if (next === undefined) return;
        after = next;
      }
    },
  };
}

export type PlacesOf = ReturnType<typeof openPlaces>;
