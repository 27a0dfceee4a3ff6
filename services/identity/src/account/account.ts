/** What happens to an account. These events stay in this database: they carry password hashes. */
export type AccountEvent =
  | {
      readonly type: 'AccountOpened';
      readonly account: string;
      readonly name: string;
      readonly roles: readonly string[];
      readonly sites: readonly string[] | null;
      readonly party: string | null;
      readonly password: string;
    }
  | { readonly type: 'AccountRolesChanged'; readonly roles: readonly string[] }
  | { readonly type: 'AccountDeactivated' }
  | { readonly type: 'PasswordSet'; readonly password: string; readonly temporary: boolean }
  | { readonly type: 'AttemptCounted'; readonly attempts: number; readonly lockedUntil: string | null }
  | { readonly type: 'AttemptsCleared' };

export interface KnownAccount {
  /** Deactivated for good: the id is never given again (21 CFR 11.100(a), 11.300(a)). */
  readonly status: 'open' | 'deactivated';
  readonly account: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Sites the person is bound to; null = all. */
  readonly sites: readonly string[] | null;
  /** The outside party that the person acts for; null = us. */
  readonly party: string | null;
  /** Argon2id in PHC form. */
  readonly password: string;
  /** Somebody else knows the password: it opens nothing but the choice of a new one. */
  readonly temporary: boolean;
  /** Passwords tried since the last right one; counted before they are checked. */
  readonly attempts: number;
  readonly lockedUntil: string | null;
}

export type Account = { readonly status: 'unknown' } | KnownAccount;

export const UNKNOWN_ACCOUNT: Account = { status: 'unknown' };

export function evolve(account: Account, event: AccountEvent): Account {
  if (event.type === 'AccountOpened') {
    const { type: _, ...opened } = event;
    return { status: 'open', ...opened, temporary: true, attempts: 0, lockedUntil: null };
  }
  if (account.status === 'unknown') return account;
  switch (event.type) {
    case 'AccountRolesChanged':
      return { ...account, roles: event.roles };
    case 'AccountDeactivated':
      return { ...account, status: 'deactivated' };
    case 'PasswordSet':
      return { ...account, password: event.password, temporary: event.temporary, attempts: 0, lockedUntil: null };
    case 'AttemptCounted':
      return { ...account, attempts: event.attempts, lockedUntil: event.lockedUntil };
    case 'AttemptsCleared':
      return { ...account, attempts: 0, lockedUntil: null };
  }
}
