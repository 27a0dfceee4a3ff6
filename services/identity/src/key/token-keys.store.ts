import type { Deps } from '@lotwarden/platform/service';
import type { KeyRing, Keys, SigningKey } from './key-ring.store.ts';

const DAY = 86_400_000;
const LOOK_MS = 60_000;

/** The keys of tokens, as long as something that they signed can be good: the newest first, which signs. */
export interface TokenKeys {
  /** Renews the newest if it has signed for long enough, and gives out what is in use if that is other than before. */
  look(): Promise<void>;
  /** Looks once a minute from now on, as another replica may have changed them; returns how to end it. */
  start(): () => Promise<void>;
}

interface Needs extends Pick<Deps, 'clock' | 'log'> {
  readonly ring: KeyRing;
  /** Days for which one signs. */
  readonly days: number;
  /** Told what is in use, at first and whenever that changes. */
  readonly use: (keys: readonly SigningKey[]) => void;
}

export function watchTokenKeys({ ring, days, use, clock, log }: Needs): TokenKeys {
  let used = '';
  async function look(): Promise<void> {
    const now = clock.now().getTime();
    const keys = await ring.keys('token');
    const isDue = now - Date.parse(keys[0].validFrom) >= days * DAY;
    const current = inUse(isDue ? await ring.rotate('token') : keys, now);
    const named = current.map(({ kid }) => kid).join();
    if (named === used) return;
    if (used !== '') log.warn({ keys: named }, 'other keys sign tokens from now on');
    used = named;
    use(current);
  }
  return {
    look,
    start() {
      const failed = (error: unknown): void => log.error({ err: error }, 'the keys of tokens could not be looked at');
      const timer = setInterval(() => void look().catch(failed), LOOK_MS);
      return () => {
        clearInterval(timer);
        return Promise.resolve();
      };
    },
  };
}

/** Whoever has a revoked key could make tokens with it; of one that was retired yesterday no token is good any more. */
export const inUse = (keys: Keys, now: number): SigningKey[] =>
  keys.filter(
    ({ revokedAt, retiredAt }) => revokedAt === null && (retiredAt === null || now - Date.parse(retiredAt) < DAY),
  );
