import type { Consumption } from '../consumer/consumption.client.ts';
import type { Gate } from '../gate/gate.ts';
import type { Check } from '../health/health.ts';
import type { JobRunner } from '../jobs/runner.ts';
import { waitingKeys } from '../operations/waiting.store.ts';
import type { Store } from '../store/store.ts';

export interface Parts {
  readonly store: Store | undefined;
  readonly consumption: Consumption | undefined;
  readonly gates: readonly Gate[];
  readonly jobs: JobRunner | undefined;
  readonly open: boolean;
}

const there = (ok: boolean, detail?: unknown) => Promise.resolve(detail === undefined ? { ok } : { ok, detail });

/**
 * What readiness looks at. A closed gate, parked keys and an absent Redis are shown but do not count: the replica serves all the
 * rest, and taking it away would only make things worse.
 */
export const checksOf = (parts: () => Parts): Readonly<Record<string, Check>> => ({
  started: { counts: true, look: () => there(parts().open) },
  store: {
    counts: true,
    look: async () => {
      const { store } = parts();
      if (store === undefined) return { ok: false };
      await store.db.command({ ping: 1 });
      return { ok: true };
    },
  },
  streams: {
    counts: true,
    look: () => {
      const { consumption } = parts();
      const alarms = consumption?.alarms() ?? [];
      return there(consumption?.assigned() ?? false, alarms.length > 0 ? { alarms } : undefined);
    },
  },
  parked: {
    counts: false,
    look: async () => {
      const { store } = parts();
      const waiting = store === undefined ? [] : Object.entries(await waitingKeys(store));
      const some = waiting.filter(([, count]) => count > 0);
      return { ok: some.length === 0, ...(some.length > 0 && { detail: Object.fromEntries(some) }) };
    },
  },
  gates: {
    counts: false,
    look: () => {
      const statuses = parts().gates.map((gate) => gate.status());
      return there(
        statuses.every(({ closed }) => closed === null),
        statuses,
      );
    },
  },
  jobs: { counts: false, look: () => there(parts().jobs?.connected() ?? false) },
});
