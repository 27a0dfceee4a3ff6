import type { Gate } from '../gate/gate.ts';
import { waitingKeys } from '../operations/waiting.store.ts';
import type { Saga } from '../saga/saga.store.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Stop } from './stages.ts';

interface Measured {
  readonly store: Store;
  readonly gates: readonly Gate[];
  readonly sagas: readonly Saga[];
}

/** What every service tells about its own backlog, looked up when the metrics are collected. */
export function measure(metrics: Metrics, { store, gates, sagas }: Measured): Stop {
  const outbox = store.db.collection<{ createdAt: Date; published: boolean }>('outbox');
  const secondsSince = (moment: Date): number => Math.max(0, (store.clock().getTime() - moment.getTime()) / 1000);
  const ends = [
    metrics.gauge('lotwarden.outbox.oldest', async () => {
      const [oldest] = await outbox.find({ published: false }).sort({ createdAt: 1 }).limit(1).toArray();
      return [{ value: oldest === undefined ? 0 : secondsSince(oldest.createdAt) }];
    }),
    metrics.gauge('lotwarden.outbox.waiting', async () => [
      { value: await outbox.countDocuments({ published: false }) },
    ]),
    metrics.gauge('lotwarden.parked.keys', async () =>
      Object.entries(await waitingKeys(store)).map(([reason, value]) => ({ value, attributes: { reason } })),
    ),
    metrics.gauge('lotwarden.dead.letters', async () => [
      { value: await store.db.collection('dead_letters').estimatedDocumentCount() },
    ]),
    metrics.gauge('lotwarden.passed.over', async () => [
      { value: await store.db.collection('passed_over').estimatedDocumentCount() },
    ]),
    metrics.gauge('lotwarden.gate.open', async () =>
      gates.map((gate) => ({ value: gate.status().closed === null ? 1 : 0, attributes: { gate: gate.name } })),
    ),
    metrics.gauge('lotwarden.saga.age', async () =>
      (await Promise.all(sagas.map((saga) => saga.ages()))).flat().map(({ saga, step, enteredAt }) => ({
        value: secondsSince(enteredAt),
        attributes: { saga, step },
      })),
    ),
  ];
  return async () => ends.forEach((end) => end());
}
