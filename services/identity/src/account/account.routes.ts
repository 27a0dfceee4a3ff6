import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Market, Text } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { Noticed } from '../security/security-event.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import type { Account } from './account.ts';
import type { Accounts, Credentials } from './account.store.ts';
import {
  changeBounds,
  changeRoles,
  checkPassword,
  deactivate,
  known,
  LEAST_PASSWORD,
  openAccount,
  setPassword,
  unlock,
  type Bounds,
} from './manage-account.ts';
import { hashPassword } from './password-hash.client.ts';
import { PERSON_ROLES } from './person-roles.routes.ts';

const Roles = z.array(z.enum(PERSON_ROLES)).max(20);
const Sites = z.array(Code).max(200).nullable();
const Markets = z.array(Market).max(250).nullable();
const Password = z.string().min(LEAST_PASSWORD).max(200);

const AccountView = z
  .object({
    account: z.string(),
    name: z.string(),
    status: z.enum(['open', 'deactivated']),
    roles: z.array(z.string()),
    sites: z.array(z.string()).nullable().meta({ description: 'acts only there; null: everywhere' }),
    markets: z.array(z.string()).nullable().meta({ description: 'acts only for these; null: for all' }),
    party: z.string().nullable(),
    temporaryPassword: z.boolean().meta({ description: 'somebody else set it; the person chooses another at log-in' }),
    lockedUntil: z.string().nullable().meta({ format: 'date-time' }),
    rev: z.number().int(),
  })
  .meta({ id: 'Account' });

function view({ id, state, rev }: Stored<Account>) {
  const { account, name, status, roles, sites, markets = null, party, temporary, lockedUntil } = known(state, id);
  return { account, name, status, roles, sites, markets, party, temporaryPassword: temporary, lockedUntil, rev };
}

interface Needs extends Pick<Deps, 'clock'> {
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  /** Ids of services and systems, which no person may bear. */
  readonly reserved: ReadonlySet<string>;
  readonly security: Pick<SecurityLog, 'report'>;
  /** Signs somebody out everywhere. */
  readonly endSessions: (account: string) => Promise<void>;
}

export function accountRoutes({ accounts, credentials, reserved, security, endSessions, clock }: Needs) {
  const get = async (id: string) => {
    const found = await accounts.get(id);
    if (!found) throw new Rejected('account-unknown', { account: id });
    return view(found);
  };

  const told = (kind: Noticed['kind'], subject: string, actor: string, reason: string): Promise<void> =>
    security.report({ kind, subject, actor, reason });

  return [
    route({
      method: 'post',
      path: '/accounts',
      requires: 'account.manage',
      summary: { en: 'Open an account for a person', zh: '为人员开立账户' },
      body: z.object({
        account: z
          .string()
          .regex(
            /^[a-z][a-z0-9.-]{1,59}$/,
            words(
              '2 to 60 small letters, digits, dots and hyphens, beginning with a letter',
              '2 至 60 个小写字母、数字、点和连字符,以字母开头',
            ),
          ),
        name: Text.max(200).meta({ description: 'the printed name in signatures (21 CFR 11.50)' }),
        roles: Roles,
        sites: Sites.default(null),
        markets: Markets.default(null),
        party: Code.nullable().default(null),
        password: Password.meta({ description: 'one-time: the person must choose another at the first log-in' }),
      }),
      reply: { 201: AccountView },
      errors: ['account-id-taken', 'account-id-reserved', 'password-too-weak'],
      handle: async ({ body, context }) => {
        const { account } = body;
        if (reserved.has(account)) throw new Rejected('account-id-reserved', { account });
        checkPassword(body.password, account);
        const password = await hashPassword(body.password);
        const decide = (state: Account) => openAccount(state, { ...body, password, at: clock.instant() });
        const opened = await accounts.change(account, context, decide);
        await told('roles-changed', account, context.actor, `opened: ${body.roles.join(', ')}`);
        return created(view(opened), { location: `/accounts/${account}` });
      },
    }),
    route({
      method: 'get',
      path: '/accounts',
      requires: 'account.read',
      summary: { en: 'Accounts', zh: '账户列表' },
      query: z.object(pageQuery),
      reply: { 200: pageOf(AccountView) },
      handle: async ({ query }) => {
        const found = await accounts.find({}, { limit: query.limit, after: query.cursor });
        return ok(page(found.items.map(view), found.next));
      },
    }),
    route({
      method: 'get',
      path: '/accounts/me',
      requires: 'account.own',
      summary: { en: "The caller's own account", zh: '当前账户' },
      reply: { 200: AccountView },
      errors: ['account-unknown'],
      handle: async ({ context }) => ok(await get(context.actor)),
    }),
    route({
      method: 'post',
      path: '/accounts/me/passwords',
      requires: 'account.own',
      summary: { en: 'Choose a new password', zh: '修改密码' },
      body: z.object({ password: z.string().min(1).max(200), newPassword: Password }),
      reply: { 201: AccountView },
      errors: ['credentials-wrong', 'account-locked', 'password-same', 'password-used-before', 'password-too-weak'],
      handle: async ({ body, context }) => {
        await credentials.choose(context.actor, body.password, body.newPassword, { trace: context.trace });
        await endSessions(context.actor);
        return created(await get(context.actor));
      },
    }),
    route({
      method: 'get',
      path: '/accounts/:account',
      requires: 'account.read',
      summary: { en: 'An account', zh: '查询账户' },
      reply: { 200: AccountView },
      errors: ['account-unknown'],
      handle: async ({ params }) => ok(await get(params.account)),
    }),
    route({
      method: 'put',
      path: '/accounts/:account/roles',
      requires: 'account.manage',
      summary: { en: 'Change what a person may do', zh: '变更账户角色' },
      body: z.object({ roles: Roles }),
      reply: { 200: AccountView },
      errors: ['account-unknown', 'account-deactivated', 'account-own'],
      handle: async ({ params: { account }, body, context, expectedRev }) => {
        notOwn(account, context.actor);
        const decide = (state: Account) => changeRoles(state, account, body.roles);
        const changed = await accounts.change(account, context, decide, { expectedRev });
        await told('roles-changed', account, context.actor, body.roles.join(', '));
        return ok(view(changed));
      },
    }),
    route({
      method: 'put',
      path: '/accounts/:account/bounds',
      requires: 'account.manage',
      summary: { en: 'Bind a person to sites and markets, or to none', zh: '限定账户的场所与市场' },
      body: z.object({ sites: Sites, markets: Markets }),
      reply: { 200: AccountView },
      errors: ['account-unknown', 'account-deactivated', 'account-own'],
      handle: async ({ params: { account }, body, context, expectedRev }) => {
        notOwn(account, context.actor);
        const decide = (state: Account) => changeBounds(state, account, body);
        const changed = await accounts.change(account, context, decide, { expectedRev });
        await told('roles-changed', account, context.actor, boundsText(body));
        return ok(view(changed));
      },
    }),
    route({
      method: 'post',
      path: '/accounts/:account/deactivations',
      requires: 'account.manage',
      summary: { en: 'Deactivate an account for good', zh: '永久停用账户' },
      body: z.object({ reason: Text }),
      reply: { 201: AccountView },
      errors: ['account-unknown', 'account-own'],
      handle: async ({ params: { account }, body, context }) => {
        notOwn(account, context.actor);
        const why = { ...context, reason: body.reason };
        const gone = await accounts.change(account, why, (state) => deactivate(state, account));
        await endSessions(account);
        await told('account-deactivated', account, context.actor, body.reason);
        return created(view(gone));
      },
    }),
    route({
      method: 'post',
      path: '/accounts/:account/session-ends',
      requires: 'account.manage',
      summary: { en: 'Sign somebody out everywhere', zh: '强制退出该账户的所有登录' },
      body: z.object({ reason: Text }),
      reply: { 201: AccountView },
      errors: ['account-unknown'],
      handle: async ({ params: { account }, body: { reason }, context }) => {
        const found = await get(account);
        await endSessions(account);
        await told('session-ended', account, context.actor, reason);
        return created(found);
      },
    }),
    route({
      method: 'post',
      path: '/accounts/:account/unlocks',
      requires: 'account.manage',
      summary: { en: 'Unlock an account after wrong passwords', zh: '解锁账户' },
      body: z.object({ reason: Text }),
      reply: { 201: AccountView },
      errors: ['account-unknown', 'account-deactivated'],
      handle: async ({ params: { account }, body, context }) => {
        const why = { ...context, reason: body.reason };
        return created(view(await accounts.change(account, why, (state) => unlock(state, account))));
      },
    }),
    route({
      method: 'post',
      path: '/accounts/:account/passwords',
      requires: 'account.manage',
      summary: { en: 'Give a one-time password to somebody who forgot', zh: '重置为一次性密码' },
      body: z.object({ password: Password, reason: Text }),
      reply: { 201: AccountView },
      errors: ['account-unknown', 'account-deactivated', 'account-own', 'password-too-weak'],
      handle: async ({ params: { account }, body, context }) => {
        notOwn(account, context.actor);
        checkPassword(body.password, account);
        const set = { password: await hashPassword(body.password), temporary: true, at: clock.instant() };
        const why = { ...context, reason: body.reason };
        const changed = await accounts.change(account, why, (state) => setPassword(state, account, set));
        await endSessions(account);
        await told('password-changed', account, context.actor, body.reason);
        return created(view(changed));
      },
    }),
  ];
}

const boundsText = ({ sites, markets }: Bounds): string =>
  `sites: ${sites?.join(', ') ?? 'all'}; markets: ${markets?.join(', ') ?? 'all'}`;

/** Somebody must be left who can undo it. */
function notOwn(account: string, actor: string): void {
  if (account === actor) throw new Rejected('account-own');
}
