import { Rejected } from '@lotwarden/platform/errors';
import type { Account, AccountEvent } from '../account/account.ts';
import { open } from '../account/manage-account.ts';

/** Offers a new secret. One that is confirmed is replaced by an administrator only: whoever has the session could. */
export function offerTotp(account: Account, id: string, sealed: string): AccountEvent[] {
  if (open(account, id).totp?.status === 'confirmed') throw new Rejected('second-factor-there', { account: id });
  return [{ type: 'TotpOffered', sealed }];
}

/** Confirms it with the step of a right code; the hashes are those of its recovery codes. */
export function confirmTotp(account: Account, id: string, step: number, hashes: readonly string[]): AccountEvent[] {
  const { totp } = open(account, id);
  if (totp?.status !== 'offered') throw new Rejected('second-factor-none', { account: id });
  return [
    { type: 'TotpUsed', step },
    { type: 'RecoveryCodesMade', hashes },
  ];
}

/** A right code was shown. Throws `second-factor-wrong` for one that was shown before, also at the same moment elsewhere. */
export function useTotp(account: Account, id: string, step: number): AccountEvent[] {
  const { totp } = open(account, id);
  if (totp?.status !== 'confirmed' || step <= totp.lastStep) throw new Rejected('second-factor-wrong');
  return [{ type: 'TotpUsed', step }];
}

/** Takes it away: an authenticator was lost. */
export const resetTotp = (account: Account, id: string): AccountEvent[] =>
  open(account, id).totp === null ? [] : [{ type: 'TotpReset' }];
