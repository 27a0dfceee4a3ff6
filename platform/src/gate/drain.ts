import { setTimeout as pause } from 'node:timers/promises';
import type { TopicName } from '@lotwarden/contracts/topics';
import { offsetId, type Aggregate, type Store } from '../store/store.ts';
import { drained, isDraining, type Acknowledgement, type AcknowledgementEvent } from './acknowledgement.ts';
import type { GateStreams } from './streams.ts';

/** A consumer whose effects may reach lots of a hold. */
export interface Drained {
  readonly topic: TopicName;
  readonly group: string;
}

interface DrainParts {
  readonly gate: string;
  readonly store: Store;
  readonly streams: Pick<GateStreams, 'ends'>;
  readonly acknowledgements: Aggregate<Acknowledgement, AcknowledgementEvent>;
  readonly drains: readonly Drained[];
  /** The service's own topics that others follow into the genealogy. */
  readonly publishes: readonly TopicName[];
  readonly signal: AbortSignal;
}

const POLL_MS = 20;

/**
 * Says `GateDrained` for every acknowledged hold that waits for it: what had been written to the gate's sources when it
 * began is applied and published (correctness rule 17). What waits is read from the database, so a restart resumes it;
 * ends taken later than the first time only say more.
 */
export async function drainAll(parts: DrainParts): Promise<void> {
  const { gate, store, acknowledgements } = parts;
  for (let waiting = await undrained(parts); waiting.length > 0; waiting = await undrained(parts)) {
    await allHeard(parts);
    await allPublished(store, parts.signal);
    const offsets = await ownEnds(parts);
    for (const { id, state } of waiting) {
      const { epoch, incarnation } = state;
      const event = { type: 'GateDrained', gate, hold: id, case: state.case, epoch, incarnation, offsets } as const;
      const context = { actor: `service:${store.service}`, reason: 'recall hold' };
      await acknowledgements.change(id, context, (now) => drained(now, event));
    }
  }
}

async function undrained({ store, acknowledgements }: DrainParts): Promise<{ id: string; state: Acknowledgement }[]> {
  const { collection } = acknowledgements.definition;
  const documents = await store.db.collection<{ _id: string; state?: Acknowledgement }>(collection).find().toArray();
  return documents.flatMap(({ _id, state }) => (state && isDraining(state) ? [{ id: _id, state }] : []));
}

async function allHeard({ store, streams, drains, signal }: DrainParts): Promise<void> {
  const wanted: { id: string; next: number }[] = [];
  for (const { topic, group } of drains)
    for (const { partition, low, next } of await streams.ends(topic))
      if (next > low) wanted.push({ id: offsetId({ group, topic, partition }), next });
  const places = store.db.collection<{ _id: string; next: number }>('consumer_offsets');
  await until(signal, async () => {
    const ids = wanted.map(({ id }) => id);
    const found = await places.find({ _id: { $in: ids } }).toArray();
    const at = new Map(found.map(({ _id, next }) => [_id, next]));
    return wanted.every(({ id, next }) => (at.get(id) ?? 0) >= next);
  });
}

/** Entries that come later are effects of later messages or commands, which met the holds. */
async function allPublished(store: Store, signal: AbortSignal): Promise<void> {
  const before = store.clock();
  const waiting = { published: false, createdAt: { $lte: before } };
  await until(signal, async () => (await store.db.collection('outbox').findOne(waiting)) === null);
}

async function ownEnds({
  streams,
  publishes,
}: DrainParts): Promise<{ topic: string; partition: number; next: number }[]> {
  const ends: { topic: string; partition: number; next: number }[] = [];
  for (const topic of publishes)
    for (const { partition, next } of await streams.ends(topic)) ends.push({ topic, partition, next });
  return ends;
}

async function until(signal: AbortSignal, reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await pause(POLL_MS, undefined, { signal });
}
