import { hkdfSync } from 'node:crypto';
import type { Deps } from '@lotwarden/platform/service';
import { API_AUDIENCE } from '@lotwarden/platform/token-verifier';
import { errors, Provider, type Adapter, type ClientMetadata, type JWK, type KoaContextWithOIDC } from 'oidc-provider';
import { openAccounts, type Accounts } from '../account/account.store.ts';
import type { SigningKey } from '../key/key-ring.store.ts';
import type { MachineClients } from '../machine/machine.store.ts';
import { MACHINE_ID, type KnownMachine } from '../machine/machine.ts';
import { standing, type Standing } from '../account/standing.store.ts';
import { PROGRAM_ID } from '../program/program.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import { addressOf } from './form.client.ts';
import { OWN_CLIENT, OWN_PAGE, REVIEW_PAGE, WEB_CLIENT, type Machine } from './clients.ts';
import { errorPage } from './pages.ts';
import { preferredLanguage } from './language.ts';
import { secondsLeft, type SessionLimits } from './session-life.ts';

/** The one resource tokens are for (RFC 8707); their audience is `lotwarden-api`. */
const API_RESOURCE = 'urn:lotwarden:api';

const SCOPE = 'openid';

interface Settings extends Pick<Deps, 'clock' | 'log'>, SessionLimits {
  readonly issuer: string;
  readonly accounts: Accounts;
  /** Those in use, newest first: that one signs. */
  readonly tokenKeys: readonly SigningKey[];
  readonly machines: readonly Machine[];
  /** Service accounts of outside systems, which administrators open. */
  readonly machineClients: MachineClients;
  /** What a token says of the device whose key it is bound to. */
  readonly atDevice: (thumbprint: string | undefined) => Promise<object>;
  readonly redirectUris: readonly string[];
  readonly artifacts: (model: string) => Adapter;
  readonly cookieSecret: string;
  readonly security: Pick<SecurityLog, 'report'>;
  readonly personTokenSeconds: number;
  readonly clientTokenSeconds: number;
}

/**
 * OpenID Connect for people (authorization code with PKCE S256) and OAuth 2.0 client credentials for services and
 * systems. Access tokens are JWTs (RFC 9068) that every service checks on the spot.
 */
export function openIdProvider(settings: Settings): Provider {
  const { issuer, accounts, security, log } = settings;
  const path = new URL(issuer).pathname;
  const byId = new Map(settings.machines.map((machine) => [machine.id, machine]));

  const person = openAccounts(accounts);

  const provider = new Provider(issuer, {
    adapter: settings.machineClients.within(settings.artifacts),
    jwks: { keys: settings.tokenKeys.map(({ privateJwk }) => privateJwk as JWK) },
    clients: [
      ...settings.machines.map(machineClient),
      webClient(WEB_CLIENT, settings.redirectUris),
      webClient(OWN_CLIENT, [`${issuer}${OWN_PAGE}`, `${issuer}${REVIEW_PAGE}`]),
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: [SCOPE],
    claims: { openid: ['sub', 'name'] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    ttl: {
      AccessToken: settings.personTokenSeconds,
      ClientCredentials: settings.clientTokenSeconds,
      AuthorizationCode: 60,
      IdToken: settings.personTokenSeconds,
      Interaction: 900,
      Session: (_, session) =>
        secondsLeft(session.loginTs, Math.floor(settings.clock.now().getTime() / 1000), settings),
      Grant: settings.sessionSeconds,
    },
    cookies: {
      keys: [Buffer.from(hkdfSync('sha256', settings.cookieSecret, '', 'lotwarden-cookies', 32)).toString('base64url')],
      // The services behind the same gateway never get to see them.
      long: { signed: true, httpOnly: true, sameSite: 'lax', path },
      short: { signed: true, httpOnly: true, sameSite: 'lax', path },
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      // Tokens of devices: bound to a key, and nothing without its proof (RFC 9449).
      dPoP: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => API_RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: API_AUDIENCE,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    findAccount: async (_, id) => {
      const found = await person(id);
      return found && { accountId: id, claims: () => ({ sub: id, name: found.name }) };
    },
    loadExistingGrant: (ctx) =>
      PROGRAM_ID.test(ctx.oidc.client?.clientId ?? '') ? consented(ctx) : firstPartyGrant(ctx),
    extraTokenClaims: async (ctx, token) => {
      if (token.kind === 'ClientCredentials') {
        const machine = byId.get(token.clientId ?? '');
        if (machine) return { kind: machine.kind, name: machine.id, roles: [machine.role] };
        const opened = await settings.machineClients.find(token.clientId ?? '');
        return opened && systemClaims(opened);
      }
      const found = await person(token.accountId);
      if (!found) return undefined;
      const who = claimsOf(await standing(found, settings.clock.instant(), person));
      // When and how the person showed who he is (RFC 9068 §2.2.1).
      const { authTime, amr } = ctx.oidc.entities.AuthorizationCode ?? {};
      const shown = { ...(authTime !== undefined && { auth_time: authTime }), ...(amr && { amr }) };
      return { ...who, ...shown, ...(await settings.atDevice(token.jkt)) };
    },
    interactions: { url: (_, { uid }) => `${path}/interaction/${uid}` },
    renderError: (ctx, { error, error_description: description }) => {
      ctx.type = 'html';
      ctx.body = errorPage(preferredLanguage(ctx.get('accept-language')), description ?? error);
    },
  });
  const { compareClientSecret } = provider.Client.prototype;
  // Service accounts have two secrets at times, and only their hashes are kept.
  provider.Client.prototype.compareClientSecret = function (given: string) {
    return MACHINE_ID.test(this.clientId)
      ? settings.machineClients.fits(this.clientId, given)
      : compareClientSecret.call(this, given);
  };
  // The mount says who is asked, by the issuer's own name.
  provider.proxy = true;
  provider.on('server_error', (_, error) => log.error({ err: error }, 'the OpenID provider failed'));
  const refused = (
    kind: 'token-refused' | 'program-refused',
    ctx: KoaContextWithOIDC,
    { error }: errors.OIDCProviderError,
  ): void => {
    // prettier-ignore
    const address = addressOf(ctx.req);
    // Whoever makes up names does not get one event for each.
    const subject = ctx.oidc.client?.clientId ?? address;
    security
      .report({ kind, subject, reason: error, address })
      .catch((cause: unknown) => log.error({ err: cause, kind, subject }, 'a refusal could not be recorded'));
  };
  provider.on('grant.error', (ctx, error) => {
    log.info({ client: ctx.oidc.client?.clientId, reason: error.message }, 'a token was refused');
    refused('token-refused', ctx, error);
  });
  provider.on('authorization.error', (ctx, error) => {
    if (FORGED.has(error.error)) refused('program-refused', ctx, error);
  });
  return provider;
}

/** What no program of ours asks for; that somebody is not signed in or does not consent is no attempt. */
const FORGED: ReadonlySet<string> = new Set([
  'invalid_client',
  'invalid_redirect_uri',
  'invalid_request',
  'invalid_target',
  'unauthorized_client',
]);

/** What somebody allowed a program of others, in this session. */
async function consented({ oidc }: KoaContextWithOIDC) {
  const { provider, session, client, result } = oidc;
  const [accountId, clientId] = [session?.accountId, client?.clientId];
  if (!session || accountId === undefined || clientId === undefined) return undefined;
  const id = result?.consent?.grantId ?? session.grantIdFor(clientId);
  const found = id === undefined ? undefined : await provider.Grant.find(id);
  return found?.accountId === accountId && found.clientId === clientId ? found : undefined;
}

/** Our own programs need no consent: whoever works here uses them. */
async function firstPartyGrant({ oidc }: KoaContextWithOIDC) {
  const { provider, session, client } = oidc;
  const [accountId, clientId] = [session?.accountId, client?.clientId];
  if (!session || accountId === undefined || clientId === undefined) return undefined;
  const known = session.grantIdFor(clientId);
  const found = known === undefined ? undefined : await provider.Grant.find(known);
  if (found?.accountId === accountId) return found;
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(SCOPE);
  await grant.save();
  return grant;
}

const claimsOf = ({ known: { name, sites, markets, party }, roles, deputyFor }: Standing) => ({
  kind: 'person',
  name,
  roles,
  ...(deputyFor.length > 0 && { deputy_for: deputyFor }),
  ...(sites && { sites }),
  ...(markets && { markets }),
  ...(party !== null && { party }),
});

const systemClaims = ({ name, role, sites, party }: KnownMachine) => ({
  kind: 'system',
  name,
  roles: [role],
  ...(sites && { sites }),
  ...(party !== null && { party }),
});

const machineClient = ({ id, secret }: Machine): ClientMetadata => ({
  client_id: id,
  client_secret: secret,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
});

const webClient = (id: string, redirectUris: readonly string[]): ClientMetadata => ({
  client_id: id,
  client_name: 'Lotwarden',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: [...redirectUris],
  scope: SCOPE,
});
