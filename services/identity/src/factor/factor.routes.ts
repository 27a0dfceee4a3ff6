import { Rejected } from '@lotwarden/platform/errors';
import { created, route } from '@lotwarden/platform/http';
import { Text } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { Accounts } from '../account/account.store.ts';
import { assertShownOnce } from '../shown-once.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import type { Enrolment } from './enrolment.store.ts';
import { removePasskeys } from '../passkey/passkey.ts';
import { resetTotp } from './totp.ts';

const Offered = z
  .object({
    secret: z.string().meta({ description: 'base32, for typing in; shown once' }),
    uri: z.string().meta({ description: 'otpauth://, for a QR code' }),
  })
  .meta({ id: 'AuthenticatorOffered' });

const Factor = z
  .object({ account: z.string(), authenticator: z.enum(['none', 'offered', 'confirmed']) })
  .meta({ id: 'SecondFactor' });

const Confirmed = Factor.extend({
  recoveryCodes: z
    .array(z.string())
    .meta({ description: 'shown once; each opens once in place of a code, and signs nothing' }),
}).meta({ id: 'SecondFactorConfirmed' });

interface Needs {
  readonly accounts: Accounts;
  readonly enrolment: Enrolment;
  readonly security: Pick<SecurityLog, 'report'>;
  /** Signs somebody out everywhere. */
  readonly endSessions: (account: string) => Promise<void>;
}

export const factorRoutes = ({ accounts, enrolment, security, endSessions }: Needs) => [
  route({
    method: 'post',
    path: '/accounts/me/authenticator',
    requires: 'account.own',
    summary: { en: 'Add an authenticator app: a secret, to be confirmed by its first code', zh: '添加身份验证器' },
    body: z.object({ password: z.string().min(1).max(200) }),
    reply: { 201: Offered },
    errors: ['credentials-wrong', 'account-locked', 'second-factor-there', 'secret-shown-once'],
    handle: async ({ body: { password }, context }) => {
      assertShownOnce(context);
      const { secret, uri } = await enrolment.offer(password, context);
      return created({ secret, uri });
    },
  }),
  route({
    method: 'post',
    path: '/accounts/me/authenticator/confirmations',
    requires: 'account.own',
    summary: { en: 'Confirm the authenticator by a code; from now on it is asked for', zh: '以验证码确认身份验证器' },
    body: z.object({ code: z.string().max(20) }),
    reply: { 201: Confirmed },
    errors: ['second-factor-none', 'second-factor-wrong', 'secret-shown-once'],
    handle: async ({ body: { code }, context }) => {
      assertShownOnce(context);
      const recoveryCodes = [...(await enrolment.confirm(code, context))];
      return created({ account: context.actor, authenticator: 'confirmed', recoveryCodes });
    },
  }),
  route({
    method: 'post',
    path: '/accounts/:account/authenticator-resets',
    requires: 'account.manage',
    summary: { en: 'Take an authenticator and passkeys away that were lost', zh: '重置丢失的身份验证器和通行密钥' },
    body: z.object({ reason: Text }),
    reply: { 201: Factor },
    errors: ['account-unknown', 'account-deactivated', 'account-own'],
    handle: async ({ params: { account }, body: { reason }, context }) => {
      if (account === context.actor) throw new Rejected('account-own');
      await accounts.change(account, { ...context, reason }, (state) => [
        ...resetTotp(state, account),
        ...removePasskeys(state, account),
      ]);
      await endSessions(account);
      await security.report({ kind: 'factor-changed', subject: account, actor: context.actor, reason });
      return created({ account, authenticator: 'none' });
    },
  }),
];
