import { developmentSecret, flag, list } from '@lotwarden/platform/config';
import { z } from 'zod';

/** The same default as every service's own CLIENT_SECRET, so that a fresh checkout runs; production refuses it. */
const clientSecret = () => developmentSecret('lotwarden-development');

/** `<CLIENT>_CLIENT_SECRET`: identity reads each service's and system's secret from the variable that the service itself reads. */
const clientSecrets = {
  auditClientSecret: clientSecret(),
  consoleClientSecret: clientSecret(),
  fieldClientSecret: clientSecret(),
  identityClientSecret: clientSecret(),
  mesBridgeClientSecret: clientSecret(),
  notificationClientSecret: clientSecret(),
  qmsClientSecret: clientSecret(),
  recallClientSecret: clientSecret(),
  receivingClientSecret: clientSecret(),
  serializationClientSecret: clientSecret(),
  surveillanceClientSecret: clientSecret(),
  traceabilityClientSecret: clientSecret(),
  warehouseClientSecret: clientSecret(),
  systemMesClientSecret: clientSecret(),
  systemWmsClientSecret: clientSecret(),
  systemLimsClientSecret: clientSecret(),
};

export const config = z.object({
  ...clientSecrets,
  /** Seals the private keys in the database and signs the session cookies. */
  keySecret: developmentSecret('lotwarden-development-keys'),
  /** After so many days the next start signs tokens with a new key. */
  tokenKeyDays: z.coerce.number().int().min(1).default(90),
  /** The account that the first start creates, while there is none at all. */
  administrator: z
    .string()
    .regex(/^[a-z][a-z0-9.-]{1,59}$/)
    .default('administrator'),
  /** Its one-time password; without one nobody can sign in, and production does not start. */
  administratorPassword: z.string().min(12).max(200).optional(),
  /** Where people may be sent back to after signing in; `<origin of the issuer>/` if absent. */
  webRedirectUris: list().pipe(z.array(z.url()).min(1)).optional(),
  /** How long a person's token is good, in seconds; a deactivated account works no longer than this. */
  personTokenSeconds: z.coerce.number().int().min(60).max(3600).default(900),
  /** How long a service's or system's token is good, in seconds. */
  clientTokenSeconds: z.coerce.number().int().min(60).max(3600).default(600),
  /** How long a browser stays signed in at most, in seconds: a shift. */
  sessionSeconds: z.coerce.number().int().min(60).max(86_400).default(28_800),
  /** How long it stays signed in while no program asks for a token, in seconds. */
  sessionIdleSeconds: z.coerce.number().int().min(60).max(86_400).default(3_600),
  /** Browsers that one person is signed in with at once; the oldest is signed out. */
  sessionsPerPerson: z.coerce.number().int().min(1).max(100).default(5),
  /** Wrong passwords in a row that lock an account (21 CFR 11.300(d)). */
  lockoutAttempts: z.coerce.number().int().min(1).max(20).default(5),
  lockoutSeconds: z.coerce.number().int().min(1).default(900),
  /** Days after which a password has to be chosen anew (21 CFR 11.300(b)). */
  passwordDays: z.coerce.number().int().min(1).max(3650).default(180),
  /** Roles that sign only with an authenticator beside the password; none if absent. */
  secondFactorRoles: list().default([]),
  /** Who may open access in an emergency; nobody if absent. */
  breakGlassAccounts: list().default([]),
  /** How long it lasts, in seconds. */
  breakGlassSeconds: z.coerce.number().int().min(60).max(14_400).default(3_600),
  /** Refusals in ten minutes, of one account or from one address, that call for a person. */
  urgentFailures: z.coerce.number().int().min(2).default(20),
  /** Different accounts that one address tries in vain in ten minutes, which call for a person. */
  urgentAccounts: z.coerce.number().int().min(2).default(10),
  /** Days after which who has access is reviewed again (Annex 11 §12, 21 CFR 11.10(d)). */
  accessReviewDays: z.coerce.number().int().min(1).max(3650).default(180),
  /** Days from the opening of such a review until it is overdue, which is urgent. */
  accessReviewDueDays: z.coerce.number().int().min(1).max(365).default(30),
  /** Lets providers outside be on this machine and without TLS; for trials. */
  allowLoopback: flag(false),
  /** Log-in attempts a minute from one address. */
  signInsPerMinute: z.coerce.number().int().min(1).default(60),
});
