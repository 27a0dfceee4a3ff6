import { Rejected } from '@lotwarden/platform/errors';
import { later } from '@lotwarden/platform/instant';
import type { Account, AccountEvent } from './account.ts';

export interface Lockout {
  readonly attempts: number;
  readonly seconds: number;
}

/**
 * Counts an attempt before its password is looked at, so that many at once are no way round the limit. The last
 * allowed one locks the account; if its password is right, `clearAttempts` opens it again. Throws `account-locked`.
 */
export function countAttempt(account: Account, now: string, lockout: Lockout): AccountEvent[] {
  if (account.status !== 'open') throw new Rejected('credentials-wrong');
  const { lockedUntil } = account;
  if (lockedUntil !== null && now < lockedUntil) throw new Rejected('account-locked', { until: lockedUntil });
  const attempts = (lockedUntil === null ? account.attempts : 0) + 1;
  const last = attempts >= lockout.attempts;
  return [{ type: 'AttemptCounted', attempts, lockedUntil: last ? later(now, lockout.seconds) : null }];
}

/** This attempt was none; those before it stay counted. */
export const takeBackAttempt = (account: Account): AccountEvent[] =>
  account.status === 'open' && account.attempts > 0
    ? [{ type: 'AttemptCounted', attempts: account.attempts - 1, lockedUntil: null }]
    : [];

/** @param at when the person showed who he is, if it was he who cleared them; ISO 8601 */
export const clearAttempts = (account: Account, at?: string): AccountEvent[] =>
  account.status === 'open' && account.attempts > 0
    ? [{ type: 'AttemptsCleared', ...(at !== undefined && { at }) }]
    : [];
