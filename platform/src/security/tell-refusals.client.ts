import { z } from 'zod';
import type { Log } from '../log/log.ts';
import type { AskOptions, ServiceClient } from '../service/service.client.ts';
import type { CountedRefusal, Refusals } from './refusals.ts';

interface Telling {
  readonly refusals: Pick<Refusals, 'take' | 'takeAll'>;
  /** Hands them to identity, which keeps and publishes what bears on security. Throws if it did not hear. */
  readonly keep: KeepRefusals;
  /** Whether anybody knows where identity is: it may start after this service, or not be there at all. */
  readonly isThere: () => boolean;
  readonly log: Log;
  readonly now: () => Date;
  readonly uuid: () => string;
}

export type KeepRefusals = (told: RefusalBatch, options: AskOptions) => Promise<unknown>;

/** What is told at once; its name lets identity keep it once, however often it comes. */
export interface RefusalBatch {
  readonly batch: string;
  readonly refusals: readonly CountedRefusal[];
}

export interface Teller {
  /** Tells what is due. What cannot be told is told the next time, before anything else. */
  readonly look: () => Promise<void>;
  /** Looks by itself from now on; returns how to end it, which tells all that waits. */
  readonly start: () => () => Promise<void>;
}

const Kept = z.object({ kept: z.number().int() });
const EVERY_MS = 5_000;
/** For the last telling: a service that stops does not wait long for one that may be gone already. */
const LAST_MS = 1_000;

/** To identity over HTTP, as all services but itself. */
export const keptByIdentity =
  (identity: Pick<ServiceClient, 'ask'>): KeepRefusals =>
  (told, options) =>
    identity.ask('/security-events/reports', told, Kept, options);

/**
 * Tells identity what this service refused. Refusals wait in memory, because a request that is refused must not write:
 * what a killed process had not told yet is in its log alone.
 */
export function tellRefusals({ refusals, keep, isThere, log, now, uuid }: Telling): Teller {
  let untold: RefusalBatch | undefined;

  async function tell(take: () => readonly CountedRefusal[], options: AskOptions = {}): Promise<void> {
    if (!isThere()) return;
    if (untold === undefined) {
      const due = take();
      if (due.length === 0) return;
      untold = { batch: uuid(), refusals: due };
    }
    await keep(untold, options);
    untold = undefined;
  }
  const look = (): Promise<void> => tell(() => refusals.take(now()));
  const failed = (error: unknown): void =>
    log.warn({ err: error, refusals: untold?.refusals.length }, 'what was refused here is not told to identity yet');

  return {
    look,
    start() {
      let under: Promise<void> | undefined;
      const timer = setInterval(() => {
        under ??= look()
          .catch(failed)
          .finally(() => (under = undefined));
      }, EVERY_MS);
      return async () => {
        clearInterval(timer);
        await under;
        const last = async (): Promise<void> => {
          if (untold) await tell(() => [], { timeout: LAST_MS });
          await tell(refusals.takeAll, { timeout: LAST_MS });
        };
        await last().catch(failed);
      };
    },
  };
}
