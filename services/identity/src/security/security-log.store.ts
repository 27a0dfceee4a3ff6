import type { RefusalBatch } from '@lotwarden/platform/refusals';
import type { Deps } from '@lotwarden/platform/service';
import { failureWatch, type FailureLimits } from './failure-watch.ts';
import { recorded, sameness, type Gathered, type Noticed, type SecurityEvent } from './security-event.ts';

/** Keeps and publishes what bears on security. */
export interface SecurityLog {
  /** The first of its kind is there when this returns; equal ones of the same minute follow as one, with their number. */
  report(noticed: Noticed): Promise<void>;
  /** What another service counted; said again it is kept once. How many of them are new. */
  reportAll(batch: RefusalBatch, service: string): Promise<number>;
  /** Newest first. */
  find(which: Which, limit: number, after: string | undefined): Promise<Found>;
  /** Says what still waits and whose minute is over. */
  flush(): Promise<void>;
  /** Does that by itself from now on; returns how to end it, which says all that waits. */
  start(): () => Promise<void>;
}

/** Of a kind, about somebody, urgent or not. */
interface Which {
  readonly kind?: string | undefined;
  readonly subject?: string | undefined;
  readonly urgent?: boolean | undefined;
}

interface Found {
  readonly items: readonly Omit<SecurityEvent, 'type'>[];
  readonly next?: string | undefined;
}

const MINUTE = 60_000;
const LOOK = 10_000;

interface Kept {
  readonly status: 'none' | 'kept';
  readonly event: SecurityEvent | null;
}

type Needs = Pick<Deps, 'aggregate' | 'clock' | 'log' | 'random'>;

export function securityLog({ aggregate, clock, log, random }: Needs, limits: FailureLimits): SecurityLog {
  const events = aggregate<Kept, SecurityEvent>({
    collection: 'security_events',
    topic: 'identity.security.v1',
    initial: { status: 'none', event: null },
    evolve: (_, event) => ({ status: 'kept', event }),
    indexes: [{ key: { 'state.event.lastAt': 1 } }, { key: { 'state.event.subject': 1 } }],
  });
  /** Those of this minute after the first, by what they are. */
  const waiting = new Map<string, { since: number; more: Gathered | undefined }>();
  const watch = failureWatch(limits);

  const keep = async (gathered: Gathered): Promise<void> => {
    const id = random.uuid();
    const actor = gathered.actor ?? gathered.subject;
    await events.change(id, { actor, reason: gathered.reason }, () => [recorded(id, gathered)]);
    const { kind, subject, reason, address, count } = gathered;
    if (gathered.urgent) log.error({ kind, subject, reason, address, count }, 'urgent: somebody has to look now');
  };

  const keepOnce = async (id: string, gathered: Gathered): Promise<boolean> => {
    let isNew = false;
    await events.change(id, { actor: gathered.subject, reason: gathered.reason }, ({ status }) => {
      isNew = status === 'none';
      return isNew ? [recorded(id, gathered)] : [];
    });
    return isNew;
  };

  const one = async (noticed: Noticed): Promise<void> => {
    const at = clock.instant();
    const key = sameness(noticed);
    const known = waiting.get(key);
    if (!known) {
      waiting.set(key, { since: clock.now().getTime(), more: undefined });
      await keep({ ...noticed, count: 1, firstAt: at, lastAt: at });
      return;
    }
    const { more } = known;
    known.more = more ? { ...more, count: more.count + 1, lastAt: at } : { ...noticed, count: 1, firstAt: at, lastAt: at }; // prettier-ignore
  };

  const flush = async (all = false): Promise<void> => {
    const now = clock.now().getTime();
    for (const [key, { since, more }] of waiting) {
      if (!all && now - since < MINUTE) continue;
      waiting.delete(key);
      if (more) await keep(more);
    }
  };

  return {
    report: async (noticed) => {
      await one(noticed);
      const alarm = watch(noticed, clock.now().getTime());
      if (alarm) await one(alarm);
    },
    reportAll: async ({ batch, refusals }, service) => {
      let kept = 0;
      for (const [n, { address, ...refusal }] of refusals.entries()) {
        const gathered: Gathered = { ...refusal, address: address ?? undefined, service };
        if (!(await keepOnce(`${batch}-${String(n)}`, gathered))) continue;
        kept += 1;
        const alarm = watch(gathered, clock.now().getTime(), gathered.count);
        if (alarm) await one(alarm);
      }
      return kept;
    },
    find: async ({ kind, subject, urgent }, limit, after) => {
      const filter = {
        ...(kind !== undefined && { 'state.event.kind': kind }),
        ...(subject !== undefined && { 'state.event.subject': subject }),
        ...(urgent !== undefined && { 'state.event.urgent': urgent }),
      };
      const found = await events.find(filter, { limit, after, sort: { field: 'state.event.lastAt', direction: -1 } });
      const items = found.items.flatMap(({ state: { event } }) => {
        if (!event) return [];
        const { type: _, ...shown } = event;
        return [shown];
      });
      return { items, next: found.next };
    },
    flush: () => flush(),
    start: () => {
      const failed = (error: unknown): void => log.error({ err: error }, 'security events wait to be kept');
      const timer = setInterval(() => void flush().catch(failed), LOOK);
      return async () => {
        clearInterval(timer);
        await flush(true).catch(failed);
      };
    },
  };
}
