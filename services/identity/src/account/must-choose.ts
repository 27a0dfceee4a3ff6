import { later } from '@lotwarden/platform/instant';
import type { KnownAccount } from './account.ts';

const DAY = 86_400;

/** Why a password opens nothing but the choice of a new one; undefined: it does open. */
export function mustChoose(
  { temporary, passwordSince }: Pick<KnownAccount, 'temporary' | 'passwordSince'>,
  now: string,
  maxDays: number,
): 'password-temporary' | 'password-expired' | undefined {
  if (temporary) return 'password-temporary';
  // 21 CFR 11.300(b): passwords age.
  return now >= later(passwordSince, maxDays * DAY) ? 'password-expired' : undefined;
}
