import type { KnownAccount } from '../account/account.ts';
import type { KnownDevice } from '../device/device.ts';
import type { KnownMachine } from '../machine/machine.ts';
import type { Grant, KnownProvider } from '../provider/outside-provider.ts';

/** Somebody or something that has access, as it is looked at in a review. */
export interface Subject {
  readonly kind: 'person' | 'system' | 'device' | 'provider';
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** null = all. */
  readonly sites: readonly string[] | null;
  readonly party: string | null;
  /** What else there is to know. */
  readonly facts: readonly Fact[];
  /** ISO 8601; null = never, or nobody records it. */
  readonly lastSeenAt: string | null;
}

export type Fact =
  | { readonly fact: 'stands-for'; readonly person: string; readonly from: string; readonly until: string }
  | { readonly fact: 'authenticator'; readonly has: boolean }
  | { readonly fact: 'passkeys'; readonly count: number }
  | { readonly fact: 'logs-in-at'; readonly provider: string; readonly decidesRoles: boolean }
  | { readonly fact: 'emergency-access'; readonly until: string }
  | { readonly fact: 'one-time-password' }
  | { readonly fact: 'secret'; readonly since: string }
  | { readonly fact: 'device'; readonly kind: string; readonly thumbprint: string }
  | { readonly fact: 'markets'; readonly markets: readonly string[] }
  | ({ readonly fact: 'grant' } & Grant);

export type SubjectKey = `${Subject['kind']}:${string}`;

export const keyOf = ({ kind, id }: Pick<Subject, 'kind' | 'id'>): SubjectKey => `${kind}:${id}`;

/** @param logsInAt outside providers, and whether these decide what the person may do here */
export const ofPerson = (
  {
    account,
    name,
    roles,
    sites,
    markets,
    party,
    deputyships,
    totp,
    passkeys = [],
    breakGlass,
    temporary,
    lastSeenAt,
  }: KnownAccount,
  logsInAt: readonly { readonly provider: string; readonly decidesRoles: boolean }[],
  now: string,
): Subject => ({
  kind: 'person',
  id: account,
  name,
  roles: [...roles].sort(),
  sites,
  party,
  facts: [
    ...deputyships
      .filter(({ until }) => until > now)
      .map(({ standsFor, from, until }) => ({ fact: 'stands-for' as const, person: standsFor, from, until })),
    ...(markets ? [{ fact: 'markets' as const, markets }] : []),
    { fact: 'authenticator', has: totp?.status === 'confirmed' },
    ...(passkeys.length > 0 ? [{ fact: 'passkeys' as const, count: passkeys.length }] : []),
    ...logsInAt.map((provider) => ({ fact: 'logs-in-at' as const, ...provider })),
    ...(breakGlass && breakGlass.until > now ? [{ fact: 'emergency-access' as const, until: breakGlass.until }] : []),
    ...(temporary && logsInAt.length === 0 ? [{ fact: 'one-time-password' as const }] : []),
  ],
  lastSeenAt: lastSeenAt ?? null,
});

export const ofMachine = ({ machine, name, role, sites, party, secrets }: KnownMachine): Subject => ({
  kind: 'system',
  id: machine,
  name,
  roles: [role],
  sites,
  party,
  facts: secrets.map(({ since }) => ({ fact: 'secret', since })),
  lastSeenAt: null,
});

export const ofDevice = (id: string, { name, kind, site, thumbprint }: KnownDevice): Subject => ({
  kind: 'device',
  id,
  name,
  roles: [],
  sites: site === null ? null : [site],
  party: null,
  facts: [{ fact: 'device', kind, thumbprint }],
  lastSeenAt: null,
});

export const ofProvider = (id: string, { name, grants }: KnownProvider): Subject => ({
  kind: 'provider',
  id,
  name,
  roles: [...new Set(grants.flatMap(({ roles }) => roles))].sort(),
  sites: null,
  party: null,
  facts: grants.map((grant) => ({ fact: 'grant', ...grant })),
  lastSeenAt: null,
});

/** Whether what they may do is still the same. When somebody was seen last makes no difference. */
export const sameAccess = (some: Subject, other: Subject): boolean =>
  JSON.stringify({ ...some, lastSeenAt: null }) === JSON.stringify({ ...other, lastSeenAt: null });

/** What is another than it was looked at. */
export interface Drift {
  readonly changed: readonly Subject[];
  readonly come: readonly Subject[];
  readonly gone: readonly SubjectKey[];
}

export function drift(reviewed: readonly Subject[], present: readonly Subject[]): Drift {
  const before = new Map(reviewed.map((subject) => [keyOf(subject), subject]));
  const now = new Map(present.map((subject) => [keyOf(subject), subject]));
  return {
    changed: present.filter((subject) => {
      const known = before.get(keyOf(subject));
      return known !== undefined && !sameAccess(known, subject);
    }),
    come: present.filter((subject) => !before.has(keyOf(subject))),
    gone: [...before.keys()].filter((key) => !now.has(key)),
  };
}

export const stale = ({ changed, come, gone }: Drift): SubjectKey[] => [
  ...changed.map(keyOf),
  ...come.map(keyOf),
  ...gone,
];
