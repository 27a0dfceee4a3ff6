import { createHash } from 'node:crypto';
import { Rejected } from '@lotwarden/platform/errors';
import type { Account, AccountEvent } from '../account/account.ts';
import { open } from '../account/manage-account.ts';

/** Letters and digits of base32, by fours: eighty bits, which nobody guesses, so that a plain hash keeps them. */
const FORM = /^[a-z2-7]{16}$/;

/** What is kept of a code; undefined if it has not the form of a recovery code, as that of an authenticator has not. */
export function recoveryHash(account: string, code: string): string | undefined {
  const plain = code.replaceAll(/[\s-]/g, '').toLowerCase();
  return FORM.test(plain) ? createHash('sha256').update(`${account}:${plain}`).digest('base64url') : undefined;
}

/** In place of an authenticator that is not at hand, once each. */
export function useRecoveryCode(account: Account, id: string, hash: string): AccountEvent[] {
  const { totp } = open(account, id);
  if (totp?.status !== 'confirmed' || !totp.recovery?.includes(hash)) throw new Rejected('second-factor-wrong');
  return [{ type: 'RecoveryCodeUsed', hash }];
}
