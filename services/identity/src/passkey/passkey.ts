import { Rejected } from '@lotwarden/platform/errors';
import type { Account, AccountEvent, Passkey } from '../account/account.ts';
import { open } from '../account/manage-account.ts';

/** More than anybody carries about. */
const MOST = 10;

/** Throws `passkey-there` for one that the account has, and `passkeys-many`. */
export function addPasskey(account: Account, id: string, passkey: Passkey): AccountEvent[] {
  const { passkeys = [] } = open(account, id);
  if (passkeys.some((one) => one.id === passkey.id)) throw new Rejected('passkey-there');
  if (passkeys.length >= MOST) throw new Rejected('passkeys-many', { most: MOST });
  return [{ type: 'PasskeyAdded', passkey }];
}

/**
 * Somebody showed it. Throws `passkey-wrong` if it counts its uses and this one was counted before: then there are two of
 * it (WebAuthn §6.1.1). And `account-locked`: whoever is locked out is, whatever else he has.
 */
export function usePasskey(
  account: Account,
  id: string,
  used: { readonly passkey: string; readonly counter: number },
  now: string,
): AccountEvent[] {
  // prettier-ignore
  if (account.status !== 'open') throw new Rejected('passkey-wrong');
  const { passkeys = [], lockedUntil } = account;
  if (lockedUntil !== null && now < lockedUntil) throw new Rejected('account-locked', { until: lockedUntil });
  const known = passkeys.find((one) => one.id === used.passkey);
  const isCopy = known !== undefined && (used.counter > 0 || known.counter > 0) && used.counter <= known.counter;
  if (!known || isCopy) throw new Rejected('passkey-wrong');
  return [{ type: 'PasskeyUsed', passkey: used.passkey, counter: used.counter, at: now }];
}

export const removePasskey = (account: Account, id: string, passkey: string): AccountEvent[] =>
  (open(account, id).passkeys ?? []).some((one) => one.id === passkey) ? [{ type: 'PasskeyRemoved', passkey }] : [];

/** Takes all of them away: what they were on was lost. */
export const removePasskeys = (account: Account, id: string): AccountEvent[] =>
  (open(account, id).passkeys ?? []).map(({ id: passkey }) => ({ type: 'PasskeyRemoved', passkey }));
