import { z } from 'zod';
import type { Consumer } from '../consumer/consumer.ts';
import type { DeadLetter } from '../consumer/dead-letter.ts';
import type { ParkedKey, ParkedKeyEvent } from '../consumer/parking.ts';
import type { Redrive } from '../consumer/redrive.store.ts';
import { ok } from '../http/replies.ts';
import { route, type Route } from '../http/route.ts';
import type { Aggregate, OutboxEntry, Store } from '../store/store.ts';

interface OperationsParts {
  readonly store: Store;
  readonly parkedKeys: Aggregate<ParkedKey, ParkedKeyEvent>;
  readonly redrive: Redrive;
  readonly consumers: readonly Consumer[];
}

const ParkedView = z.object({
  group: z.string(),
  topic: z.string(),
  key: z.string(),
  count: z.number(),
  reason: z.string().nullable(),
  detail: z.string(),
  since: z.string().nullable(),
});

const DeadLetterView = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  key: z.string().nullable(),
  valueBase64: z.string().nullable(),
  reason: z.string(),
  at: z.string(),
});

const RedrivenView = z.object({
  group: z.string(),
  topic: z.string(),
  key: z.string(),
  handled: z.number(),
  remaining: z.number(),
  reason: z.string().nullable(),
});

const WatermarksView = z.object({
  positions: z.array(z.object({ group: z.string(), topic: z.string(), partition: z.number(), next: z.number() })),
  unpublished: z.object({ count: z.number(), oldest: z.string().nullable() }),
  parked: z.number(),
});

const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

const Which = z.strictObject({
  group: z.string().max(200).optional(),
  topic: z.string().max(200).optional(),
  key: z.string().max(500).optional(),
});

/** What operations needs of every service: what is stuck, what is lost to reading, how far it is, and "go on". */
export const operationsRoutes = ({ store, parkedKeys, redrive, consumers }: OperationsParts): readonly Route[] => {
  const deadLetters = store.db.collection<DeadLetter>('dead_letters');
  const outbox = store.db.collection<OutboxEntry>('outbox');
  const places = store.db.collection<{ _id: string; group: string; topic: string; partition: number; next: number }>(
    'consumer_offsets',
  );
  const stuck = { 'state.count': { $gt: 0 } };

  return [
    route({
      method: 'get',
      path: '/operations/parked',
      requires: 'operations.read',
      summary: { en: 'Keys whose messages wait for a person', zh: '等待人工处理的消息键' },
      query: Paging,
      reply: { 200: z.object({ items: z.array(ParkedView), next: z.string().nullable() }) },
      handle: async ({ query: { limit, cursor } }) => {
        const { items, next } = await parkedKeys.find(stuck, { limit, after: cursor });
        return ok({ items: items.map(({ state }) => state), next: next ?? null });
      },
    }),
    route({
      method: 'post',
      path: '/operations/redrive',
      requires: 'operations.redrive',
      summary: { en: 'Handle parked messages again, in their order', zh: '按顺序重新处理滞留消息' },
      body: Which,
      reply: { 200: z.object({ items: z.array(RedrivenView) }) },
      handle: async ({ body: { group, topic, key } }) =>
        ok({
          items: await redrive.all({
            ...(group !== undefined && { group }),
            ...(topic !== undefined && { topic }),
            ...(key !== undefined && { key }),
          }),
        }),
    }),
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
          store.db.collection('parked_keys').countDocuments(stuck),
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
