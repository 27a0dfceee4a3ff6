import type { KeyRing, Keys } from './key-ring.store.ts';

const DAY = 86_400_000;

/**
 * The keys of tokens for this life of the service: a new one first if the newest has signed for so many days. The one
 * before stays published, so that tokens which are under way go on to be good.
 */
export async function tokenKeys(ring: KeyRing, now: Date, days: number): Promise<Keys> {
  const keys = await ring.keys('token');
  return now.getTime() - Date.parse(keys[0].validFrom) < days * DAY ? keys : ring.rotate('token');
}
