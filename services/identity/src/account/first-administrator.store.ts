import type { Deps } from '@lotwarden/platform/service';
import { Rejected } from '@lotwarden/platform/errors';
import type { Accounts } from './account.store.ts';
import { checkPassword, openAccount } from './manage-account.ts';
import { hashPassword } from './password-hash.client.ts';

interface Settings extends Pick<Deps, 'random' | 'log'> {
  readonly accounts: Accounts;
  readonly account: string;
  /** Undefined: one is made up and printed, which production does not allow. */
  readonly password: string | undefined;
  readonly production: boolean;
}

/** While there is no account at all: one administrator, whose password opens nothing but the choice of a new one. */
export async function createFirstAdministrator(settings: Settings): Promise<void> {
  const { accounts, account, random, log, production } = settings;
  const { items } = await accounts.find({}, { limit: 1 });
  if (items.length > 0) return;
  if (settings.password === undefined && production)
    throw new Error(
      'There is no account yet. Set IDENTITY_ADMINISTRATOR_PASSWORD for the first start; it is a one-time password.',
    );
  const password = settings.password ?? Buffer.from(random.bytes(15)).toString('base64url');
  checkPassword(password, account);
  const hash = await hashPassword(password);
  const opened = { account, name: account, roles: ['administrator'], sites: null, party: null, password: hash };
  try {
    await accounts.change(account, { actor: 'identity', reason: 'first start' }, (state) => openAccount(state, opened));
  } catch (error) {
    if (error instanceof Rejected && error.code === 'account-id-taken') return; // another replica was faster
    throw error;
  }
  if (settings.password !== undefined) return;
  // The one place where a password is shown: without it nobody could ever sign in to a fresh development system.
  log.warn({ account }, `first start: sign in as ${account} with the one-time password ${password}`);
}
