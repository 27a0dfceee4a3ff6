import type { Codec } from '@lotwarden/contracts/codec';
import type { TopicName } from '@lotwarden/contracts/topics';
import type { Incoming, KafkaPort } from '../kafka/kafka.ts';
import type { Log } from '../log/log.ts';
import type { AnyEvent, OutboxEntry, PublishedEvent, Store } from '../store/store.ts';

/** An aggregate of this service that publishes. */
export interface OwnAggregate {
  readonly topic: TopicName;
  readonly collection: string;
  readonly recover: (events: readonly PublishedEvent<AnyEvent>[]) => Promise<{ readonly applied: number }>;
}

interface Recovering {
  readonly service: string;
  readonly instance: string;
  readonly store: Store;
  readonly kafka: KafkaPort;
  readonly codec: Codec;
  readonly own: readonly OwnAggregate[];
  readonly log: Log;
}

interface Unknown {
  readonly partition: number;
  readonly from: number;
  readonly next: number;
}

/**
 * Reads of the service's own topics what the outbox does not know to be published (correctness rule 9). Normally that is
 * nothing, or the last few that were sent just before a crash; versions the database lacks mean that it was restored:
 * then it gets a new incarnation first, which voids what it acknowledged before, and the lost versions after.
 */
export async function recoverOwn(recovering: Recovering): Promise<void> {
  const { service, store, own, log } = recovering;
  const byTopic = [...Map.groupBy(own, (one) => one.topic)];
  const missing = byTopic.map(async ([topic, aggregates]) =>
    notInDatabase(recovering, aggregates, await publishedUnawares(recovering, topic)),
  );
  const lost = (await Promise.all(missing)).flat();
  if (lost.length === 0) return;
  const incarnation = await store.meta.renewIncarnation();
  log.error({ service, incarnation }, 'the database is older than what it has published: it was restored; recovering');
  for (const { aggregate, events } of lost) {
    const { applied } = await aggregate.recover(events);
    log.warn({ collection: aggregate.collection, applied }, 'recovered versions from the own topic');
  }
}

/** Events on the topic beyond the last place the outbox knows of, by partition. */
async function publishedUnawares(recovering: Recovering, topic: TopicName): Promise<PublishedEvent<AnyEvent>[]> {
  const { store, kafka } = recovering;
  const known = await store.db
    .collection<OutboxEntry>('outbox')
    .aggregate<{ _id: number; last: number }>([
      { $match: { topic, published: true, partition: { $exists: true } } },
      { $group: { _id: '$partition', last: { $max: '$offset' } } },
    ])
    .toArray();
  const last = new Map(known.map((one) => [one._id, one.last]));
  const unknown = (await kafka.ends(topic)).flatMap(({ partition, low, next }): Unknown[] => {
    const from = Math.max(low, (last.get(partition) ?? -1) + 1);
    return from < next ? [{ partition, from, next }] : [];
  });
  if (unknown.length === 0) return [];
  const messages = await readAll(recovering, topic, unknown);
  return messages.flatMap((message) => eventOf(recovering.codec, topic, message));
}

function eventOf(codec: Codec, topic: TopicName, { headers, value }: Incoming): PublishedEvent<AnyEvent>[] {
  const id = headers['ce_subject'];
  const version = Number(headers['ce_aggregateversion'] ?? 0);
  if (id === undefined || value === null || version === 0) return [];
  const event: unknown = codec.decode(topic, value);
  // What a gate acknowledged before is void: it says so again, in its new life.
  const caused = topic.endsWith('.gate.v1') ? undefined : headers['ce_causationid'];
  const cause = caused === undefined ? undefined : decodeURIComponent(caused);
  return [{ id: decodeURIComponent(id), version, event: event as AnyEvent, cause }];
}

const NOT_WANTED_MS = 60_000;

/** Reads the given stretches once, under a group of this life alone. */
async function readAll(
  { kafka, instance }: Recovering,
  topic: TopicName,
  wanted: readonly Unknown[],
): Promise<Incoming[]> {
  const found: Incoming[] = [];
  const open = new Map(wanted.map((one) => [one.partition, one]));
  const done = Promise.withResolvers<void>();
  const subscription = await kafka.consume({
    group: `${instance}.recovery.${topic}`,
    topics: [topic],
    onBatch: async ({ partition, messages, next }, control) => {
      const stretch = open.get(partition);
      if (stretch === undefined) {
        // Nothing unknown here: not to be read again and again while the others are.
        control.pause(NOT_WANTED_MS);
        return;
      }
      if (next <= stretch.from) {
        control.seek(stretch.from);
        return;
      }
      found.push(...messages.filter(({ offset }) => offset >= stretch.from && offset < stretch.next));
      await control.done(next);
      if (next >= stretch.next) open.delete(partition);
      if (open.size === 0) done.resolve();
    },
  });
  try {
    const gaveUp = subscription.failed.then((error) => {
      throw error;
    });
    await Promise.race([done.promise, gaveUp]);
  } finally {
    await subscription.stop();
  }
  return found;
}

/** Versions above what the aggregates' own documents have; what they have was only not marked as published yet. */
async function notInDatabase(
  { store }: Recovering,
  aggregates: readonly OwnAggregate[],
  events: readonly PublishedEvent<AnyEvent>[],
): Promise<{ aggregate: OwnAggregate; events: PublishedEvent<AnyEvent>[] }[]> {
  if (events.length === 0) return [];
  const ids = [...new Set(events.map(({ id }) => id))];
  const versions = new Map<string, number>();
  for (const { collection } of aggregates) {
    const documents = store.db.collection<{ _id: string; version: number }>(collection);
    for (const { _id, version } of await documents
      .find({ _id: { $in: ids } }, { projection: { version: 1 } })
      .toArray())
      versions.set(_id, Math.max(version, versions.get(_id) ?? 0));
  }
  const missing = events.filter(({ id, version }) => version > (versions.get(id) ?? 0));
  const [aggregate, another] = aggregates;
  if (missing.length === 0 || aggregate === undefined) return [];
  if (another !== undefined) throw new Error(`${aggregate.topic} has several aggregates; recover them by hand`);
  return [{ aggregate, events: missing }];
}
