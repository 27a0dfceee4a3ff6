import { createHash, randomBytes } from 'node:crypto';
import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { Accounts } from '../account/account.store.ts';
import { known as knownAccount, openAccount, takeStanding } from '../account/manage-account.ts';
import { hashPassword } from '../account/password-hash.client.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import { link } from './link.ts';
import type { Shown } from './outside-log-in.ts';
import { granted, type KnownProvider } from './outside-provider.ts';
import { linkId, type Links } from './provider.store.ts';

interface Needs extends Pick<Deps, 'clock'> {
  readonly accounts: Accounts;
  readonly links: Links;
  readonly security: Pick<SecurityLog, 'report'>;
}

/** The account of whoever a provider says it is. */
export type Admit = (id: string, provider: KnownProvider, shown: Shown) => Promise<string>;

/**
 * Throws `outside-person-unknown` (nobody has linked the subject, and the provider opens no accounts), `outside-grants-none`
 * (what it says of the person means nothing here) and `outside-account-deactivated`.
 */
export function admission({ accounts, links, security, clock }: Needs): Admit {
  return async (id, provider, { subject, name, values }) => {
    const grant = granted(provider, values);
    const decided = provider.rolesFrom === 'provider';
    const key = linkId(id, subject);
    const found = (await links.get(key))?.state;
    const linked = found?.status === 'linked' ? found.account : undefined;
    // Whom an administrator has unlinked only an administrator lets in again.
    if (linked === undefined && (!provider.opensAccounts || found?.status === 'unlinked'))
      throw new Rejected('outside-person-unknown', { provider: id, subject });
    if ((decided || linked === undefined) && grant.roles.length === 0)
      throw new Rejected('outside-grants-none', { provider: id, subject });

    const account = linked ?? accountFor(id, subject);
    const context = { actor: account, reason: `log-in at ${id}` };
    // The link first: whoever dies between has a link to an account that the next log-in opens.
    if (linked === undefined) await links.change(key, context, (now) => link(now, { provider: id, subject, account }));
    const there = (await accounts.get(account))?.state;
    if (!there || there.status === 'unknown') {
      // Nobody knows it, so that nobody can log in here with it.
      const password = await hashPassword(randomBytes(32).toString('base64url'));
      const opened = { account, name: name ?? account, ...grant, party: null, password, at: clock.instant() };
      await accounts.change(account, context, (now) => (now.status === 'unknown' ? openAccount(now, opened) : []));
      await security.report({ kind: 'roles-changed', subject: account, actor: id, reason: grant.roles.join(', ') });
    }
    const standing = await accounts.change(account, context, (now) => {
      if (knownAccount(now, account).status === 'deactivated')
        throw new Rejected('outside-account-deactivated', { account });
      return [...(decided ? takeStanding(now, account, grant) : []), { type: 'SeenElsewhere', at: clock.instant() }];
    });
    if (standing.events.length > 1)
      await security.report({ kind: 'roles-changed', subject: account, actor: id, reason: grant.roles.join(', ') });
    return account;
  };
}

/** The same for ever, and of nobody else: two providers may call two people the same. */
const accountFor = (provider: string, subject: string): string =>
  `${provider}.${createHash('sha256').update(subject).digest('hex').slice(0, 20)}`;
