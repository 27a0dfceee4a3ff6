import { Rejected } from '@lotwarden/platform/errors';
import {
  decodeCursor,
  encodeCursor,
  ok,
  okJson,
  page,
  pageOf,
  pageQuery,
  route,
  table,
} from '@lotwarden/platform/http';
import { LotLine, Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import { formatSerial } from '@lotwarden/platform/serial-range';
import { restricted } from '@lotwarden/platform/http-restricted';
import { z } from 'zod';
import { lotsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { limits, MinOffsets, minOffsetsQuery } from '../graph/schemas.routes.ts';
import type { AffectedSerials, GoodsPage, GoodsPart } from '../roots/affected-goods.ts';
import { assertFound, ROOT_ERRORS, rootsFrom } from '../roots/read-roots.client.ts';
import { RootFoundView, RootsBody } from '../roots/schemas.routes.ts';
import type { TraceLimits, TracePart } from './trace-question.ts';

const Certainty = z.enum(['scanned', 'lot-inferred', 'backflushed', 'possible', 'gap-assumed']);
const ByCertainty = z.record(Certainty, z.number().int());

const Because = z
  .object({
    kind: z.enum(['mount', 'load']),
    id: z.string(),
    equipment: z.string().nullable(),
    position: z.string().nullable(),
    from: z.string().nullable().meta({ description: 'When it can have been used, as it counts by now' }),
    to: z.string().nullable(),
    sure: z.boolean().meta({ description: 'Nothing about that time is guessed' }),
    document: z.object({ system: z.string(), code: z.string() }).nullable(),
  })
  .meta({ id: 'Because', description: 'The mounted reel or filling, or the load, from which a link follows' });

const TracedLot = z
  .object({
    lot: z.string(),
    item: z.string().nullable(),
    quantity: Quantity.nullable(),
    serials: z.object({ mode: z.enum(['all', 'only']), ranges: z.array(SerialRange) }),
    units: z.number().int().nullable().meta({ description: 'How many units; null where the lot has no serials' }),
    certainty: Certainty.meta({ description: 'Worst link of the shortest path' }),
    hops: z.number().int().meta({ description: 'Operations from the nearest root' }),
    unitWays: z.array(z.object({ certainty: Certainty, hops: z.number().int(), ranges: z.array(SerialRange) })).meta({
      description: 'Where units are farther or less surely affected than their lot: all of them, by how sure',
    }),
    via: z
      .object({
        lot: z.string(),
        operation: z.string(),
        edge: z.string(),
        certainty: Certainty,
        taken: Quantity.nullable(),
        given: Quantity.nullable(),
        because: z.array(Because),
      })
      .nullable()
      .meta({ description: 'Last step of the shortest path, with quantities; null for a root' }),
  })
  .meta({ id: 'LotOfTrace', description: 'A lot in scope; nearest to a root first' });

const Line = z.object({ lot: z.string(), quantity: Quantity, inScope: z.boolean() });

const PARTS = {
  lots: TracedLot,
  custodians: z.object({ custodian: z.string(), lines: z.array(LotLine) }).meta({ id: 'CustodianOfTrace' }),
  operations: z
    .object({
      operation: z.string(),
      kind: z.string().nullable(),
      site: z.string().nullable(),
      equipment: z.string().nullable(),
      operator: restricted('operator.read', z.string().nullable()),
      startedAt: z.string().nullable(),
      endedAt: z.string().nullable(),
      inputs: z.array(
        Line.extend({
          quantity: Quantity.nullable().meta({ description: 'Null where nobody said how much' }),
          edge: z.string(),
          certainty: Certainty,
          because: z.array(Because),
        }),
      ),
      outputs: z.array(Line),
      scrap: z.array(Line),
    })
    .meta({ id: 'OperationOfTrace' }),
  stopped: z.object({ lot: z.string(), hops: z.number().int() }).meta({ id: 'LotToGoOnFrom' }),
  cycles: z.object({ lots: z.array(z.string()) }).meta({ id: 'CycleOfTrace' }),
} as const satisfies Record<TracePart, z.ZodType>;

const SUMMARIES = {
  lots: { en: 'Lots of a trace, nearest first', zh: '追溯结果:批次' },
  custodians: { en: 'Who has, used or is about to receive goods of a trace', zh: '追溯结果:持有方' },
  operations: { en: 'Operations that a trace went through', zh: '追溯结果:工序' },
  stopped: { en: 'Where hops stopped a trace: the roots to go on with', zh: '追溯结果:因步数限制停止的批次' },
  cycles: { en: 'Lots that are their own ancestors: findings', zh: '追溯结果:循环' },
} as const satisfies Record<TracePart, { en: string; zh: string }>;

const GOODS = {
  stock: z
    .object({
      lot: z.string(),
      item: z.string().nullable(),
      affected: z.enum(['all', 'some', 'at-most']).meta({
        description:
          'The whole lot; the affected units only; nobody told where these are: no more than so many lie there',
      }),
      site: z.string(),
      location: z.string(),
      status: z.string(),
      quantity: Quantity,
    })
    .meta({ id: 'StockOfTrace', description: 'Where goods of affected lots lie' }),
  users: z
    .object({
      lot: z.string(),
      item: z.string().nullable(),
      party: z.string(),
      quantity: Quantity,
      serials: z.array(SerialRange),
      occurredAt: z.string(),
      event: z.string(),
    })
    .meta({ id: 'UseOfTrace', description: 'Affected units that were used; no patient is ever known' }),
} as const satisfies Record<Exclude<GoodsPart, 'serials'>, z.ZodType>;

const GOODS_SUMMARIES = {
  stock: { en: 'Stock of affected lots, by place', zh: '追溯结果:各库位库存' },
  users: { en: 'Uses of affected units', zh: '追溯结果:使用记录' },
} as const;

const SerialView = z
  .object({
    lot: z.string(),
    item: z.string().nullable(),
    gtin: z.string(),
    serial: z.string(),
    certainty: Certainty,
    hops: z.number().int(),
  })
  .meta({ id: 'SerialOfTrace', description: 'One affected unit' });

const summary = {
  trace: z.string().meta({ description: 'Handle: the lists of this trace are paged under it for ten minutes' }),
  direction: z.string(),
  roots: z.array(RootFoundView),
  totalLots: z.number().int(),
  totalUnits: z.number().int(),
  lotsWithoutSerials: z.number().int(),
  byCertainty: ByCertainty,
  unitsByCertainty: ByCertainty,
  hops: z.number().int(),
  custodians: z.number().int(),
  stoppedAt: z.number().int().meta({ description: 'Lots at which `hops` stopped the walk; listed under /stopped' }),
  cycles: z.number().int(),
  unknownRoots: z.array(z.string()),
  unknownOperations: z.array(z.string()),
};

const TraceView = z
  .object({ ...summary, ...limits, lots: pageOf(TracedLot) })
  .meta({ id: 'Trace', description: 'What the roots affect, or what went into them; with its limits' });

const PathStepView = z.object({
  lot: z.string(),
  operation: z.string().nullable(),
  edge: z.string().nullable(),
  certainty: z.string().nullable(),
  taken: Quantity.nullable().meta({ description: 'Of the lot that went in, as it was told; null where nobody said' }),
  takenAtLeast: Quantity.nullable().meta({ description: 'What of it must have gone in' }),
  takenAtMost: Quantity.nullable().meta({ description: 'What of it can have gone in; null where nobody knows' }),
  given: Quantity.nullable().meta({ description: 'Of the lot that came out' }),
  because: z.array(Because),
});

const WhyView = z
  .object({
    lot: z.string(),
    serial: z.string().nullable().meta({ description: 'The unit that was asked for; null: the lot as such' }),
    certainty: Certainty,
    path: z.array(PathStepView),
    ...limits,
  })
  .meta({ id: 'WhyInTrace', description: 'The shortest path from a root, step by step' });

const KEPT = ['trace-not-kept', 'cursor-invalid', 'not-caught-up', 'graph-busy', 'graph-unavailable'] as const;

/** Lots that are looked at for one page of what there is of them. */
const LOTS_A_PAGE = 200;
/** Rows of a table that are made at once. */
const ROWS_A_PIECE = 1_000;

interface Page {
  readonly trace: string;
  readonly part: TracePart;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** What of a call says how far the answer has to go, and whether anybody waits for it. */
interface Asker {
  readonly query: { readonly minOffsets: TraceLimits['offsets'] };
  readonly signal: AbortSignal;
}

export const traceRoutes = (replica: Replica) => {
  const pageBytes = async (
    { trace, part, limit, cursor }: Page,
    { signal, query: { minOffsets } }: Asker,
  ): Promise<Uint8Array> => {
    const ask = { trace, part, limit, ...(cursor === undefined ? {} : { cursor }) };
    const bytes = await replica.ask('tracePage', ask, { minOffsets, signal });
    if (bytes === null) throw new Rejected('trace-not-kept', { trace });
    return bytes;
  };

  const goods = async (trace: string, part: GoodsPart, from: number, lots = LOTS_A_PAGE): Promise<GoodsPage> => {
    const found = await replica.ask('traceGoods', { trace, part, from, lots });
    if (found === null) throw new Rejected('trace-not-kept', { trace });
    return found;
  };

  const limitsOf = async (trace: string, { query: { minOffsets } }: Asker): Promise<TraceLimits> => {
    const found = await replica.ask('traceLimits', { trace }, { minOffsets });
    if (found === null) throw new Rejected('trace-not-kept', { trace });
    return found;
  };

  const listRoute = (part: TracePart) =>
    route({
      method: 'get',
      path: `/traces/:trace/${part}`,
      requires: 'trace.read',
      summary: SUMMARIES[part],
      query: z.object({ ...pageQuery, ...minOffsetsQuery }),
      reply: { 200: pageOf(PARTS[part]).extend(limits) },
      csv: table(PARTS[part]),
      errors: KEPT,
      // The graph has written it, with its limits, as it leaves.
      handle: async ({ params: { trace }, ...call }) =>
        okJson(await pageBytes({ trace, part, limit: call.query.limit, cursor: call.query.cursor }, call)),
      rows: async function* ({ params: { trace }, ...call }) {
        for (let cursor: string | undefined; !call.signal.aborted;) {
          const text = new TextDecoder().decode(await pageBytes({ trace, part, limit: ROWS_A_PIECE, cursor }, call));
          const piece = JSON.parse(text) as { items: unknown[]; next: string | null };
          yield piece;
          if (piece.next === null) return;
          cursor = piece.next;
        }
      },
    });

  const goodsRoute = (part: Exclude<GoodsPart, 'serials'>) =>
    route({
      method: 'get',
      path: `/traces/:trace/${part}`,
      requires: 'trace.read',
      summary: GOODS_SUMMARIES[part],
      query: z.object({ cursor: pageQuery.cursor, ...minOffsetsQuery }),
      reply: { 200: pageOf(GOODS[part] as z.ZodType).extend(limits) },
      csv: table(GOODS[part]),
      errors: KEPT,
      handle: async ({ params, ...call }) => {
        const told = await limitsOf(params.trace, call);
        const { items, next } = await goods(params.trace, part, startOf(call.query.cursor).lots);
        return ok({ ...page(items, next === null ? null : encodeCursor(`${String(next)} 0`)), ...told });
      },
    });

  return [
    route({
      method: 'post',
      path: '/traces',
      requires: 'trace.read',
      summary: {
        en: 'Trace lots, units, containers, operations, suppliers or filters forward, back, or to what shares their inputs',
        zh: '按批次、序列号、容器、工序、供应商或条件正向、反向或同源追溯',
      },
      body: z.object({
        roots: RootsBody,
        direction: z.enum(['forward', 'backward', 'siblings']).default('forward'),
        hops: z.number().int().min(1).max(10_000).optional().meta({ description: 'Operations at most; all if absent' }),
        first: z.number().int().min(0).max(500).default(100).meta({ description: 'Lots to give at once' }),
        skipUnknown: z
          .boolean()
          .default(false)
          .meta({ description: 'Trace the roots that are known, and name the others under `roots`' }),
        minOffsets: MinOffsets.default([]),
      }),
      reply: { 200: TraceView },
      errors: [...ROOT_ERRORS, 'not-caught-up', 'graph-busy', 'graph-unavailable'],
      handle: async ({ body: { roots: told, minOffsets, hops, ...ask }, signal }) => {
        const roots = rootsFrom(told);
        const question = { ...ask, roots, ...(hops === undefined ? {} : { hops }) };
        const { found, answer } = await replica.ask('traceFrom', question, { minOffsets, signal });
        if (answer === null) {
          assertFound(roots, found);
          throw new Error('nothing was traced though every root is known');
        }
        const { lots, ...rest } = answer;
        const head = JSON.stringify({ ...rest, roots: found });
        return okJson(Buffer.concat([Buffer.from(`${head.slice(0, -1)},"lots":`), lots, Buffer.from('}')]));
      },
    }),
    listRoute('lots'),
    listRoute('custodians'),
    listRoute('operations'),
    listRoute('stopped'),
    listRoute('cycles'),
    goodsRoute('stock'),
    goodsRoute('users'),
    route({
      method: 'get',
      path: '/traces/:trace/lots/:lot',
      requires: 'trace.read',
      summary: {
        en: 'Why a lot, or one of its units, is in a trace: the shortest path',
        zh: '批次或其中单件为何在追溯结果中:最短路径',
      },
      query: z.object({
        serial: z.string().min(1).max(64).optional().meta({ description: 'A unit of the lot' }),
        gtin: z.string().max(14).optional().meta({ description: 'Its GTIN, where the lot has units of several' }),
        ...minOffsetsQuery,
      }),
      reply: { 200: WhyView },
      csv: table(PathStepView, { list: 'path' }),
      errors: [
        'trace-not-kept',
        'lot-unknown',
        'lot-ambiguous',
        'lot-not-in-trace',
        'unit-not-in-trace',
        'not-caught-up',
        'graph-busy',
        'graph-unavailable',
      ],
      handle: async ({ params: { trace, lot }, ...call }) => {
        const told = await limitsOf(trace, call);
        const { serial, gtin } = call.query;
        const unit = serial === undefined ? null : { serial, gtin: gtin ?? null };
        const [id = lot] = await lotsNamed(replica, [lot]);
        const why = await replica.ask('traceWhy', { trace, lot: id, unit });
        if (why !== null) return ok({ ...why, ...told });
        const isIn = unit !== null && (await replica.ask('traceWhy', { trace, lot: id, unit: null })) !== null;
        if (isIn) throw new Rejected('unit-not-in-trace', { lot, serial: unit.serial, trace });
        throw new Rejected('lot-not-in-trace', { lot, trace });
      },
    }),
    route({
      method: 'get',
      path: '/traces/:trace/serials',
      requires: 'trace.read',
      summary: {
        en: 'Every affected unit by its serial; streamed as CSV or NDJSON',
        zh: '受影响的全部序列号(可流式导出)',
      },
      query: z.object({ ...pageQuery, ...minOffsetsQuery }),
      reply: { 200: pageOf(SerialView).extend(limits) },
      csv: table(SerialView),
      errors: KEPT,
      handle: async ({ params: { trace }, ...call }) => {
        const { limit, cursor } = call.query;
        const from = startOf(cursor);
        const told = await limitsOf(trace, call);
        const items: z.output<typeof SerialView>[] = [];
        for await (const one of unitsFrom(from, (lots) => goods(trace, 'serials', lots))) {
          if (items.length === limit)
            return ok({ ...page(items, encodeCursor(`${String(one.lots)} ${String(one.units)}`)), ...told });
          items.push(one.unit);
        }
        return ok({ ...page(items), ...told });
      },
      rows: async function* ({ params: { trace }, ...call }) {
        const told = await limitsOf(trace, call);
        let items: z.output<typeof SerialView>[] = [];
        for await (const { unit } of unitsFrom({ lots: 0, units: 0 }, (lots) => goods(trace, 'serials', lots))) {
          if (call.signal.aborted) return;
          if (items.push(unit) < ROWS_A_PIECE) continue;
          yield { items, ...told };
          items = [];
        }
        yield { items, ...told };
      },
    }),
  ];
};

interface Start {
  /** So many lots of the trace are done, and so many units of the next. */
  readonly lots: number;
  readonly units: number;
}

/** Throws `cursor-invalid` for what no page ever gave. */
function startOf(cursor: string | undefined): Start {
  if (cursor === undefined) return { lots: 0, units: 0 };
  const [lots = NaN, units = NaN] = decodeCursor(cursor).split(' ').map(Number);
  if (!Number.isSafeInteger(lots) || !Number.isSafeInteger(units) || lots < 0 || units < 0)
    throw new Rejected('cursor-invalid');
  return { lots, units };
}

interface Unit extends Start {
  readonly unit: z.output<typeof SerialView>;
}

/** One unit after the other, each with where it stands; never more of them at once than the lots of one page have ranges. */
async function* unitsFrom(
  start: Start,
  read: (lots: number) => Promise<GoodsPage>,
): AsyncGenerator<Unit, void, undefined> {
  for (let lots: number | null = start.lots; lots !== null;) {
    const { items, next } = await read(lots);
    for (const { at, lot, item, ways } of items as readonly AffectedSerials[]) {
      const skip = at === start.lots ? start.units : 0;
      let units = 0;
      for (const { certainty, hops, ranges } of ways)
        for (const range of ranges) {
          const { gtin, first, last } = range;
          const from = first + Math.max(0, skip - units);
          for (let number = from; number <= last; number++)
            yield {
              lots: at,
              units: units + number - first,
              unit: { lot, item, gtin, serial: formatSerial(range, number), certainty, hops },
            };
          units += last - first + 1;
        }
    }
    lots = next;
  }
}
