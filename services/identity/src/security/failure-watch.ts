import type { Noticed } from './security-event.ts';

export interface FailureLimits {
  /** Refusals of one account, or from one address, within the window that call for a person. */
  readonly failures: number;
  /** Different accounts that one address tries in vain within it. */
  readonly accounts: number;
  /** Milliseconds. */
  readonly window: number;
}

interface Window {
  readonly since: number;
  readonly subjects: Set<string>;
  count: number;
  isTold: boolean;
}

/** Refusals that may be attempts. A token that is too old is only late. */
const ATTEMPTS: ReadonlySet<Noticed['kind']> = new Set([
  'sign-in-refused',
  'signature-refused',
  'token-refused',
  'device-refused',
  'permission-refused',
  'program-refused',
  'form-refused',
]);

/**
 * Says when refusals are too many to be mistakes (21 CFR 11.300(d)): many of one account, from wherever; many from one
 * address; or a few each of many accounts, which no lock of an account ever notices. Once a window for each.
 */
export function failureWatch({ failures, accounts, window }: FailureLimits) {
  const windows = new Map<string, Window>();

  const counted = (key: string, subject: string, now: number, times: number): Window => {
    const known = windows.get(key);
    const current = known && now - known.since < window ? known : { since: now, subjects: new Set<string>(), count: 0, isTold: false }; // prettier-ignore
    current.count += times;
    current.subjects.add(subject);
    windows.set(key, current);
    return current;
  };

  return ({ kind, subject, reason, address }: Noticed, now: number, times = 1): Noticed | undefined => {
    if (!ATTEMPTS.has(kind) || reason === 'token-expired') return undefined;
    for (const [key, { since }] of windows) if (now - since >= window) windows.delete(key);
    const ofAccount = counted(`account ${subject}`, subject, now, times);
    // Who is known and lacks a right says nothing about the others behind the same address.
    const isFrom = address !== undefined && kind !== 'permission-refused';
    const from = isFrom ? counted(`address ${address}`, subject, now, times) : undefined;
    const told = (which: Window, about: string, reason: string): Noticed => {
      which.isTold = true;
      return { kind: 'repeated-failures', subject: about, reason, address, urgent: true };
    };
    if (from && !from.isTold && from.subjects.size >= accounts) return told(from, address ?? '', 'many-accounts');
    if (from && !from.isTold && from.count >= failures) return told(from, address ?? '', 'one-address');
    if (!ofAccount.isTold && ofAccount.count >= failures) return told(ofAccount, subject, 'one-account');
    return undefined;
  };
}
