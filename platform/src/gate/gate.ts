import { setTimeout as pause } from 'node:timers/promises';
import type { Codec } from '@lotwarden/contracts/codec';
import type { InFlight } from '@lotwarden/contracts/events';
import { topics, type TopicName } from '@lotwarden/contracts/topics';
import { Rejected } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { Aggregate, AnyEvent, Store, Stored } from '../store/store.ts';
import { ACKNOWLEDGED, ACKNOWLEDGED_INDEXES } from './acknowledged.store.ts';
import { acknowledgementsOn } from './acknowledgement.ts';
import { drainAll, type Drained } from './drain.ts';
import { HoldFault } from './hold-fault.ts';
import { createHoldReader, HOLDS, type HoldReader } from './hold-reader.store.ts';
import { singleFlight } from './single-flight.ts';
import type { GateStreams, StreamMessage, Subscription } from './streams.ts';
import { closedBecause, STARTING, ticked, type ClosedBecause, type Watch } from './watch.ts';

export { acknowledgedAt, acknowledgedSoFar, type Acknowledged } from './acknowledged.store.ts';
export { assertFree, holdsOn, holdViolations, inheritedHolds, type GatedLot, type HeldInput } from './judge.ts';
export { mergedLots, mergePlaceholder } from './merge-placeholder.ts';
export { assertReleased, mayMoveHeld, mayMoveUnreleased, type Direction, type Purpose } from './purpose.ts';
export type { Drained } from './drain.ts';
export { gateStreams } from './gate-streams.client.ts';
export type { GateStreams, StreamMessage, Subscription } from './streams.ts';
export type { ClosedBecause } from './watch.ts';

export type GateName = 'receiving' | 'mes-bridge' | 'serialization' | 'warehouse' | 'qms';

export interface GateDefinition<S, E extends AnyEvent> {
  readonly name: GateName;
  /** One document per lot, `_id` = lot id; every path that lets goods pass changes that document. */
  readonly aggregate: Aggregate<S, E>;
  /** What of a held lot was already moving; people stop it by phone. */
  readonly inFlight?: (lot: Stored<S>) => readonly InFlight[] | undefined;
  /** The service's consumers whose effects may reach held lots. */
  readonly drains: readonly Drained[];
  /** Milliseconds; 5 s if absent. A gate whose last tick is older is closed. */
  readonly maxTickAge?: number;
}

export interface GateRuntime {
  readonly store: Store;
  readonly codec: Pick<Codec, 'decode'>;
  readonly streams: GateStreams;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}

export interface GateStatus {
  readonly gate: GateName;
  readonly closed: ClosedBecause | null;
  readonly applied: number;
  readonly holdEnd: number | null;
  /** ISO 8601. */
  readonly lastTick: string | null;
}

export interface Gate {
  readonly name: GateName;
  /** First thing in every command that lets goods pass. Throws `gate-closed` (503) with the reason. Never on facts. */
  assertOpen(): void;
  status(): GateStatus;
  /** Makes its indexes, reads holds and ticks; open only once it has caught up. */
  start(runtime: GateRuntime): Promise<Subscription>;
}

const TICKS = 'recall.tick.v1';
const MAX_TICK_AGE = 5_000;
const BEHIND_POLL_MS = 25;

/** The gate of a service: refuses what is held, and says to recall what it holds. */
export function gate<S, E extends AnyEvent>(definition: GateDefinition<S, E>): Gate {
  const { name, maxTickAge = MAX_TICK_AGE } = definition;
  let watch: Watch = STARTING;
  let now: () => number = () => 0;

  const closed = (): ClosedBecause | null => closedBecause(watch, now(), maxTickAge);

  return {
    name,
    assertOpen: () => {
      const reason = closed();
      if (reason) throw new Rejected('gate-closed', { gate: name, reason });
    },
    status: () => ({
      gate: name,
      closed: closed(),
      applied: watch.applied,
      holdEnd: watch.tick?.holdEnd ?? null,
      lastTick: watch.tick ? new Date(watch.tick.at).toISOString() : null,
    }),
    start: (runtime) => {
      now = () => runtime.store.clock().getTime();
      watch = STARTING;
      return run(definition, runtime, {
        get: () => watch,
        set: (next) => {
          watch = next;
        },
      });
    },
  };
}

interface Topic {
  readonly owner: string;
  readonly kind: string;
  readonly readers: readonly string[];
}

interface Cell {
  get(): Watch;
  set(next: Watch): void;
}

async function run<S, E extends AnyEvent>(
  definition: GateDefinition<S, E>,
  runtime: GateRuntime,
  watch: Cell,
): Promise<Subscription> {
  const { name, aggregate, inFlight, drains } = definition;
  const { store, codec, streams, log } = runtime;
  const group = `${store.service}.gate`;
  const acknowledgements = store.aggregate(acknowledgementsOn(`${name}.gate.v1`));
  store.collection('gate_holds');
  store.collection('gate_merges');
  store.collection(ACKNOWLEDGED, ACKNOWLEDGED_INDEXES);
  store.collection(aggregate.definition.collection, [{ key: { heldBy: 1, _id: 1 }, name: 'held by' }]);
  await store.ensureIndexes();

  const reader = createHoldReader({ gate: name, group, store, codec, lots: aggregate, acknowledgements, inFlight });
  const stopping = new AbortController();
  const { signal } = stopping;
  const update = (change: Partial<Watch>): void => {
    watch.set({ ...watch.get(), ...change });
  };
  const failed = (what: string) => (error: unknown) => {
    log.error({ err: error, gate: name }, what);
  };

  const publishes = ownTopics(store.service);
  const drain = singleFlight(
    () => drainAll({ gate: name, store, streams, acknowledgements, drains, publishes, signal }),
    signal,
    failed('The gate could not be drained; trying again'),
  );
  // Another replica may be the one that reads the holds: the database knows how far it came.
  const catchUp = singleFlight(
    async () => {
      do {
        update({ applied: (await reader.position()) ?? 0 });
        if (watch.get().applied >= (watch.get().tick?.holdEnd ?? 0)) return;
        await pause(BEHIND_POLL_MS, undefined, { signal });
      } while (!signal.aborted);
    },
    signal,
    failed('The gate could not read how far holds are applied'),
  );

  async function handle(messages: readonly StreamMessage[]): Promise<void> {
    const began = performance.now();
    try {
      const applied = await reader.handle(messages);
      update({ applied, fault: null });
      log.info(
        { gate: name, messages: messages.length, applied, ms: Math.round(performance.now() - began) },
        'holds applied',
      );
    } catch (error) {
      failed('The gate could not apply holds; what it has not applied keeps it closed')(error);
      if (error instanceof HoldFault) {
        update({ fault: error.because });
        // Reading again cannot make bytes readable, but it finds what was lost on the way.
        if (error.because !== 'hold-unreadable') await reader.reread();
      }
      throw error;
    }
    drain.request();
  }

  function tick({ value }: StreamMessage): void {
    if (value === null) return;
    try {
      const { at, holdEnd } = codec.decode(TICKS, value);
      watch.set(ticked(watch.get(), Date.parse(at), store.clock().getTime(), holdEnd));
    } catch (error) {
      // A tick that nobody can read is none: the gate closes when the last one is too old.
      log.warn({ err: error, gate: name }, 'A tick of the recall service cannot be read');
    }
    catchUp.request();
  }

  const subscriptions: Subscription[] = [];
  if (await holdTopicIsWhole(reader, streams)) {
    if (await wasRestored(store, acknowledgements.definition.collection)) await reader.reread();
    subscriptions.push(await streams.follow({ topic: HOLDS, group, position: reader.position, handle }));
  } else {
    update({ fault: 'hold-topic-broken' });
    log.error({ gate: name }, 'The hold topic is shorter than what was read of it; restore it before opening the gate');
  }
  subscriptions.push(await streams.tail(TICKS, tick));
  drain.request();

  return {
    failed: Promise.race(subscriptions.map(({ failed: gaveUp }) => gaveUp)),
    stop: async () => {
      stopping.abort();
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      await Promise.all([drain.settled(), catchUp.settled()]);
      watch.set(STARTING);
    },
  };
}

async function holdTopicIsWhole(reader: HoldReader, streams: GateStreams): Promise<boolean> {
  const [ends, position] = await Promise.all([streams.ends(HOLDS), reader.position()]);
  return (ends.find(({ partition }) => partition === 0)?.next ?? 0) >= (position ?? 0);
}

/** What an earlier life of this database acknowledged is void: all holds are read, compared and acknowledged again. */
async function wasRestored(store: Store, collection: string): Promise<boolean> {
  const other = { 'state.incarnation': { $exists: true, $ne: store.meta.incarnation() } };
  return (await store.db.collection(collection).findOne(other)) !== null;
}

/** What the genealogy is made of; the gate's own topic says nothing about lots. */
function ownTopics(service: string): TopicName[] {
  const names = Object.keys(topics) as TopicName[];
  return names.filter((name) => {
    const { owner, kind, readers }: Topic = topics[name];
    return owner === service && kind === 'fact' && readers.includes('traceability') && !name.endsWith('.gate.v1');
  });
}
