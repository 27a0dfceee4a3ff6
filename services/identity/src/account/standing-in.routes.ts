import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Text } from '@lotwarden/platform/http-schemas';
import { later } from '@lotwarden/platform/instant';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { SecurityLog } from '../security/security-log.store.ts';
import type { Account } from './account.ts';
import type { Accounts, Credentials } from './account.store.ts';
import { closeBreakGlass, openBreakGlass } from './break-glass.ts';
import { appointDeputy, endDeputy } from './deputy.ts';
import { known } from './manage-account.ts';

const Moment = z.iso.datetime().meta({ description: 'ISO 8601 in UTC' });

const StandingIn = z
  .object({
    account: z.string(),
    deputyships: z.array(z.object({ standsFor: z.string(), from: z.string(), until: z.string() })),
    breakGlassUntil: z.string().nullable(),
  })
  .meta({ id: 'StandingIn', description: 'For whom somebody stands in, and access in an emergency' });

function view({ id, state }: Stored<Account>) {
  const { account, deputyships, breakGlass } = known(state, id);
  return { account, deputyships: [...deputyships], breakGlassUntil: breakGlass?.until ?? null };
}

interface Needs extends Pick<Deps, 'clock'> {
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly security: Pick<SecurityLog, 'report'>;
  /** Who may open access in an emergency. */
  readonly emergency: { readonly allowed: ReadonlySet<string>; readonly seconds: number };
}

/** Deputies for a time, and access in an emergency that alarms and ends by itself. */
export const standingInRoutes = ({ accounts, credentials, security, emergency, clock }: Needs) => [
  route({
    method: 'post',
    path: '/accounts/:account/deputyships',
    requires: 'account.manage',
    summary: { en: 'Let somebody stand in for another person, from and until', zh: '设定代理人及起止时间' },
    body: z.object({ standsFor: Code, from: Moment, until: Moment, reason: Text }),
    reply: { 201: StandingIn },
    errors: [
      'account-unknown',
      'account-deactivated',
      'account-own',
      'deputy-of-oneself',
      'deputy-time-invalid',
      'deputy-reaches-further',
    ],
    handle: async ({ params: { account }, body: { reason, ...asked }, context }) => {
      // Whoever manages accounts does not give himself the roles of others.
      if (account === context.actor) throw new Rejected('account-own');
      const represented = await accounts.get(asked.standsFor);
      if (!represented) throw new Rejected('account-unknown', { account: asked.standsFor });
      const other = { represented: known(represented.state, asked.standsFor), now: clock.instant() };
      const decide = (state: Account) => appointDeputy(state, account, asked, other);
      const changed = await accounts.change(account, { ...context, reason }, decide);
      await security.report({ kind: 'deputy-appointed', subject: account, actor: context.actor, reason: `${asked.standsFor}: ${reason}` }); // prettier-ignore
      return created(view(changed));
    },
  }),
  route({
    method: 'delete',
    path: '/accounts/:account/deputyships/:person',
    requires: 'account.manage',
    summary: { en: 'End a deputyship now', zh: '立即终止代理' },
    reply: { 200: StandingIn },
    errors: ['account-unknown', 'account-deactivated'],
    handle: async ({ params: { account, person }, context }) =>
      ok(view(await accounts.change(account, context, (state) => endDeputy(state, account, person)))),
  }),
  route({
    method: 'post',
    path: '/accounts/me/break-glass',
    requires: 'break-glass.open',
    summary: { en: 'Access in an emergency: alarms at once, ends by itself', zh: '紧急访问:立即告警,到期自动失效' },
    body: z.object({ password: z.string().min(1).max(200), reason: Text }),
    reply: { 201: StandingIn },
    errors: ['break-glass-not-yours', 'credentials-wrong', 'account-locked'],
    handle: async ({ body: { password, reason }, context }) => {
      const { actor, trace } = context;
      await credentials.prove(actor, password, { trace });
      const until = later(clock.instant(), emergency.seconds);
      const asked = { reason, until, allowed: emergency.allowed };
      const opened = await accounts.change(actor, { ...context, reason }, (state) => openBreakGlass(state, actor, asked)); // prettier-ignore
      await security.report({ kind: 'break-glass-opened', subject: actor, reason, urgent: true });
      return created(view(opened));
    },
  }),
  route({
    method: 'post',
    path: '/accounts/:account/break-glass-closures',
    requires: 'account.manage',
    summary: { en: 'End access in an emergency, saying what was found of it', zh: '关闭紧急访问并记录核查结果' },
    body: z.object({ reason: Text.meta({ description: 'what was done with it, as far as it was looked at' }) }),
    reply: { 201: StandingIn },
    errors: ['account-unknown', 'account-deactivated', 'account-own'],
    handle: async ({ params: { account }, body: { reason }, context }) => {
      if (account === context.actor) throw new Rejected('account-own');
      const closed = await accounts.change(account, { ...context, reason }, (state) => closeBreakGlass(state, account));
      await security.report({ kind: 'break-glass-closed', subject: account, actor: context.actor, reason });
      return created(view(closed));
    },
  }),
];
