import { Transient } from '@lotwarden/platform/errors';
import { secretBox, type SecretBox } from '@lotwarden/platform/secret-box';
import { service } from '@lotwarden/platform/service';
import { accountRoutes } from './account/account.routes.ts';
import { accountStore, credentials as credentialsOf, openAccounts } from './account/account.store.ts';
import { createFirstAdministrator } from './account/first-administrator.store.ts';
import { standingInRoutes } from './account/standing-in.routes.ts';
import { config } from './config.ts';
import { deviceRoutes } from './device/device.routes.ts';
import { deviceClaims, deviceStore } from './device/device.store.ts';
import { enrolment as enrolmentOf } from './factor/enrolment.store.ts';
import { factorRoutes } from './factor/factor.routes.ts';
import { authenticators, type Authenticators } from './factor/totp.client.ts';
import { keyRoutes } from './key/key.routes.ts';
import { keyCollection, openKeyRing, type KeyRing, type SigningKey } from './key/key-ring.store.ts';
import { localKeys } from './key/local-keys.client.ts';
import { watchTokenKeys, type TokenKeys } from './key/token-keys.store.ts';
import { machineRoutes } from './machine/machine.routes.ts';
import { machineClients, machineStore } from './machine/machine.store.ts';
import { messages } from './messages.ts';
import { artifactCollection, artifactStore } from './openid/artifact.store.ts';
import { machines as machinesOf, OWN_CLIENT, WEB_CLIENT } from './openid/clients.ts';
import type { Handler } from './openid/mount.client.ts';
import { openIdWith } from './openid/open-id.client.ts';
import { sessionStore } from './openid/sessions.store.ts';
import { consentStore } from './program/consents.store.ts';
import { programRoutes } from './program/program.routes.ts';
import { programStore } from './program/program.store.ts';
import { admission } from './provider/admit.store.ts';
import { outsideLogIns } from './provider/outside-log-ins.store.ts';
import { providerRoutes } from './provider/provider.routes.ts';
import { begunLogIns, linkStore, providersOf, providerStore } from './provider/provider.store.ts';
import { watchReviews } from './review/review.job.ts';
import { reviewRoutes } from './review/review.routes.ts';
import { accessReviews, reviewStore } from './review/review.store.ts';
import { renewSignatures } from './signature/renew.job.ts';
import { permissionRoutes } from './permission/permission.routes.ts';
import { securityRoutes } from './security/security.routes.ts';
import { securityLog } from './security/security-log.store.ts';
import { signatureRoutes } from './signature/signature.routes.ts';
import { signing } from './signature/sign.store.ts';
import { signatureStore } from './signature/signature.store.ts';

export default service('identity', config, (deps) => {
  const { config: settings, clock, log, random } = deps;
  /** There once the keys are open, before the first request. */
  const started: { apps?: Authenticators; ring?: KeyRing; tokenKeys?: TokenKeys; box?: SecretBox; openId?: Handler } =
    {};
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
  const box = (): SecretBox => present(started.box);

  const devices = deviceStore(deps);
  const programs = programStore(deps);
  const consents = consentStore(stored, programs, clock.now);
  const providers = providerStore(deps);
  const links = linkStore(deps);
  const redirectUri = `${issuer}/outside/callback`;
  const { allowLoopback } = settings;
  const begun = begunLogIns(deps);
  const admit = admission({ accounts, links, security, clock });
  const outside = outsideLogIns({ providers, begun, admit, box, security, redirectUri, allowLoopback, log });

  const person = openAccounts(accounts);
  const sign = signing({ signatures, credentials, ring, person, strong, clock, random });

  const reviews = accessReviews({
    reviews: reviewStore(deps),
    accounts,
    machines: serviceAccounts,
    devices,
    providers,
    links,
    security,
    endSessions: sessions.endAll,
    keys: async () => localKeys(await ring().keys('record')),
    since: async () => (await ring().keys('record')).at(-1)?.validFrom ?? clock.instant(),
    every: settings.accessReviewDays,
    dueAfter: settings.accessReviewDueDays,
    clock,
    log,
  });

  async function onStart(): Promise<() => Promise<void>> {
    const first = { account: settings.administrator, password: settings.administratorPassword };
    const production = settings.nodeEnv === 'production';
    // Both derive keys for long, each on a thread of its own.
    const [opened] = await Promise.all([
      openKeyRing({ keys, secret: settings.keySecret, now: clock.now }),
      createFirstAdministrator({ ...first, accounts, clock, log, production }),
    ]);
    started.apps = authenticators(await secretBox(settings.keySecret, 'identity.authenticator'));
    started.box = await secretBox(settings.keySecret, 'identity.provider');
    started.ring = opened;
    const openId = openIdWith({
      settings,
      issuer,
      path,
      redirectUris,
      artifacts,
      accounts,
      credentials,
      enrolment,
      sessions,
      machines,
      machineClients: machineClients(serviceAccounts),
      programs,
      consents,
      outside,
      outsideRedirectUri: redirectUri,
      elsewhere: (account) => providersOf(links, account),
      atDevice: (thumbprint) => deviceClaims(devices, thumbprint),
      reviews,
      sign,
      security,
      clock,
      log,
    });
    const use = (tokenKeys: readonly SigningKey[]): void => void (started.openId = openId(tokenKeys));
    const tokenKeys = watchTokenKeys({ ring: opened, days: settings.tokenKeyDays, use, clock, log });
    started.tokenKeys = tokenKeys;
    await tokenKeys.look();
    const ends = [tokenKeys.start(), security.start()];
    return async () => {
      for (const end of ends) await end();
    };
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
      signatureRoutes({ signatures, sign, ring }),
      factorRoutes({ accounts, enrolment, security, endSessions: sessions.endAll }),
      machineRoutes({ machines: serviceAccounts, security, clock }),
      deviceRoutes({ devices, security }),
      providerRoutes({
        providers,
        links,
        accounts,
        box,
        security,
        endSessions: sessions.endAll,
        redirectUri,
        allowLoopback,
      }),
      reviewRoutes({ reviews, now: clock.instant }),
      programRoutes({ programs, consents, security, allowLoopback }),
      permissionRoutes,
      keyRoutes({ ring, tokenKeysChanged: () => present(started.tokenKeys).look(), security }),
      securityRoutes({ security }),
    ],
    jobs: [renewSignatures({ signatures, ring, clock, log }), watchReviews(reviews)],
    mounts: [{ path, handler: (request, response) => present(started.openId)(request, response) }],
    keepRefusals: (told) => security.reportAll(told, 'identity'),
    onStart,
  };
});
