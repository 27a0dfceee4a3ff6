import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 16;
const CODES = 8;

/** New ones, `abcd-efgh-2345-mnop`: shown once, kept as hashes. */
export const makeRecoveryCodes = (): string[] => Array.from({ length: CODES }, makeOne);

function makeOne(): string {
  // 256 is a multiple of 32, so every letter is as likely as any other.
  const letters = Array.from(randomBytes(LENGTH), (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
  return (letters.match(/.{4}/g) ?? []).join('-');
}
