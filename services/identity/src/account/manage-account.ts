import { Rejected } from '@lotwarden/platform/errors';
import type { Account, AccountEvent, KnownAccount } from './account.ts';

export interface OpenAccount {
  readonly account: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly sites: readonly string[] | null;
  readonly markets?: readonly string[] | null;
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

/** Where and for which markets somebody may act; null = everywhere, for all. */
export interface Bounds {
  readonly sites: readonly string[] | null;
  readonly markets: readonly string[] | null;
}

export function changeBounds(account: Account, id: string, { sites, markets }: Bounds): AccountEvent[] {
  const held = open(account, id);
  return [
    ...(isSameBound(held.sites, sites) ? [] : [{ type: 'AccountSitesChanged' as const, sites }]),
    ...(isSameBound(held.markets ?? null, markets) ? [] : [{ type: 'AccountMarketsChanged' as const, markets }]),
  ];
}

/** Roles and bounds as they are from now on, where somebody else than our administrators decides them. */
export const takeStanding = (
  account: Account,
  id: string,
  { roles, ...bounds }: Bounds & Pick<KnownAccount, 'roles'>,
): AccountEvent[] => [...changeRoles(account, id, roles), ...changeBounds(account, id, bounds)];

const isSameBound = (held: readonly string[] | null, wanted: readonly string[] | null): boolean =>
  held === null || wanted === null ? held === wanted : isSame(held, wanted);

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
