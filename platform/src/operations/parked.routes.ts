import { z } from 'zod';
import type { Consumer } from '../consumer/consumer.ts';
import type { ParkedKey, ParkedKeyEvent, ParkedMessage } from '../consumer/parking.ts';
import type { PassedOver, Redrive } from '../consumer/redrive.store.ts';
import { Rejected } from '../errors.ts';
import { ok } from '../http/replies.ts';
import { route, type Route } from '../http/route.ts';
import type { Aggregate, Store } from '../store/store.ts';
import { Paging } from './paging.ts';
import { WAITING } from './waiting.store.ts';

interface ParkedParts {
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
  first: z
    .object({ partition: z.number(), offset: z.number(), version: z.number() })
    .nullable()
    .meta({ description: 'The message that all others of the key wait for' }),
});

const RedrivenView = z.object({
  group: z.string(),
  topic: z.string(),
  key: z.string(),
  handled: z.number(),
  remaining: z.number(),
  reason: z.string().nullable(),
});

const PassedOverView = z.object({
  group: z.string(),
  topic: z.string(),
  key: z.string(),
  partition: z.number(),
  offset: z.number(),
  version: z.number(),
  valueBase64: z.string().nullable(),
  was: z.string().meta({ description: 'Why it was parked' }),
  actor: z.string(),
  reason: z.string(),
  at: z.string(),
});

const Which = z.strictObject({
  group: z.string().max(200).optional(),
  topic: z.string().max(200).optional(),
  key: z.string().max(500).optional(),
});

const PassOver = z.strictObject({
  group: z.string().max(200),
  topic: z.string().max(200),
  key: z.string().max(500),
  partition: z.number().int(),
  offset: z.number().int(),
  reason: z.string().trim().min(1).max(1000).meta({ description: 'Why the system may go on without it' }),
});

/** What waits for a person, and the two ways on: handle it again, or say why to go on without it. */
export const parkedRoutes = ({ store, parkedKeys, redrive, consumers }: ParkedParts): readonly Route[] => {
  const messages = store.db.collection<ParkedMessage>('parked_messages');
  const passedOver = store.db.collection<PassedOver>('passed_over');

  async function firstOf(ids: readonly string[]) {
    const found = await messages
      .aggregate<{ _id: string; first: { partition: number; offset: number; version: number } }>([
        { $match: { parkedKey: { $in: ids } } },
        { $sort: { parkedKey: 1, version: 1, partition: 1, offset: 1 } },
        {
          $group: {
            _id: '$parkedKey',
            first: { $first: { partition: '$partition', offset: '$offset', version: '$version' } },
          },
        },
      ])
      .toArray();
    return new Map(found.map(({ _id, first }) => [_id, first]));
  }

  return [
    route({
      method: 'get',
      path: '/operations/parked',
      requires: 'operations.read',
      summary: { en: 'Keys whose messages wait for a person', zh: '等待人工处理的消息键' },
      query: Paging,
      reply: { 200: z.object({ items: z.array(ParkedView), next: z.string().nullable() }) },
      handle: async ({ query: { limit, cursor } }) => {
        const { items, next } = await parkedKeys.find(WAITING, { limit, after: cursor });
        const first = await firstOf(items.map(({ id }) => id));
        return ok({
          items: items.map(({ id, state }) => ({ ...state, first: first.get(id) ?? null })),
          next: next ?? null,
        });
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
      method: 'post',
      path: '/operations/pass-over',
      requires: 'operations.redrive',
      summary: {
        en: 'Go on without the first parked message of a key; it is kept with who and why',
        zh: '跳过某键的首条滞留消息,并记录操作人与原因',
      },
      body: PassOver,
      reply: { 200: RedrivenView },
      errors: ['parked-message-unknown', 'parked-message-early'],
      handle: async ({ body: { group, topic, key, reason, ...place }, context, log }) => {
        const consumer = consumers.find((one) => one.group === group && one.topic === topic);
        if (consumer === undefined) throw new Rejected('parked-message-unknown', { topic, key, ...place });
        const result = await redrive.passOver(consumer, key, place, { ...context, reason });
        log.warn({ group, topic, key, ...place, reason }, 'a message was passed over');
        return ok(result);
      },
    }),
    route({
      method: 'get',
      path: '/operations/passed-over',
      requires: 'operations.read',
      summary: { en: 'Messages that a person decided to go on without', zh: '经人工决定跳过的消息' },
      query: Paging,
      reply: { 200: z.object({ items: z.array(PassedOverView), next: z.string().nullable() }) },
      handle: async ({ query: { limit, cursor } }) => {
        const after = cursor === undefined ? {} : { _id: { $gt: cursor } };
        const found = await passedOver.find(after).sort({ _id: 1 }).limit(limit).toArray();
        return ok({ items: found.map(passedView), next: found.length === limit ? (found.at(-1)?._id ?? null) : null });
      },
    }),
  ];
};

const passedView = ({ group, topic, place: key, value, at, ...known }: PassedOver) => {
  const { partition, offset, version, was, actor, reason } = known;
  const valueBase64 = value === null ? null : Buffer.from(value.buffer).toString('base64');
  return { group, topic, key, partition, offset, version, valueBase64, was, actor, reason, at: at.toISOString() };
};
