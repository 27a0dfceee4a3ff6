import { Transient } from '@lotwarden/platform/errors';
import { secretBox } from '@lotwarden/platform/secret-box';
import { service } from '@lotwarden/platform/service';
import { accountRoutes } from './account/account.routes.ts';
import { accountStore, credentials as credentialsOf, openAccounts } from './account/account.store.ts';
import { createFirstAdministrator } from './account/first-administrator.store.ts';
import { standingInRoutes } from './account/standing-in.routes.ts';
import { config } from './config.ts';
import { enrolment as enrolmentOf } from './factor/enrolment.store.ts';
import { factorRoutes } from './factor/factor.routes.ts';
import { authenticators, type Authenticators } from './factor/totp.client.ts';
import { keyRoutes } from './key/key.routes.ts';
import { keyCollection, openKeyRing, type KeyRing } from './key/key-ring.store.ts';
import { tokenKeys } from './key/token-keys.store.ts';
import { machineRoutes } from './machine/machine.routes.ts';
import { machineClients, machineStore } from './machine/machine.store.ts';
import { messages } from './messages.ts';
import { artifactCollection, artifactStore } from './openid/artifact.store.ts';
import { attemptLimit } from './openid/attempt-limit.ts';
import { machines as machinesOf, OWN_CLIENT, WEB_CLIENT } from './openid/clients.ts';
import { logIn } from './openid/log-in.routes.ts';
import { openIdMount } from './openid/mount.client.ts';
import { ownPage } from './openid/own.routes.ts';
import { openIdProvider } from './openid/provider.client.ts';
import { sessionStore } from './openid/sessions.store.ts';
import { renewSignatures } from './signature/renew.job.ts';
import { permissionRoutes } from './permission/permission.routes.ts';
import { securityRoutes } from './security/security.routes.ts';
import { securityLog } from './security/security-log.store.ts';
import { signatureRoutes } from './signature/signature.routes.ts';
import { signatureStore } from './signature/signature.store.ts';

export default service('identity', config, (deps) => {
  const { config: settings, clock, log, random } = deps;
  /** There once the keys are open, before the first request. */
  const started: { apps?: Authenticators; ring?: KeyRing; openId?: ReturnType<typeof openIdMount> } = {};
  const present = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Transient('service-closed', { service: 'identity' });
    return part;
  };

  const accounts = accountStore(deps);
  const signatures = signatureStore(deps);
  const keys = keyCollection(deps);
  const stored = artifactCollection(deps);
  const artifacts = artifactStore(stored, clock.now);
  const sessions = sessionStore(stored, clock.now, settings.sessionsPerPerson);
  const machines = machinesOf(settings);
  const serviceAccounts = machineStore(deps);
  const lockout = { attempts: settings.lockoutAttempts, seconds: settings.lockoutSeconds };
  const TEN_MINUTES = 600_000;
  const { urgentFailures: failures, urgentAccounts: many } = settings;
  const security = securityLog(deps, { failures, accounts: many, window: TEN_MINUTES });
  const { passwordDays } = settings;
  const apps = (): Authenticators => present(started.apps);
  const credentials = credentialsOf({ accounts, clock, log, lockout, security, passwordDays, apps });
  const enrolment = enrolmentOf({ accounts, credentials, apps, security, clock });
  const strong = new Set(settings.secondFactorRoles);
  const emergency = { allowed: new Set(settings.breakGlassAccounts), seconds: settings.breakGlassSeconds };
  const issuer = settings.oidcIssuer;
  const redirectUris = settings.webRedirectUris ?? [`${new URL(issuer).origin}/`];
  const path = new URL(issuer).pathname.replace(/\/$/, '');
  if (path === '')
    throw new Error('OIDC_ISSUER needs a path of its own, such as https://…/openid: identity answers there');

  const ring = (): KeyRing => present(started.ring);

  async function onStart(): Promise<() => Promise<void>> {
    const first = { account: settings.administrator, password: settings.administratorPassword };
    const production = settings.nodeEnv === 'production';
    // Both derive keys for long, each on a thread of its own.
    const [opened] = await Promise.all([
      openKeyRing({ keys, secret: settings.keySecret, now: clock.now }),
      createFirstAdministrator({ ...first, accounts, clock, log, production }),
    ]);
    const { keySecret: cookieSecret } = settings;
    const provider = openIdProvider({
      ...settings,
      log,
      issuer,
      accounts,
      clock,
      tokenKeys: await tokenKeys(opened, clock.now(), settings.tokenKeyDays),
      machines,
      machineClients: machineClients(serviceAccounts),
      redirectUris,
      artifacts,
      cookieSecret,
    });
    const limit = attemptLimit(settings.signInsPerMinute);
    started.apps = authenticators(await secretBox(settings.keySecret, 'identity.authenticator'));
    started.ring = opened;
    started.openId = openIdMount(
      provider,
      logIn({ provider, credentials, limit, sessions, redirectUris, path, clock }),
      ownPage({ provider, accounts, credentials, enrolment, sessions, limit, issuer, cookieSecret, clock }),
    );
    return security.start();
  }

  return {
    messages,
    http: [
      accountRoutes({
        accounts,
        credentials,
        security,
        endSessions: sessions.endAll,
        clock,
        reserved: new Set([WEB_CLIENT, OWN_CLIENT, ...machines.map(({ id }) => id)]),
      }),
      standingInRoutes({ accounts, credentials, security, clock, emergency }),
      signatureRoutes({ signatures, credentials, ring, person: openAccounts(accounts), strong, clock, random }),
      factorRoutes({ accounts, enrolment, security, endSessions: sessions.endAll }),
      machineRoutes({ machines: serviceAccounts, security, clock }),
      permissionRoutes,
      keyRoutes({ ring }),
      securityRoutes({ security }),
    ],
    jobs: [renewSignatures({ signatures, ring, clock, log })],
    mounts: [{ path, handler: (request, response) => present(started.openId)(request, response) }],
    onStart,
  };
});
