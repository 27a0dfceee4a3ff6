import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Text } from '@lotwarden/platform/http-schemas';
import type { Aggregate, Stored } from '@lotwarden/platform/store';
import { restricted } from '@lotwarden/platform/http-restricted';
import { z } from 'zod';
import { PARTY_ROLES, registerParty, type Party, type PartyEvent } from './party.ts';

export type Parties = Aggregate<Party, PartyEvent>;

const Contact = z.object({
  name: Text,
  role: Text,
  email: z.email().max(200).nullable().default(null),
  phone: z
    .string()
    .regex(/^[+\d][\d -]{4,30}$/)
    .nullable()
    .default(null),
  language: z.enum(['zh', 'en']),
});

const ContactView = z.object({
  name: z.string(),
  role: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  language: z.string(),
});

const PartyView = z
  .object({
    party: z.string(),
    name: z.string(),
    nameZh: z.string().nullable(),
    roles: z.array(z.string()),
    region: z.string(),
    channel: z.string(),
    country: z.string(),
    contacts: restricted('contact.read', z.array(ContactView)),
    rev: z.number().int(),
  })
  .meta({ id: 'Party' });

function view({ id, state, rev }: Stored<Party>) {
  if (state.status === 'unknown') throw new Rejected('party-unknown', { party: id });
  const { status: _, ...party } = state;
  return { ...party, rev };
}

export const partyRoutes = ({ parties }: { parties: Parties }) => [
  route({
    method: 'post',
    path: '/parties',
    requires: 'party.manage',
    summary: { en: 'Register a distributor, hospital or other party', zh: '登记经销商、医院等往来单位' },
    body: z.object({
      party: Code,
      name: Text,
      nameZh: Text.nullable().default(null),
      roles: z.array(z.enum(PARTY_ROLES)).min(1),
      region: Code,
      channel: Code,
      country: z.string().regex(/^[A-Z]{2}$/),
      contacts: z.array(Contact).max(50),
    }),
    reply: { 201: PartyView },
    errors: ['party-already-registered', 'party-without-contact'],
    handle: async ({ body, context }) =>
      created(view(await parties.change(body.party, context, (known) => registerParty(known, body)))),
  }),
  route({
    method: 'get',
    path: '/parties',
    requires: 'party.read',
    summary: { en: 'Parties', zh: '往来单位列表' },
    query: z.object({ ...pageQuery, region: Code.optional() }),
    reply: { 200: pageOf(PartyView) },
    handle: async ({ query: { limit, cursor, region } }) => {
      const { items, next } = await parties.find(region ? { 'state.region': region } : {}, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/parties/:party',
    requires: 'party.read',
    summary: { en: 'A party with its contacts', zh: '查询往来单位及联系人' },
    reply: { 200: PartyView },
    errors: ['party-unknown'],
    handle: async ({ params }) => {
      const known = await parties.get(params.party);
      if (!known) throw new Rejected('party-unknown', { party: params.party });
      return ok(view(known));
    },
  }),
];
