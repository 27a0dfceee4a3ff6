import { topics, type TopicName } from '@lotwarden/contracts/topics';
import type { Batch, KafkaPort } from '../kafka/kafka.ts';
import type { Store } from '../store/store.ts';
import { offsetId } from '../store/work.ts';
import type { Consumer } from './consumer.ts';
import { whereToRead, type Verdict } from './where-to-read.ts';

/** A stream is not what it was. Nobody may go on by himself: a person has to look. */
export class StreamBroken extends Error {
  override readonly name = 'StreamBroken';
}

interface PlaceDocument {
  readonly _id: string;
  readonly group: string;
  readonly topic: TopicName;
  readonly partition: number;
  readonly next: number;
}

interface Where {
  readonly group: string;
  readonly topic: TopicName;
  readonly partition: number;
}

export interface Places {
  /** The next offset wanted; null before the first. */
  of(where: Where): Promise<number | null>;
  set(where: Where, next: number): void;
  /** It may have changed elsewhere: it is looked up again. */
  forget(where: Where): void;
  forgetAll(): void;
  /** What to do with a batch that these consumers read. */
  judge(listening: readonly Consumer[], batch: Batch): Promise<Verdict>;
  /** Throws StreamBroken for a topic that ends before what was read of it: it was made anew, or cut off. */
  check(consumers: readonly Consumer[]): Promise<void>;
}

/** Where the consumers of a service are. The truth is in MongoDB, advanced with the effects; this only remembers it. */
export function createPlaces(store: Store, kafka: Pick<KafkaPort, 'ends'>): Places {
  const stored = store.db.collection<PlaceDocument>('consumer_offsets');
  const known = new Map<string, number | null>();

  const of = async (where: Where): Promise<number | null> => {
    const id = offsetId(where);
    const remembered = known.get(id);
    if (remembered !== undefined) return remembered;
    const next = (await stored.findOne({ _id: id }))?.next ?? null;
    known.set(id, next);
    return next;
  };

  return {
    of,
    set: (where, next) => void known.set(offsetId(where), next),
    forget: (where) => void known.delete(offsetId(where)),
    forgetAll: () => {
      known.clear();
    },
    judge: async (listening, batch) => {
      const { topic: name, partition } = batch;
      const topic = name as TopicName;
      return whereToRead({
        places: await Promise.all(listening.map(({ group }) => of({ group, topic, partition }))),
        batch,
        keptForEver: topics[topic].retention === 'forever',
        there: async () => {
          const end = (await kafka.ends(topic)).find((one) => one.partition === partition);
          return end ?? { low: 0, next: 0 };
        },
      });
    },
    check: async (consumers) => {
      const wanted = consumers.map(({ group, topic }) => ({ group, topic }));
      if (wanted.length === 0) return;
      const places = await stored.find({ $or: wanted }).toArray();
      const byTopic = [...Map.groupBy(places, (place) => place.topic)];
      await Promise.all(
        byTopic.map(async ([topic, of]) => {
          const ends = new Map((await kafka.ends(topic)).map(({ partition, next }) => [partition, next]));
          for (const { partition, next, group } of of) {
            const end = ends.get(partition) ?? 0;
            if (end < next)
              throw new StreamBroken(
                `${topic}/${String(partition)} ends at ${String(end)}, but ${group} has read to ${String(next)}`,
              );
          }
        }),
      );
    },
  };
}
