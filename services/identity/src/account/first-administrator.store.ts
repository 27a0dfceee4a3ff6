import type { Deps } from '@lotwarden/platform/service';
import { Rejected } from '@lotwarden/platform/errors';
import type { Accounts } from './account.store.ts';
import { checkPassword, openAccount } from './manage-account.ts';
import { hashPassword } from './password-hash.client.ts';

interface Settings extends Pick<Deps, 'clock' | 'log'> {
  readonly accounts: Accounts;
  readonly account: string;
  /** Undefined: nobody can sign in, which production does not start with. Never made up here: it would have to be printed. */
  readonly password: string | undefined;
  readonly production: boolean;
}

/** While there is no account at all: one administrator, whose password opens nothing but the choice of a new one. */
export async function createFirstAdministrator(settings: Settings): Promise<void> {
  const { accounts, account, clock, log, production } = settings;
  const { items } = await accounts.find({}, { limit: 1 });
  if (items.length > 0) return;
  const { password } = settings;
  if (password === undefined) {
    const message =
      'There is no account yet. Set IDENTITY_ADMINISTRATOR_PASSWORD for the first start; it is a one-time password.';
    if (production) throw new Error(message);
    log.warn({ account }, message);
    return;
  }
  checkPassword(password, account);
  const hash = await hashPassword(password);
  const opened = {
    account,
    name: account,
    roles: ['administrator'],
    sites: null,
    markets: null,
    party: null,
    password: hash,
    at: clock.instant(),
  };
  try {
    await accounts.change(account, { actor: 'identity', reason: 'first start' }, (state) => openAccount(state, opened));
  } catch (error) {
    if (error instanceof Rejected && error.code === 'account-id-taken') return; // another replica was faster
    throw error;
  }
}
