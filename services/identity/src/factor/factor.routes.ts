import { Rejected } from '@lotwarden/platform/errors';
import { created, route } from '@lotwarden/platform/http';
import { Text } from '@lotwarden/platform/http-schemas';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import type { Accounts, Credentials } from '../account/account.store.ts';
import { open } from '../account/manage-account.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import { confirmTotp, offerTotp, resetTotp } from './totp.ts';
import type { Authenticators } from './totp.client.ts';

const Offered = z
  .object({
    secret: z.string().meta({ description: 'base32, for typing in; shown once' }),
    uri: z.string().meta({ description: 'otpauth://, for a QR code' }),
  })
  .meta({ id: 'AuthenticatorOffered' });

const Factor = z
  .object({ account: z.string(), authenticator: z.enum(['none', 'offered', 'confirmed']) })
  .meta({ id: 'SecondFactor' });

interface Needs extends Pick<Deps, 'clock'> {
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly apps: () => Authenticators;
  readonly security: Pick<SecurityLog, 'report'>;
}

export const factorRoutes = ({ accounts, credentials, apps, security, clock }: Needs) => [
  route({
    method: 'post',
    path: '/accounts/me/authenticator',
    requires: 'account.read',
    summary: { en: 'Add an authenticator app: a secret, to be confirmed by its first code', zh: '添加身份验证器' },
    body: z.object({ password: z.string().min(1).max(200) }),
    reply: { 201: Offered },
    errors: ['credentials-wrong', 'account-locked', 'second-factor-there'],
    handle: async ({ body: { password }, context }) => {
      const { actor, trace } = context;
      await credentials.prove(actor, password, { trace });
      const { secret, uri, sealed } = apps().make(actor);
      await accounts.change(actor, context, (state) => offerTotp(state, actor, sealed));
      return created({ secret, uri });
    },
  }),
  route({
    method: 'post',
    path: '/accounts/me/authenticator/confirmations',
    requires: 'account.read',
    summary: { en: 'Confirm the authenticator by a code; from now on it is asked for', zh: '以验证码确认身份验证器' },
    body: z.object({ code: z.string().max(20) }),
    reply: { 201: Factor },
    errors: ['second-factor-none', 'second-factor-wrong'],
    handle: async ({ body: { code }, context }) => {
      const { actor } = context;
      const found = await accounts.get(actor);
      if (!found) throw new Rejected('account-unknown', { account: actor });
      const { totp } = open(found.state, actor);
      if (totp?.status !== 'offered') throw new Rejected('second-factor-none', { account: actor });
      const step = apps().stepOf(actor, totp.sealed, code, clock.now().getTime());
      if (step === undefined) throw new Rejected('second-factor-wrong');
      await accounts.change(actor, context, (state) => confirmTotp(state, actor, step));
      await security.report({ kind: 'factor-changed', subject: actor, reason: 'authenticator-added' });
      return created({ account: actor, authenticator: 'confirmed' });
    },
  }),
  route({
    method: 'post',
    path: '/accounts/:account/authenticator-resets',
    requires: 'account.manage',
    summary: { en: 'Take an authenticator away that was lost', zh: '重置丢失的身份验证器' },
    body: z.object({ reason: Text }),
    reply: { 201: Factor },
    errors: ['account-unknown', 'account-deactivated', 'account-own'],
    handle: async ({ params: { account }, body: { reason }, context }) => {
      if (account === context.actor) throw new Rejected('account-own');
      await accounts.change(account, { ...context, reason }, (state) => resetTotp(state, account));
      await security.report({ kind: 'factor-changed', subject: account, actor: context.actor, reason });
      return created({ account, authenticator: 'none' });
    },
  }),
];
