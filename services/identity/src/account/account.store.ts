import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Context } from '@lotwarden/platform/store';
import { evolve, UNKNOWN_ACCOUNT, type Account, type AccountEvent, type KnownAccount } from './account.ts';
import { recoveryHash, useRecoveryCode } from '../factor/recovery.ts';
import { useTotp } from '../factor/totp.ts';
import type { Authenticators } from '../factor/totp.client.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import { clearAttempts, countAttempt, takeBackAttempt, type Lockout } from './count-attempt.ts';
import { checkPassword, setPassword } from './manage-account.ts';
import { mustChoose } from './must-choose.ts';
import { hashPassword, passwordFits } from './password-hash.client.ts';

export type Accounts = Aggregate<Account, AccountEvent>;

export const accountStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Accounts =>
  aggregate({
    collection: 'accounts',
    initial: UNKNOWN_ACCOUNT,
    evolve,
    indexes: [{ key: { 'state.passkeys.id': 1 } }],
  });

export interface Credentials {
  /**
   * Whose account and password these are. Throws `credentials-wrong` (also for an account that is not there or was
   * deactivated), `account-locked`, `second-factor-required` or `second-factor-wrong`. Every call counts as an attempt; a right password forgives the wrong ones.
   */
  prove(account: string, password: string, from: Attempt): Promise<Proved>;
  /** Somebody's own choice. Throws like `prove`, and `password-same`, `password-used-before` or `password-too-weak`. */
  choose(account: string, password: string, next: string, from: Attempt): Promise<Proved>;
  /** The first of somebody who has none and has shown elsewhere who he is. Throws `password-too-weak`. */
  begin(account: string, next: string, from: Attempt): Promise<void>;
}

/** An account that is open, by its id. */
export const openAccounts =
  (accounts: Pick<Accounts, 'get'>) =>
  async (id: string): Promise<KnownAccount | undefined> => {
    const found = await accounts.get(id);
    return found?.state.status === 'open' ? found.state : undefined;
  };

/** Where an attempt comes from. */
export interface Attempt {
  readonly trace?: string | undefined;
  readonly address?: string | undefined;
  /** Of the authenticator, where the person has one. */
  readonly code?: string | undefined;
  /** What is refused if it is: a log-in or an act of signing. */
  readonly kind?: 'sign-in-refused' | 'signature-refused';
}

/** Somebody showed that he is this person. */
export interface Proved extends KnownAccount {
  /** Why the password opens nothing but the choice of a new one. */
  readonly mustChoose: ReturnType<typeof mustChoose>;
  /** What was shown (RFC 8176). */
  readonly amr: readonly ('pwd' | 'otp')[];
}

interface Settings extends Pick<Deps, 'clock' | 'log'> {
  readonly accounts: Accounts;
  readonly lockout: Lockout;
  readonly security: Pick<SecurityLog, 'report'>;
  /** Days after which a password has to be chosen anew. */
  readonly passwordDays: number;
  readonly apps: () => Authenticators;
}

export function credentials({ accounts, clock, log, lockout, security, passwordDays, apps }: Settings): Credentials {
  const proved = (known: KnownAccount): Proved => ({
    ...known,
    mustChoose: mustChoose(known, clock.instant(), passwordDays),
    amr: known.totp?.status === 'confirmed' ? ['pwd', 'otp'] : ['pwd'],
  });

  async function prove(id: string, password: string, from: Attempt): Promise<Proved> {
    try {
      return await attempt(id, password, from);
    } catch (error) {
      const { address, kind = 'sign-in-refused' } = from;
      if (error instanceof Rejected && error.code !== 'second-factor-required')
        await security.report({ kind, subject: id, reason: error.code, address });
      throw error;
    }
  }

  async function attempt(id: string, password: string, { trace, address, code = '', kind }: Attempt): Promise<Proved> {
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
      if (state.lockedUntil !== null) {
        log.warn({ account: id, until: state.lockedUntil }, 'an account was locked');
        await security.report({ kind: 'account-locked', subject: id, reason: 'wrong-passwords', urgent: true });
      }
      throw new Rejected('credentials-wrong');
    }
    if (state.totp?.status === 'confirmed') {
      if (code === '') {
        // Whoever is asked for the rest has not failed; but the wrong codes before are not forgiven for a right password.
        await accounts.change(id, context, takeBackAttempt);
        throw new Rejected('second-factor-required');
      }
      const recovery = recoveryHash(id, code);
      if (recovery !== undefined && kind !== 'signature-refused') {
        await accounts.change(id, context, (now) => useRecoveryCode(now, id, recovery));
        await security.report({ kind: 'factor-changed', subject: id, reason: 'recovery-code-used', address });
      } else {
        const step = apps().stepOf(id, state.totp.sealed, code, clock.now().getTime());
        if (step === undefined) throw new Rejected('second-factor-wrong');
        await accounts.change(id, context, (now) => useTotp(now, id, step));
      }
    }
    await accounts.change(id, context, (now) => clearAttempts(now, clock.instant()));
    return proved(state);
  }

  return {
    prove,
    async begin(id, next, { address, trace }) {
      checkPassword(next, id);
      const set = { password: await hashPassword(next), temporary: false, at: clock.instant() };
      await accounts.change(id, { actor: id, trace }, (now) => setPassword(now, id, set));
      await security.report({ kind: 'password-changed', subject: id, reason: 'shown-elsewhere', address });
    },
    async choose(id, password, next, from) {
      checkPassword(next, id);
      const { formerPasswords } = await prove(id, password, from);
      if (next === password) throw new Rejected('password-same');
      for (const former of formerPasswords)
        if (await passwordFits(next, former)) throw new Rejected('password-used-before');
      const set = { password: await hashPassword(next), temporary: false, at: clock.instant() };
      const { state } = await accounts.change(id, { actor: id, trace: from.trace }, (now) => setPassword(now, id, set));
      if (state.status !== 'open') throw new Rejected('credentials-wrong');
      await security.report({ kind: 'password-changed', subject: id, reason: 'own-choice', address: from.address });
      return proved(state);
    },
  };
}
