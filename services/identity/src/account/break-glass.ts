import { Rejected } from '@lotwarden/platform/errors';
import type { Account, AccountEvent, KnownAccount } from './account.ts';
import { open } from './manage-account.ts';

/** What access in an emergency adds: managing accounts and master data. It signs nothing. */
export const EMERGENCY_ROLE = 'administrator';

interface Asked {
  readonly reason: string;
  /** Who may at all, as the installation names them; nobody by default. */
  readonly allowed: ReadonlySet<string>;
  readonly until: string;
}

/** Opens access in an emergency for a while; opened again it lasts from then. Throws `break-glass-not-yours`. */
export function openBreakGlass(account: Account, id: string, { reason, allowed, until }: Asked): AccountEvent[] {
  open(account, id);
  if (!allowed.has(id)) throw new Rejected('break-glass-not-yours', { account: id });
  return [{ type: 'BreakGlassOpened', until, reason }];
}

/** By whoever looks at what was done with it, or the person. */
export const closeBreakGlass = (account: Account, id: string): AccountEvent[] =>
  open(account, id).breakGlass === null ? [] : [{ type: 'BreakGlassClosed' }];

/** Roles of the person himself at this moment, those of an emergency among them. */
export const rolesNow = ({ roles, breakGlass }: KnownAccount, now: string): string[] =>
  breakGlass && now < breakGlass.until ? [...new Set([...roles, EMERGENCY_ROLE])] : [...roles];
