import { Rejected } from '@lotwarden/platform/errors';
import { ok, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Instant, Moment, SerialRange } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { AsOf } from '../as-of/as-of.store.ts';
import { idsNamedThen } from '../as-of/lot-then.client.ts';
import type { Written } from '../facts/caught-up.store.ts';
import type { ReadFactLimits } from '../facts/fact-limits.store.ts';
import { subject } from '../facts/subjects.ts';
import type { AskOptions } from '../graph/graph.client.ts';
import { lotsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { limits, minOffsetsQuery } from '../graph/schemas.routes.ts';
import type { Timelines } from '../timeline/timeline.store.ts';
import { handledOutside, READ, type ToldOfGoods } from './handled-outside.ts';

const HandledView = z
  .object({
    serials: z.array(SerialRange),
    shipment: z.string(),
    custodian: z.string(),
    leftAt: Instant,
    backAt: Instant.nullable().meta({ description: 'Null: they have not come back' }),
    type: z.string().meta({ description: 'What we say that we did to them meanwhile' }),
    by: z.string().meta({ description: 'The operation, shipment or container, or the cause that the warehouse gave' }),
    from: Instant,
    to: Instant,
    source: z.object({ id: z.string(), topic: z.string(), aggregate: z.string() }),
  })
  .meta({ id: 'HandledOutside', description: 'Units that we handled while by our own books somebody else had them' });

interface Needs {
  readonly replica: Replica;
  readonly timelines: Timelines;
  readonly written: Written;
  readonly factLimits: ReadFactLimits;
  readonly asOf: AsOf;
}

export const outsideCustodyRoutes = ({ replica, timelines, written, factLimits, asOf }: Needs) => [
  route({
    method: 'get',
    path: '/lots/:lot/handled-outside',
    requires: 'trace.read',
    summary: {
      en: 'Units of a lot that were made into something, packed, scrapped or shipped while they were outside our custody',
      zh: '批次中在外期间仍有我方操作记录的单件',
    },
    query: z.object({
      ...pageQuery,
      asOf: Moment.optional().meta({ description: 'Only what had been recorded until then' }),
      ...minOffsetsQuery,
    }),
    reply: { 200: z.object({ ...pageOf(HandledView).shape, ...limits }) },
    csv: table(HandledView),
    errors: ['lot-unknown', 'lot-ambiguous', 'cursor-invalid', 'not-caught-up', 'graph-unavailable', 'past-too-large'],
    handle: async ({ params, query: { limit, cursor = '0', asOf: at, minOffsets }, signal }) => {
      const from = Number(cursor);
      if (!Number.isSafeInteger(from) || from < 0) throw new Rejected('cursor-invalid');
      await written.until(minOffsets, signal);
      const ids = at === undefined ? await idsNow(replica, params.lot, { minOffsets }) : await idsNamedThen({ replica, asOf }, params.lot, at, { minOffsets, signal }); // prettier-ignore
      const { offsets, gaps } = await factLimits();
      const told: ToldOfGoods[] = [];
      for await (const { record, event } of timelines.told(ids.map((id) => subject('lot', id)), READ, at)) // prettier-ignore
        told.push({ id: record.id, topic: record.topic, aggregate: record.aggregate, occurredAt: record.occurredAt, event: event as ToldOfGoods['event'] }); // prettier-ignore
      const all = handledOutside(new Set(ids), told);
      const next = from + limit < all.length ? String(from + limit) : null;
      return ok({ items: all.slice(from, from + limit), next, offsets, complete: gaps.length === 0, gaps });
    },
  }),
];

async function idsNow(replica: Pick<Replica, 'ask'>, name: string, options: AskOptions): Promise<readonly string[]> {
  const [lot = name] = await lotsNamed(replica, [name], options);
  return replica.ask('ids', { lot });
}
