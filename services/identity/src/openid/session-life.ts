export interface SessionLimits {
  /** At most, from the log-in. */
  readonly sessionSeconds: number;
  /** While nobody asks anything. */
  readonly sessionIdleSeconds: number;
}

/**
 * Seconds that a session lives on from now, unless somebody asks again before; at least one, as the provider wants.
 * @param loginTs when the person signed in, in seconds since 1970; undefined before
 * @param now in the same seconds
 */
export function secondsLeft(loginTs: number | undefined, now: number, limits: SessionLimits): number {
  const ofTheShift = (loginTs ?? now) + limits.sessionSeconds - now;
  return Math.max(1, Math.min(limits.sessionIdleSeconds, ofTheShift));
}
