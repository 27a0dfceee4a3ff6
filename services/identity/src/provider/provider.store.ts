import { createHash } from 'node:crypto';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate } from '@lotwarden/platform/store';
import { evolve as evolveLink, UNKNOWN_LINK, type LinkEvent, type LinkState } from './link.ts';
import type { Begun } from './outside-log-in.ts';
import { evolve, UNKNOWN_PROVIDER, type ProviderEvent, type ProviderState } from './outside-provider.ts';

export type Providers = Aggregate<ProviderState, ProviderEvent>;
export type Links = Aggregate<LinkState, LinkEvent>;

export const providerStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Providers =>
  aggregate({ collection: 'outside_providers', initial: UNKNOWN_PROVIDER, evolve });

export const linkStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Links =>
  aggregate({
    collection: 'outside_subjects',
    initial: UNKNOWN_LINK,
    evolve: evolveLink,
    indexes: [{ key: { 'state.account': 1 } }],
  });

/** A subject can be anything, and of any length. */
export const linkId = (provider: string, subject: string): string =>
  `${provider}:${createHash('sha256').update(subject).digest('hex')}`;

/** Where somebody logs in, if not here. */
export async function providersOf(links: Pick<Links, 'find'>, account: string): Promise<string[]> {
  const found = await links.find({ 'state.account': account, 'state.status': 'linked' }, { limit: 20 });
  return found.items.flatMap(({ state }) => (state.status === 'linked' ? [state.provider] : []));
}

interface BegunDocument extends Begun {
  /** The state. */
  readonly _id: string;
  readonly provider: string;
  readonly expiresAt: Date;
}

const TEN_MINUTES = 600_000;

/** Log-ins under way at providers; each comes back once. */
export interface BegunLogIns {
  keep(provider: string, begun: Begun): Promise<void>;
  take(state: string): Promise<{ readonly provider: string; readonly begun: Begun } | undefined>;
}

export function begunLogIns({ collection, clock }: Pick<Deps, 'collection' | 'clock'>): BegunLogIns {
  const kept = collection<BegunDocument>('outside_log_ins', [{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }]);
  return {
    keep: async (provider, begun) => {
      const expiresAt = new Date(clock.now().getTime() + TEN_MINUTES);
      await kept.insertOne({ _id: begun.state, provider, ...begun, expiresAt });
    },
    take: async (state) => {
      const found = await kept.findOneAndDelete({ _id: state, expiresAt: { $gt: clock.now() } });
      if (!found) return undefined;
      const { provider, nonce, verifier, redirectUri, fresh } = found;
      return { provider, begun: { state, nonce, verifier, redirectUri, fresh } };
    },
  };
}
