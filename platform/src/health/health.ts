import type { HealthReport } from '../http/app.ts';

export interface Check {
  /** A check that is only shown tells people; one that counts takes the replica out of the load balancer. */
  readonly counts: boolean;
  readonly look: () => Promise<CheckResult>;
}

export interface CheckResult {
  readonly ok: boolean;
  readonly detail?: unknown;
}

/** Longer than this a look takes only if something hangs. */
const PATIENCE_MS = 2_000;

/** Everything that says whether this replica can serve, asked at once; whatever throws or hangs is not well. */
export async function look(checks: Readonly<Record<string, Check>>): Promise<HealthReport> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, check, await answer(check)] as const),
  );
  return {
    ok: results.every(([, check, result]) => result.ok || !check.counts),
    checks: Object.fromEntries(results.map(([name, , result]) => [name, result])),
  };
}

async function answer(check: Check): Promise<CheckResult> {
  const { promise: late, resolve } = Promise.withResolvers<CheckResult>();
  const timer = setTimeout(() => resolve({ ok: false, detail: `no answer within ${PATIENCE_MS} ms` }), PATIENCE_MS);
  try {
    return await Promise.race([check.look(), late]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Liveness is progress, not reachability: a broker that is away must not get every replica killed. Parts that work in
 * rounds beat once a round; one that has not for a long time hangs.
 */
export interface Heartbeats {
  readonly beat: (part: string) => void;
  /** A part that ended on purpose owes no beats. */
  readonly forget: (part: string) => void;
  readonly report: () => HealthReport;
}

export function createHeartbeats(now: () => number, longest = 120_000): Heartbeats {
  const last = new Map<string, number>();
  return {
    beat: (part) => void last.set(part, now()),
    forget: (part) => void last.delete(part),
    report: () => {
      const ages = [...last].map(([part, at]) => [part, now() - at] as const);
      return {
        ok: ages.every(([, age]) => age <= longest),
        checks: Object.fromEntries(ages.map(([part, age]) => [part, { secondsAgo: Math.round(age / 1000) }])),
      };
    },
  };
}
