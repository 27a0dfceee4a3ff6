/** A fixed window per address, in the memory of one replica; the accounts' own lockout holds for all. */
export interface AttemptLimit {
  /** Counts one; false once it is too many in this minute. */
  readonly allow: (address: string, now: number) => boolean;
}

const WINDOW_MS = 60_000;

export function attemptLimit(perMinute: number): AttemptLimit {
  const counts = new Map<string, number>();
  let window = -1;
  return {
    allow: (address, now) => {
      const current = Math.floor(now / WINDOW_MS);
      if (current !== window) {
        window = current;
        counts.clear();
      }
      const count = (counts.get(address) ?? 0) + 1;
      counts.set(address, count);
      return count <= perMinute;
    },
  };
}
