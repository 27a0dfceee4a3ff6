import { decodeCursor, encodeCursor, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Instant } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import { lotsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import type { TimelineEntries } from './timeline.projection.ts';

const EntryView = z
  .object({
    lot: z.string(),
    type: z.string(),
    occurredAt: Instant,
    recordedAt: Instant,
    actor: z.string(),
    reason: z.string().nullable(),
    device: z.string().nullable(),
    site: z.string().nullable(),
    source: z.object({ topic: z.string(), partition: z.number().int(), offset: z.number().int(), id: z.string() }),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({
    id: 'TimelineEntry',
    description: 'One event in the life of a lot; occurred by the reporter, recorded by us',
  });

export const timelineRoutes = (replica: Replica, entries: TimelineEntries) => [
  route({
    method: 'get',
    path: '/lots/:lot/timeline',
    requires: 'trace.read',
    summary: { en: 'Everything that happened to a lot, in the order it occurred', zh: '批次全程时间线' },
    query: z.object({ ...pageQuery }),
    reply: { 200: pageOf(EntryView) },
    errors: ['lot-unknown', 'lot-ambiguous', 'graph-unavailable'],
    handle: async ({ params, query: { limit, cursor } }) => {
      const [lot = params.lot] = await lotsNamed(replica, [params.lot]);
      // What was said under its placeholders is its history too.
      const lots = await replica.ask('ids', { lot });
      const found = await entries
        .find({ lot: { $in: [...lots] }, ...(cursor === undefined ? {} : after(decodeCursor(cursor))) })
        .sort({ occurredAt: 1, _id: 1 })
        .limit(limit + 1)
        .toArray();
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      const items = shown.map(({ _id, ...entry }) => entry);
      return ok(page(items, last && encodeCursor(`${last.occurredAt} ${last._id}`)));
    },
  }),
];

function after(cursor: string) {
  const [occurredAt = '', ...id] = cursor.split(' ');
  return { $or: [{ occurredAt: { $gt: occurredAt } }, { occurredAt, _id: { $gt: id.join(' ') } }] };
}
