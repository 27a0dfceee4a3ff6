import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Text } from '@lotwarden/platform/http-schemas';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { Sites } from './places.store.ts';
import { BINDING_MODES, LOCATION_KINDS, registerLocation, registerSite, type Site } from './site.ts';

const SiteView = z
  .object({
    site: z.string(),
    name: z.string(),
    country: z.string(),
    timeZone: z.string(),
    bindingMode: z.string(),
    locations: z.array(z.object({ location: z.string(), kind: z.string() })),
    rev: z.number().int(),
  })
  .meta({ id: 'Site' });

function view({ id, state, rev }: Stored<Site>) {
  if (state.status === 'unknown') throw new Rejected('site-unknown', { site: id });
  const { status: _, locations, ...site } = state;
  return { ...site, locations: Object.entries(locations).map(([location, kind]) => ({ location, kind })), rev };
}

export const siteRoutes = ({ sites }: { sites: Sites }) => [
  route({
    method: 'post',
    path: '/sites',
    requires: 'site.manage',
    summary: { en: 'Register a site and how firmly its gate binds', zh: '登记场所及其关口约束方式' },
    body: z.object({
      site: Code,
      name: Text,
      country: z.string().regex(/^[A-Z]{2}$/),
      timeZone: z.string().min(1).max(60),
      bindingMode: z.enum(BINDING_MODES),
    }),
    reply: { 201: SiteView },
    errors: ['site-already-registered'],
    handle: async ({ body, context }) =>
      created(view(await sites.change(body.site, context, (known) => registerSite(known, body)))),
  }),
  route({
    method: 'post',
    path: '/sites/:site/locations',
    requires: 'site.manage',
    summary: { en: 'Register a place of a site', zh: '登记场所库位' },
    body: z.object({ location: Code, kind: z.enum(LOCATION_KINDS) }),
    reply: { 201: SiteView },
    errors: ['site-unknown', 'location-already-registered'],
    handle: async ({ params, body, context }) =>
      created(view(await sites.change(params.site, context, (known) => registerLocation(known, body)))),
  }),
  route({
    method: 'get',
    path: '/sites',
    requires: 'site.read',
    summary: { en: 'Sites with their places', zh: '场所及库位列表' },
    query: z.object(pageQuery),
    reply: { 200: pageOf(SiteView) },
    handle: async ({ query: { limit, cursor } }) => {
      const { items, next } = await sites.find({}, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
];
