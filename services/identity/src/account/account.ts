/** What happens to an account. These events stay in this database: they carry password hashes. */
export type AccountEvent =
  | {
      readonly type: 'AccountOpened';
      readonly account: string;
      readonly name: string;
      readonly roles: readonly string[];
      readonly sites: readonly string[] | null;
      /** Absent: opened when there was no such bound. */
      readonly markets?: readonly string[] | null;
      readonly party: string | null;
      readonly password: string;
      readonly at: string;
    }
  | { readonly type: 'AccountRolesChanged'; readonly roles: readonly string[] }
  | { readonly type: 'AccountSitesChanged'; readonly sites: readonly string[] | null }
  | { readonly type: 'AccountMarketsChanged'; readonly markets: readonly string[] | null }
  | { readonly type: 'AccountDeactivated' }
  | { readonly type: 'PasswordSet'; readonly password: string; readonly temporary: boolean; readonly at: string }
  | { readonly type: 'AttemptCounted'; readonly attempts: number; readonly lockedUntil: string | null }
  | { readonly type: 'AttemptsCleared'; readonly at?: string }
  | { readonly type: 'SeenElsewhere'; readonly at: string }
  | ({ readonly type: 'DeputyAppointed' } & Deputyship)
  | { readonly type: 'DeputyEnded'; readonly stoodFor: string }
  | { readonly type: 'BreakGlassOpened'; readonly until: string; readonly reason: string }
  | { readonly type: 'BreakGlassClosed' }
  | { readonly type: 'TotpOffered'; readonly sealed: string }
  | { readonly type: 'TotpUsed'; readonly step: number }
  | { readonly type: 'TotpReset' }
  | { readonly type: 'RecoveryCodesMade'; readonly hashes: readonly string[] }
  | { readonly type: 'RecoveryCodeUsed'; readonly hash: string }
  | { readonly type: 'PasskeyAdded'; readonly passkey: Passkey }
  | { readonly type: 'PasskeyUsed'; readonly passkey: string; readonly counter: number; readonly at: string }
  | { readonly type: 'PasskeyRemoved'; readonly passkey: string };

/** A key on a device (WebAuthn) that lets its holder in. */
export interface Passkey {
  /** Credential id, base64url. */
  readonly id: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** How often it was used, as far as it counts; 0 if it does not. */
  readonly counter: number;
  /** What its holder calls it. */
  readonly name: string;
  /** ISO 8601. */
  readonly addedAt: string;
}

/** A second component that a person has: an authenticator's codes (RFC 6238). */
export interface Totp {
  /** Shared with the authenticator; sealed. */
  readonly sealed: string;
  /** Until a code has shown that the authenticator has it, it is asked of nobody. */
  readonly status: 'offered' | 'confirmed';
  /** Of the last code that was used: each is good once, and none before it (RFC 6238 §5.2). */
  readonly lastStep: number;
  /** Hashes of the codes that open in its place, once each, and sign nothing. */
  readonly recovery?: readonly string[];
}

/** Standing in for somebody for a while: with that person's roles, and never as a second person beside him. */
export interface Deputyship {
  readonly standsFor: string;
  /** ISO 8601; from inclusive, until exclusive. */
  readonly from: string;
  readonly until: string;
}

export interface KnownAccount {
  /** Deactivated for good: the id is never given again (21 CFR 11.100(a), 11.300(a)). */
  readonly status: 'open' | 'deactivated';
  readonly account: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Sites the person is bound to; null = all. */
  readonly sites: readonly string[] | null;
  /** Markets the person is bound to; null or absent = all. */
  readonly markets?: readonly string[] | null;
  /** The outside party that the person acts for; null = us. */
  readonly party: string | null;
  /** Argon2id in PHC form. */
  readonly password: string;
  /** When it was set; ISO 8601. */
  readonly passwordSince: string;
  /** Hashes of those before, newest first: none of them is taken again. */
  readonly formerPasswords: readonly string[];
  readonly deputyships: readonly Deputyship[];
  /** The authenticator; null = none. */
  readonly totp: Totp | null;
  /** Absent = none. */
  readonly passkeys?: readonly Passkey[];
  /** Access in an emergency, until then; null = none. */
  readonly breakGlass: { readonly until: string; readonly reason: string } | null;
  /** Somebody else knows the password: it opens nothing but the choice of a new one. */
  readonly temporary: boolean;
  /** Passwords tried since the last right one; counted before they are checked. */
  readonly attempts: number;
  readonly lockedUntil: string | null;
  /** When the person last showed who he is, here or at an outside provider; absent if never. ISO 8601. */
  readonly lastSeenAt?: string;
}

/** So many passwords before the present one are remembered (21 CFR 11.300(b)). */
const FORMER_PASSWORDS = 10;

export type Account = { readonly status: 'unknown' } | KnownAccount;

export const UNKNOWN_ACCOUNT: Account = { status: 'unknown' };

export function evolve(account: Account, event: AccountEvent): Account {
  if (event.type === 'AccountOpened') {
    const { type: _, at, ...opened } = event;
    return {
      status: 'open',
      ...opened,
      passwordSince: at,
      formerPasswords: [],
      deputyships: [],
      breakGlass: null,
      totp: null,
      temporary: true,
      attempts: 0,
      lockedUntil: null,
    };
  }
  if (account.status === 'unknown') return account;
  switch (event.type) {
    case 'AccountRolesChanged':
      return { ...account, roles: event.roles };
    case 'AccountSitesChanged':
      return { ...account, sites: event.sites };
    case 'AccountMarketsChanged':
      return { ...account, markets: event.markets };
    case 'AccountDeactivated':
      return { ...account, status: 'deactivated' };
    case 'PasswordSet':
      return {
        ...account,
        password: event.password,
        passwordSince: event.at,
        formerPasswords: [account.password, ...account.formerPasswords].slice(0, FORMER_PASSWORDS),
        temporary: event.temporary,
        attempts: 0,
        lockedUntil: null,
      };
    case 'AttemptCounted':
      return { ...account, attempts: event.attempts, lockedUntil: event.lockedUntil };
    case 'AttemptsCleared':
      return { ...account, attempts: 0, lockedUntil: null, ...(event.at !== undefined && { lastSeenAt: event.at }) };
    case 'SeenElsewhere':
      return { ...account, lastSeenAt: event.at };
    case 'DeputyAppointed': {
      const { type: _, ...deputyship } = event;
      const others = account.deputyships.filter(({ standsFor }) => standsFor !== deputyship.standsFor);
      return { ...account, deputyships: [...others, deputyship] };
    }
    case 'DeputyEnded':
      return { ...account, deputyships: account.deputyships.filter(({ standsFor }) => standsFor !== event.stoodFor) };
    case 'BreakGlassOpened':
      return { ...account, breakGlass: { until: event.until, reason: event.reason } };
    case 'BreakGlassClosed':
      return { ...account, breakGlass: null };
    case 'TotpOffered':
      return { ...account, totp: { sealed: event.sealed, status: 'offered', lastStep: 0 } };
    case 'TotpUsed':
      return { ...account, totp: account.totp && { ...account.totp, status: 'confirmed', lastStep: event.step } };
    case 'TotpReset':
      return { ...account, totp: null };
    case 'RecoveryCodesMade':
      return { ...account, totp: account.totp && { ...account.totp, recovery: event.hashes } };
    case 'RecoveryCodeUsed': {
      const recovery = account.totp?.recovery?.filter((hash) => hash !== event.hash) ?? [];
      return { ...account, totp: account.totp && { ...account.totp, recovery } };
    }
    case 'PasskeyAdded':
      return { ...account, passkeys: [...(account.passkeys ?? []), event.passkey] };
    case 'PasskeyUsed': {
      const { passkey, counter, at } = event;
      const passkeys = account.passkeys?.map((one) => (one.id === passkey ? { ...one, counter } : one)) ?? [];
      return { ...account, passkeys, lastSeenAt: at };
    }
    case 'PasskeyRemoved':
      return { ...account, passkeys: account.passkeys?.filter(({ id }) => id !== event.passkey) ?? [] };
  }
}
