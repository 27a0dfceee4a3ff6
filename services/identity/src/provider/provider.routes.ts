import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Market, Text } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import type { SecretBox } from '@lotwarden/platform/secret-box';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import { open as openAccount } from '../account/manage-account.ts';
import type { Accounts } from '../account/account.store.ts';
import { PERSON_ROLES } from '../account/person-roles.routes.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import { link, unlink } from './link.ts';
import { change, connect, deactivate, knownProvider, PROVIDER_ID, type Connection, type ProviderState } from './outside-provider.ts'; // prettier-ignore
import { linkId, type Links, type Providers } from './provider.store.ts';

/** Rights over rights are given here, by a person to a person. */
const GIVEN_HERE_ONLY = 'administrator';
const GrantedRoles = PERSON_ROLES.filter((role) => role !== GIVEN_HERE_ONLY) as [string, ...string[]];

const Address = z.url({ protocol: /^https?$/ }).max(500);
const Name = z.string().min(1).max(200);

const Oidc = z.object({
  kind: z.literal('oidc'),
  issuer: Address.meta({ description: 'as its discovery document says it, character by character' }),
  clientId: Name,
  scopes: z.array(Name).max(20).default(['profile']),
  rolesAt: z
    .array(Name)
    .min(1)
    .max(5)
    .meta({ description: 'where in the ID token groups or roles stand: ["groups"], ["realm_access", "roles"]' }),
});
const WeCom = z.object({
  kind: z.literal('wecom'),
  api: Address.default('https://qyapi.weixin.qq.com'),
  page: Address.default('https://login.work.weixin.qq.com'),
  corporation: Name.meta({ description: 'corpid' }),
  agent: Name.meta({ description: 'agentid of the application' }),
});

const Grant = z.object({
  value: Name.meta({ description: "a group or role of theirs, as they write it; WeCom: a department's number" }),
  roles: z.array(z.enum(GrantedRoles)).min(1).max(20),
  sites: z.array(Code).max(200).nullable().default(null),
  markets: z.array(Market).max(250).nullable().default(null),
});

const Settings = {
  name: Text.max(60).meta({ description: 'on the button of the log-in page' }),
  reached: z.discriminatedUnion('kind', [Oidc, WeCom]),
  grants: z.array(Grant).max(200).default([]),
  rolesFrom: z.enum(['account', 'provider']).default('account'),
  opensAccounts: z.boolean().default(false),
};

const ProviderView = z
  .object({
    provider: z.string(),
    status: z.enum(['active', 'deactivated']),
    ...Settings,
    redirectUri: z.string().meta({ description: 'what the provider has to be told to send people back to' }),
    rev: z.number().int(),
  })
  .meta({ id: 'OutsideProvider' });

const LinkView = z
  .object({ provider: z.string(), subject: z.string(), account: z.string(), status: z.enum(['linked', 'unlinked']) })
  .meta({ id: 'OutsideSubject' });

interface Needs {
  readonly providers: Providers;
  readonly links: Links;
  readonly accounts: Accounts;
  readonly box: () => SecretBox;
  readonly security: Pick<SecurityLog, 'report'>;
  readonly endSessions: (account: string) => Promise<void>;
  readonly redirectUri: string;
  readonly allowLoopback: boolean;
}

/** Providers that people log in at, and whom their subjects are here. */
export function providerRoutes(needs: Needs) {
  const { providers, links, accounts, box, security, endSessions, redirectUri, allowLoopback } = needs;

  const view = ({ id, state, rev }: Stored<ProviderState>) => {
    const { secret: _, grants, ...known } = knownProvider(state, id);
    return { provider: id, ...known, grants: grants.map(copied), redirectUri, rev } as z.output<typeof ProviderView>;
  };

  const told = (subject: string, actor: string, reason: string): Promise<void> =>
    security.report({ kind: 'provider-changed', subject, actor, reason });

  function assertSafe(reached: Connection['reached']): void {
    for (const address of reached.kind === 'oidc' ? [reached.issuer] : [reached.api, reached.page]) {
      const { protocol, hostname, username, search, hash } = new URL(address);
      const loopback = allowLoopback && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(hostname);
      if ((protocol !== 'https:' && !loopback) || username !== '' || search !== '' || hash !== '')
        throw new Rejected('provider-address-wrong', { address });
    }
  }

  return [
    route({
      method: 'post',
      path: '/providers',
      requires: 'provider.manage',
      summary: { en: 'Connect a provider that people log in at', zh: '接入外部登录服务' },
      body: z.object({
        provider: z
          .string()
          .regex(PROVIDER_ID, words('small letters, digits and hyphens: entra', '小写字母、数字和连字符,如 entra')),
        secret: z.string().min(1).max(500).meta({ description: 'of the client; shown nowhere again' }),
        ...Settings,
      }),
      reply: { 201: ProviderView },
      errors: ['provider-id-taken', 'provider-address-wrong'],
      handle: async ({ body: { provider, secret, ...asked }, context }) => {
        assertSafe(asked.reached);
        const connection = { ...asked, secret: box().seal(secret, provider) };
        const opened = await providers.change(provider, context, (state) => connect(state, provider, connection));
        await told(provider, context.actor, 'connected');
        return created(view(opened), { location: `/providers/${provider}` });
      },
    }),
    route({
      method: 'get',
      path: '/providers',
      requires: 'provider.read',
      summary: { en: 'Providers that people log in at', zh: '外部登录服务列表' },
      query: z.object(pageQuery),
      reply: { 200: pageOf(ProviderView) },
      handle: async ({ query }) => {
        const found = await providers.find({}, { limit: query.limit, after: query.cursor });
        return ok(page(found.items.map(view), found.next));
      },
    }),
    route({
      method: 'get',
      path: '/providers/:provider',
      requires: 'provider.read',
      summary: { en: 'A provider', zh: '查询外部登录服务' },
      reply: { 200: ProviderView },
      errors: ['provider-unknown'],
      handle: async ({ params: { provider } }) => {
        const found = await providers.get(provider);
        if (!found) throw new Rejected('provider-unknown', { provider });
        return ok(view(found));
      },
    }),
    route({
      method: 'put',
      path: '/providers/:provider',
      requires: 'provider.manage',
      summary: { en: 'Change how a provider is reached and what its groups mean', zh: '修改外部登录服务设置' },
      body: z.object({
        ...Settings,
        secret: z.string().min(1).max(500).optional().meta({ description: 'the present one if absent' }),
        reason: Text,
      }),
      reply: { 200: ProviderView },
      errors: ['provider-unknown', 'provider-deactivated', 'provider-other', 'provider-address-wrong'],
      handle: async ({ params: { provider }, body: { reason, secret, ...asked }, context, expectedRev }) => {
        assertSafe(asked.reached);
        const sealed = secret === undefined ? undefined : box().seal(secret, provider);
        const decide = (state: ProviderState) =>
          change(state, provider, { ...asked, secret: sealed ?? knownProvider(state, provider).secret });
        const changed = await providers.change(provider, { ...context, reason }, decide, { expectedRev });
        await told(provider, context.actor, reason);
        return ok(view(changed));
      },
    }),
    route({
      method: 'post',
      path: '/providers/:provider/deactivations',
      requires: 'provider.manage',
      summary: { en: 'Let nobody in by a provider any more', zh: '永久停用外部登录服务' },
      body: z.object({ reason: Text }),
      reply: { 201: ProviderView },
      errors: ['provider-unknown'],
      handle: async ({ params: { provider }, body: { reason }, context }) => {
        const gone = await providers.change(provider, { ...context, reason }, (state) => deactivate(state, provider));
        await told(provider, context.actor, reason);
        return created(view(gone));
      },
    }),
    route({
      method: 'post',
      path: '/providers/:provider/subjects',
      requires: 'account.manage',
      summary: { en: 'Say whose account a subject of a provider is', zh: '将外部身份绑定到账户' },
      body: z.object({ subject: z.string().min(1).max(255), account: Code, reason: Text }),
      reply: { 201: LinkView },
      errors: ['provider-unknown', 'account-unknown', 'account-deactivated', 'account-own', 'subject-linked'],
      handle: async ({ params: { provider }, body: { reason, ...asked }, context }) => {
        if (asked.account === context.actor) throw new Rejected('account-own');
        const found = await providers.get(provider);
        if (!found) throw new Rejected('provider-unknown', { provider });
        openAccount((await accounts.get(asked.account))?.state ?? { status: 'unknown' }, asked.account);
        const pair = { provider, ...asked };
        const why = { ...context, reason };
        await links.change(linkId(provider, asked.subject), why, (state) => link(state, pair));
        // From now on the password opens nothing: whoever is signed in with it is asked anew.
        await endSessions(asked.account);
        await told(`${provider}/${asked.subject}`, context.actor, `${asked.account}: ${reason}`);
        return created({ ...pair, status: 'linked' as const });
      },
    }),
    route({
      method: 'post',
      path: '/providers/:provider/subjects/removals',
      requires: 'account.manage',
      summary: { en: 'A subject is nobody here any more', zh: '解除外部身份绑定' },
      body: z.object({ subject: z.string().min(1).max(255), account: Code, reason: Text }),
      reply: { 201: LinkView },
      errors: ['subject-not-linked', 'account-own'],
      handle: async ({ params: { provider }, body: { reason, ...asked }, context }) => {
        if (asked.account === context.actor) throw new Rejected('account-own');
        const pair = { provider, ...asked };
        const why = { ...context, reason };
        await links.change(linkId(provider, asked.subject), why, (state) => unlink(state, pair));
        await endSessions(asked.account);
        await told(`${provider}/${asked.subject}`, context.actor, `${asked.account}: ${reason}`);
        return created({ ...pair, status: 'unlinked' as const });
      },
    }),
    route({
      method: 'get',
      path: '/accounts/:account/subjects',
      requires: 'account.read',
      summary: { en: 'Where somebody logs in, if not here', zh: '查询账户绑定的外部身份' },
      query: z.object(pageQuery),
      reply: { 200: pageOf(LinkView) },
      handle: async ({ params: { account }, query }) => {
        const request = { limit: query.limit, after: query.cursor };
        const found = await links.find({ 'state.account': account }, request);
        return ok(
          page(
            found.items.flatMap(({ state }) => (state.status === 'unknown' ? [] : [state])),
            found.next,
          ),
        );
      },
    }),
  ];
}

const copied = ({ value, roles, sites, markets = null }: Connection['grants'][number]) => ({
  value,
  roles: [...roles],
  sites: sites && [...sites],
  markets: markets && [...markets],
});
