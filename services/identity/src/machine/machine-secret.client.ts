import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secret } from './machine.ts';

/** A new one: the text is shown once, the rest is kept. */
export function makeSecret(since: string): { readonly text: string; readonly kept: Secret } {
  const text = randomBytes(32).toString('base64url');
  return { text, kept: { id: randomBytes(6).toString('hex'), hash: digest(text).toString('hex'), since } };
}

export const secretFits = (text: string, secrets: readonly Secret[]): boolean =>
  secrets.some(({ hash }) => timingSafeEqual(digest(text), Buffer.from(hash, 'hex')));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
