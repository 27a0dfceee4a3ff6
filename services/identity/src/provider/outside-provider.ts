import { Rejected } from '@lotwarden/platform/errors';
import type { Bounds } from '../account/manage-account.ts';

/** A provider that people of ours log in at. These events stay in this database: they carry a sealed secret. */
export type ProviderEvent =
  | ({ readonly type: 'ProviderConnected' } & Connection)
  | ({ readonly type: 'ProviderChanged' } & Connection)
  | { readonly type: 'ProviderDeactivated' };

/** How it is reached: OpenID Connect, or the way of its own that WeCom has. */
export type Reached =
  | {
      readonly kind: 'oidc';
      /** As its discovery document says it, character by character. */
      readonly issuer: string;
      readonly clientId: string;
      readonly scopes: readonly string[];
      /** Where in the ID token groups or roles stand: `['groups']`, `['realm_access', 'roles']`. */
      readonly rolesAt: readonly string[];
    }
  | {
      readonly kind: 'wecom';
      /** Where its programs are asked, and where people log in. */
      readonly api: string;
      readonly page: string;
      readonly corporation: string;
      readonly agent: string;
    };

export interface Connection {
  readonly name: string;
  readonly reached: Reached;
  /** Sealed. */
  readonly secret: string;
  /** What a group or role of theirs means here. Whatever is not named means nothing, also if it is called like one of ours. */
  readonly grants: readonly Grant[];
  /** Whether their word decides what somebody may do here, at each log-in anew; else our administrators do. */
  readonly rolesFrom: 'account' | 'provider';
  /** Whether who is not known yet gets an account, or has to be linked to one by an administrator. */
  readonly opensAccounts: boolean;
}

export interface Grant {
  readonly value: string;
  readonly roles: readonly string[];
  /** Sites that those roles are bound to; null = all. */
  readonly sites: readonly string[] | null;
  /** Markets, likewise; null or absent = all. */
  readonly markets?: readonly string[] | null;
}

export interface KnownProvider extends Connection {
  readonly status: 'active' | 'deactivated';
}

export type ProviderState = { readonly status: 'unknown' } | KnownProvider;

export const UNKNOWN_PROVIDER: ProviderState = { status: 'unknown' };

export const PROVIDER_ID = /^[a-z][a-z0-9-]{1,29}$/;

export function evolve(provider: ProviderState, event: ProviderEvent): ProviderState {
  if (event.type === 'ProviderDeactivated')
    return provider.status === 'unknown' ? provider : { ...provider, status: 'deactivated' };
  const { type: _, ...connection } = event;
  return { status: 'active', ...connection };
}

/** Throws `provider-id-taken`, also by one that is deactivated: subjects that were linked by it were that one's. */
export function connect(known: ProviderState, id: string, asked: Connection): ProviderEvent[] {
  if (known.status !== 'unknown') throw new Rejected('provider-id-taken', { provider: id });
  return [{ type: 'ProviderConnected', ...asked }];
}

/** Throws `provider-other` if it is another one than before: who was linked there is somebody else here. */
export function change(known: ProviderState, id: string, asked: Connection): ProviderEvent[] {
  const before = active(known, id);
  if (authorityOf(before.reached) !== authorityOf(asked.reached))
    throw new Rejected('provider-other', { provider: id });
  return [{ type: 'ProviderChanged', ...asked }];
}

export function deactivate(known: ProviderState, id: string): ProviderEvent[] {
  return knownProvider(known, id).status === 'deactivated' ? [] : [{ type: 'ProviderDeactivated' }];
}

export function knownProvider(provider: ProviderState, id: string): KnownProvider {
  if (provider.status === 'unknown') throw new Rejected('provider-unknown', { provider: id });
  return provider;
}

export function active(provider: ProviderState, id: string): KnownProvider {
  const found = knownProvider(provider, id);
  if (found.status === 'deactivated') throw new Rejected('provider-deactivated', { provider: id });
  return found;
}

/** In whose name a subject is one: the same subject of another authority is another person. */
export const authorityOf = (reached: Reached): string =>
  reached.kind === 'oidc' ? reached.issuer : `wecom:${reached.corporation}`;

/** What somebody may do here by what the provider says of him; each value as it is written, none by its likeness. */
export function granted(
  { grants }: Pick<Connection, 'grants'>,
  values: readonly string[],
): Bounds & Pick<Grant, 'roles'> {
  const meant = grants.filter(({ value }) => values.includes(value));
  return {
    roles: [...new Set(meant.flatMap(({ roles }) => roles))].sort(),
    sites: boundBy(meant.map(({ sites }) => sites)),
    markets: boundBy(meant.map(({ markets }) => markets ?? null)),
  };
}

/** Who is bound by one group is not set free by another: rights of two groups are not added crosswise. */
const boundBy = (bounds: readonly (readonly string[] | null)[]): readonly string[] | null =>
  bounds.length > 0 && bounds.every((bound) => bound === null)
    ? null
    : [...new Set(bounds.flatMap((bound) => bound ?? []))].sort();

/** Strings at a place in claims, one or many; anything else is none. */
export function valuesAt(claims: unknown, [at, ...rest]: readonly string[]): string[] {
  if (at === undefined) {
    const all: readonly unknown[] = Array.isArray(claims) ? claims : [claims];
    return all.filter((value) => typeof value === 'string');
  }
  if (typeof claims !== 'object' || claims === null || !Object.hasOwn(claims, at)) return [];
  return valuesAt((claims as Readonly<Record<string, unknown>>)[at], rest);
}
