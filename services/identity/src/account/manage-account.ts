import { Rejected } from '@lotwarden/platform/errors';
import type { Account, AccountEvent, KnownAccount } from './account.ts';

export interface OpenAccount {
  readonly account: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly sites: readonly string[] | null;
  readonly party: string | null;
  readonly password: string;
  /** ISO 8601. */
  readonly at: string;
}

/** An id is given once, ever; even the same person asked for twice is refused, as the password could be another. */
export function openAccount(known: Account, asked: OpenAccount): AccountEvent[] {
  if (known.status !== 'unknown') throw new Rejected('account-id-taken', { account: asked.account });
  return [{ type: 'AccountOpened', ...asked }];
}

export function changeRoles(account: Account, id: string, roles: readonly string[]): AccountEvent[] {
  return isSame(open(account, id).roles, roles) ? [] : [{ type: 'AccountRolesChanged', roles }];
}

/** Roles and sites as they are from now on, where somebody else than our administrators decides them. */
export function takeStanding(
  account: Account,
  id: string,
  { roles, sites }: Pick<KnownAccount, 'roles' | 'sites'>,
): AccountEvent[] {
  const held = open(account, id).sites;
  const same = held === null || sites === null ? held === sites : isSame(held, sites);
  return [...changeRoles(account, id, roles), ...(same ? [] : [{ type: 'AccountSitesChanged' as const, sites }])];
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one));

export function deactivate(account: Account, id: string): AccountEvent[] {
  return known(account, id).status === 'deactivated' ? [] : [{ type: 'AccountDeactivated' }];
}

interface NewPassword {
  /** Argon2id in PHC form. */
  readonly password: string;
  readonly temporary: boolean;
  readonly at: string;
}

export function setPassword(account: Account, id: string, set: NewPassword): AccountEvent[] {
  open(account, id);
  return [{ type: 'PasswordSet', ...set }];
}

export function unlock(account: Account, id: string): AccountEvent[] {
  return open(account, id).attempts === 0 ? [] : [{ type: 'AttemptsCleared' }];
}

export function known(account: Account, id: string): KnownAccount {
  if (account.status === 'unknown') throw new Rejected('account-unknown', { account: id });
  return account;
}

export function open(account: Account, id: string): KnownAccount {
  const found = known(account, id);
  if (found.status === 'deactivated') throw new Rejected('account-deactivated', { account: id });
  return found;
}

export const LEAST_PASSWORD = 12;

/** NIST SP 800-63B: length counts, forced mixtures of signs do not. Throws `password-too-weak`. */
export function checkPassword(password: string, account: string): void {
  if (password.length < LEAST_PASSWORD || password.length > 200 || password.toLowerCase().includes(account))
    throw new Rejected('password-too-weak', { least: LEAST_PASSWORD });
}
