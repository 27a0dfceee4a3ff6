import { z } from 'zod';
import type { Consumer } from '../consumer/consumer.ts';
import type { ParkedKey } from '../consumer/parking.ts';
import { ok } from '../http/replies.ts';
import { route, type Route } from '../http/route.ts';
import type { KafkaPort, PartitionEnd } from '../kafka/kafka.ts';
import type { OutboxEntry, Store } from '../store/store.ts';
import { unreadBy, type Place } from './unread.ts';

const OfReader = z.object({ group: z.string(), topic: z.string(), count: z.number().int() });

const MissingView = z.object({
  unread: z.array(OfReader).meta({ description: 'Messages that were there and are not handled' }),
  parked: z.array(OfReader).meta({ description: 'Keys whose messages wait for a person' }),
  unpublished: z.array(z.object({ topic: z.string(), count: z.number().int() })),
});

interface Parts {
  readonly store: Store;
  readonly kafka: Pick<KafkaPort, 'ends'>;
  readonly consumers: readonly Consumer[];
}

/**
 * What others cannot see yet of what this service was told (correctness rule 25). In this order: where the streams end,
 * how far they are handled and what is parked, then what is unpublished. So if nothing is named, all that was there when
 * it was asked has had its effects, and these are published.
 */
export const missingRoutes = ({ store, kafka, consumers }: Parts): readonly Route[] => {
  const places = store.db.collection<Place & { _id: string }>('consumer_offsets');
  const outbox = store.db.collection<OutboxEntry>('outbox');
  const parkedKeys = store.db.collection<{ _id: string; state: ParkedKey }>('parked_keys');

  return [
    route({
      method: 'get',
      path: '/operations/missing',
      requires: 'operations.read',
      summary: { en: 'What is not read, parked, or not published yet', zh: '未读取、滞留及未发布的消息' },
      query: z.object({ topics: z.string().max(4_000).meta({ description: 'Only these, separated by commas' }) }),
      reply: { 200: MissingView },
      handle: async ({ query }) => {
        const topics = query.topics.split(',');
        const readers = readersOf(consumers, topics);
        const ends = new Map<string, readonly PartitionEnd[]>();
        for (const topic of new Set(readers.map((reader) => reader.topic))) ends.set(topic, await kafka.ends(topic));
        const read = await places.find({ topic: { $in: topics } }).toArray();
        const parked = await parkedKeys
          .aggregate<{ _id: { group: string; topic: string }; count: number }>([
            { $match: { 'state.count': { $gt: 0 }, 'state.topic': { $in: topics } } },
            { $group: { _id: { group: '$state.group', topic: '$state.topic' }, count: { $sum: 1 } } },
          ])
          .toArray();
        const unpublished = await outbox
          .aggregate<{ _id: string; count: number }>([
            { $match: { published: false, topic: { $in: topics } } },
            { $group: { _id: '$topic', count: { $sum: 1 } } },
          ])
          .toArray();
        return ok({
          unread: unreadBy(readers, read, (topic) => ends.get(topic) ?? []),
          parked: parked.map(({ _id, count }) => ({ ..._id, count })),
          unpublished: unpublished.map(({ _id: topic, count }) => ({ topic, count })),
        });
      },
    }),
  ];
};

/** One consumer of a topic may be there in several parts. */
function readersOf(consumers: readonly Consumer[], topics: readonly string[]) {
  const wanted = consumers.filter(({ topic }) => topics.includes(topic));
  return [...new Map(wanted.map(({ group, topic }) => [`${group}|${topic}`, { group, topic }])).values()];
}
