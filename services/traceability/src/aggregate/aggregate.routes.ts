import { ok, route, table } from '@lotwarden/platform/http';
import { Quantity } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { z } from 'zod';
import type { Replica } from '../graph/replica.client.ts';
import { limits, MinOffsets } from '../graph/schemas.routes.ts';
import { addingUp, addUp, type AddedUp } from './add-up.client.ts';
import { DIMENSIONS, type AggregateRow, type Dimension } from './aggregate.ts';
import { LotSetBody, lotSetOf } from './lot-set.routes.ts';

const Amounts = {
  received: Quantity,
  made: Quantity,
  onHand: Quantity,
  inProcess: Quantity,
  consumed: Quantity,
  inTransit: Quantity,
  atCustodian: Quantity,
  used: Quantity,
  scrapped: Quantity,
  sampled: Quantity,
  destroyed: Quantity,
  unaccounted: Quantity,
  shipped: Quantity,
  returned: Quantity,
};

/** Of lots of which only some units are affected. */
export const AT_MOST = {
  atMost: z.number().int().meta({
    description: 'Of these, lots whose books do not say where these units are: each number counts at most as many',
  }),
};

const Keys = Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, z.string().nullable().optional()])) as Record<
  Dimension,
  z.ZodOptional<z.ZodNullable<z.ZodString>>
>;

const AggregateRowView = z
  .object({
    ...Keys,
    unit: z.string(),
    lots: z.number().int().meta({ description: 'Lots that add something to it; one lot may add to several rows' }),
    ...Amounts,
  })
  .meta({ id: 'AggregateRow', description: 'Part of the balances; null where a key is not known, or nobody’s' });

export const rowView = (by: readonly Dimension[], { keys, unit, lots, amounts }: AggregateRow) => ({
  ...Object.fromEntries(by.map((dimension, at) => [dimension, keys[at] ?? null])),
  unit,
  lots,
  ...amounts,
});

/** Throws nothing: a zone that nobody knows is refused as any other wrong value. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const TimeZone = z
  .string()
  .max(64)
  .refine(
    isTimeZone,
    words('no time zone of that name; for example Asia/Shanghai', '没有该名称的时区,例如 Asia/Shanghai'),
  );

const partly = {
  partly: z.number().int().meta({ description: 'Lots of which only some units are affected: only these count' }),
  ...AT_MOST,
};

export const aggregateRoutes = (replica: Replica) => [
  route({
    method: 'post',
    path: '/aggregates',
    requires: 'trace.read',
    summary: {
      en: 'Balances of many lots, of a trace or of everything, divided by region, channel, product line, month, …',
      zh: '按区域、渠道、产品线、月份等汇总批次、追溯结果或全部物料的平衡',
    },
    body: z.object({
      of: LotSetBody,
      by: z.array(z.enum(DIMENSIONS)).max(4).default([]).meta({ description: 'In this order; none: one row a unit' }),
      timeZone: TimeZone.default('UTC').meta({ description: 'Of the months; an IANA name' }),
      minOffsets: MinOffsets.default([]),
    }),
    reply: {
      200: z.object({
        items: z.array(AggregateRowView),
        timeZone: z.string(),
        lots: z.number().int(),
        unbalanced: z.number().int().meta({ description: 'Lots whose balance leaves a remainder' }),
        ...partly,
        ...limits,
      }),
    },
    csv: table(AggregateRowView),
    errors: [
      'lot-unknown',
      'roots-unknown',
      'lot-ambiguous',
      'trace-not-kept',
      'aggregate-too-large',
      'not-caught-up',
      'graph-unavailable',
    ],
    handle: async ({ body: { of, by, timeZone, minOffsets }, signal }) => {
      const different = [...new Set(by)];
      const { set, limits: limitsNow } = await lotSetOf(replica, of, minOffsets);
      const { rows, ...counts } = await addUp(replica, { set, by: different, timeZone }, signal);
      return ok({ items: rows.map((row) => rowView(different, row)), timeZone, ...counts, ...limitsNow });
    },
    // It begins at once and takes as long as it needs: the sums come when all is added up.
    rows: async function* ({ body: { of, by, timeZone, minOffsets }, signal }) {
      const different = [...new Set(by)];
      const { set, limits: limitsNow } = await lotSetOf(replica, of, minOffsets);
      let told: (() => AddedUp) | undefined;
      for await (const sums of addingUp(replica, { set, by: different, timeZone }, signal)) {
        told = sums;
        yield { items: [], ...limitsNow };
      }
      yield { items: (told?.().rows ?? []).map((row) => rowView(different, row)), ...limitsNow };
    },
  }),
];
