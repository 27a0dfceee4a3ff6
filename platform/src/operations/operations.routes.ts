import { z } from 'zod';
import type { Consumer } from '../consumer/consumer.ts';
import type { DeadLetter } from '../consumer/dead-letter.ts';
import { ok } from '../http/replies.ts';
import { route, type Route } from '../http/route.ts';
import type { OutboxEntry, Store } from '../store/store.ts';
import { Paging } from './paging.ts';
import { WAITING } from './waiting.store.ts';

interface OperationsParts {
  readonly store: Store;
  readonly consumers: readonly Consumer[];
}

const DeadLetterView = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  key: z.string().nullable(),
  valueBase64: z.string().nullable(),
  reason: z.string(),
  at: z.string(),
});

const WatermarksView = z.object({
  positions: z.array(z.object({ group: z.string(), topic: z.string(), partition: z.number(), next: z.number() })),
  unpublished: z.object({ count: z.number(), oldest: z.string().nullable() }),
  parked: z.number(),
});

/** What operations needs of every service: what nobody can read, and how far it has read and published. */
export const operationsRoutes = ({ store, consumers }: OperationsParts): readonly Route[] => {
  const deadLetters = store.db.collection<DeadLetter>('dead_letters');
  const outbox = store.db.collection<OutboxEntry>('outbox');
  const places = store.db.collection<{ _id: string; group: string; topic: string; partition: number; next: number }>(
    'consumer_offsets',
  );

  return [
    route({
      method: 'get',
      path: '/operations/dead-letters',
      requires: 'operations.read',
      summary: { en: 'Messages nobody can read, as they came', zh: '无法解析的原始消息' },
      query: Paging,
      reply: { 200: z.object({ items: z.array(DeadLetterView), next: z.string().nullable() }) },
      handle: async ({ query: { limit, cursor } }) => {
        const after = cursor === undefined ? {} : { _id: { $gt: cursor } };
        const found = await deadLetters.find(after).sort({ _id: 1 }).limit(limit).toArray();
        const next = found.length === limit ? (found.at(-1)?._id ?? null) : null;
        return ok({ items: found.map(letterView), next });
      },
    }),
    route({
      method: 'get',
      path: '/operations/watermarks',
      requires: 'operations.read',
      summary: { en: 'How far this service has read and published', zh: '本服务的读取与发布进度' },
      reply: { 200: WatermarksView },
      handle: async () => {
        const groups = [...new Set(consumers.map(({ group }) => group))];
        const [positions, count, [oldest], parked] = await Promise.all([
          places
            .find({ group: { $in: [...groups, `${store.service}.gate`] } })
            .sort({ _id: 1 })
            .toArray(),
          outbox.countDocuments({ published: false }),
          outbox.find({ published: false }).sort({ createdAt: 1 }).limit(1).toArray(),
          store.db.collection('parked_keys').countDocuments(WAITING),
        ]);
        return ok({
          positions: positions.map(({ group, topic, partition, next }) => ({ group, topic, partition, next })),
          unpublished: { count, oldest: oldest?.createdAt.toISOString() ?? null },
          parked,
        });
      },
    }),
  ];
};

const letterView = ({ topic, partition, offset, key, value, reason, at }: DeadLetter) => ({
  topic,
  partition,
  offset,
  key: key === null ? null : Buffer.from(key.buffer).toString('utf8'),
  valueBase64: value === null ? null : Buffer.from(value.buffer).toString('base64'),
  reason,
  at: at.toISOString(),
});
