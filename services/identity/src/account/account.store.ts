import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Context } from '@lotwarden/platform/store';
import { evolve, UNKNOWN_ACCOUNT, type Account, type AccountEvent, type KnownAccount } from './account.ts';
import { clearAttempts, countAttempt, type Lockout } from './count-attempt.ts';
import { checkPassword, setPassword } from './manage-account.ts';
import { hashPassword, passwordFits } from './password-hash.client.ts';

export type Accounts = Aggregate<Account, AccountEvent>;

export const accountStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Accounts =>
  aggregate({ collection: 'accounts', initial: UNKNOWN_ACCOUNT, evolve });

export interface Credentials {
  /**
   * Whose account and password these are. Throws `credentials-wrong` (also for an account that is not there or was
   * deactivated) or `account-locked`. Every call counts as an attempt; a right password forgives the wrong ones.
   */
  prove(account: string, password: string, trace: string | undefined): Promise<KnownAccount>;
  /** Somebody's own choice. Throws like `prove`, and `password-same` or `password-too-weak`. */
  choose(account: string, password: string, next: string, trace: string | undefined): Promise<KnownAccount>;
}

interface Settings extends Pick<Deps, 'clock' | 'log'> {
  readonly accounts: Accounts;
  readonly lockout: Lockout;
}

export function credentials({ accounts, clock, log, lockout }: Settings): Credentials {
  async function prove(id: string, password: string, trace: string | undefined): Promise<KnownAccount> {
    // A unit of its own: an attempt counts even where the command that it was made for is refused.
    const context: Context = { actor: id, trace };
    const found = await accounts.get(id);
    if (found?.state.status !== 'open') {
      await hashPassword(password); // takes as long as for an account that is there
      throw new Rejected('credentials-wrong');
    }
    const { state } = await accounts.change(id, context, (now) => countAttempt(now, clock.instant(), lockout));
    if (state.status !== 'open') throw new Rejected('credentials-wrong');
    if (!(await passwordFits(password, state.password))) {
      if (state.lockedUntil !== null) log.warn({ account: id, until: state.lockedUntil }, 'an account was locked');
      throw new Rejected('credentials-wrong');
    }
    await accounts.change(id, context, clearAttempts);
    return state;
  }

  return {
    prove,
    async choose(id, password, next, trace) {
      checkPassword(next, id);
      await prove(id, password, trace);
      if (next === password) throw new Rejected('password-same');
      const hash = await hashPassword(next);
      const { state } = await accounts.change(id, { actor: id, trace }, (now) => setPassword(now, id, hash, false));
      if (state.status !== 'open') throw new Rejected('credentials-wrong');
      return state;
    },
  };
}
