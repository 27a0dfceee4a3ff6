import { Rejected } from '@lotwarden/platform/errors';
import { decodeCursor, encodeCursor, ok, pageOf, route, table } from '@lotwarden/platform/http';
import { Quantity } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { z } from 'zod';
import { addUp, type AddedUp } from '../aggregate/add-up.client.ts';
import { AT_MOST } from '../aggregate/aggregate.routes.ts';
import { limitsOf, ScopeBody, scopeOf } from '../aggregate/lot-set.routes.ts';
import type { Limits } from '../graph/questions.ts';
import type { Replica } from '../graph/replica.client.ts';
import { limits, MinOffsets } from '../graph/schemas.routes.ts';
import { impactOf } from './supply.ts';

const [OfRoots, OfTrace] = ScopeBody.options;
const name = z.string().min(1).max(100).meta({ description: 'What the scope is called in the answer' });
const Scopes = z
  .array(z.union([OfRoots.extend({ name }), OfTrace.extend({ name })]))
  .min(2)
  .max(10)
  .refine(
    (scopes) => new Set(scopes.map((scope) => scope.name)).size === scopes.length,
    words('each scope needs a name of its own', '每个范围需要各自不同的名称'),
  );

const impact = {
  onHandNotAffected: Quantity,
  usableNotAffected: Quantity.meta({ description: 'Of what is released or accepted' }),
  shippedPerDay: Quantity,
  daysLeft: z
    .string()
    .nullable()
    .meta({ description: 'How long what is usable lasts; null where nothing was shipped' }),
};
const product = {
  item: z.string().nullable(),
  productLine: z.string().nullable(),
  unit: z.string(),
  lots: z.number().int(),
  onHand: Quantity,
  inProcess: Quantity,
  inTransit: Quantity,
  atCustodian: Quantity,
  used: Quantity,
  consumed: Quantity,
  scrapped: Quantity,
  destroyed: Quantity,
  unaccounted: Quantity,
};
const size = {
  lots: z.number().int(),
  partly: z.number().int().meta({ description: 'Lots of which only some units are affected: only these count' }),
  ...AT_MOST,
  onlyHere: z.number().int().meta({ description: 'Lots that no other of these scopes has' }),
  units: z.number().int().meta({ description: 'Units known by serial' }),
  lotsWithoutSerials: z.number().int(),
  custodians: z.number().int(),
  hops: z.number().int(),
  stoppedAt: z.number().int().meta({ description: 'Lots at which a limit of hops stopped the walk' }),
};
const ProductView = z.object({ ...product, supply: z.object(impact).nullable() });
const SizeView = z
  .object({
    name: z.string(),
    trace: z.string().meta({ description: 'Handle under which its lots can be paged' }),
    ...size,
    byCertainty: z.record(z.string(), z.number().int()),
    unitsByCertainty: z.record(z.string(), z.number().int()),
    products: z.array(ProductView),
  })
  .meta({
    id: 'ComparedScope',
    description:
      'Of lots of which only some units are affected only these count, as far as the books say where they are',
  });

const Comparison = z.object({
  scopes: z.array(SizeView),
  inAll: z.number().int().meta({ description: 'Lots that all of these scopes have' }),
  inAny: z.number().int(),
  days: z.number().int().meta({ description: 'Shipments of so many days are the mean' }),
  until: z.string(),
  ...limits,
});

const Row = z.object({ name: z.string(), ...size, ...ProductView.shape });

const ComparedLotView = z
  .object({
    lot: z.string(),
    item: z.string().nullable(),
    scopes: z.array(z.string()).meta({ description: 'Which of them have it' }),
    units: z.array(z.number().int().nullable()).meta({ description: 'How many of its units each has; null = all' }),
  })
  .meta({ id: 'ComparedLot' });

const SHOWN = ['all', 'only-one', 'differing', 'in-all'] as const;
const errors = [
  'lot-unknown',
  'roots-unknown',
  'lot-ambiguous',
  'trace-not-kept',
  'not-caught-up',
  'graph-unavailable',
  'graph-busy',
];

interface Compared {
  readonly traces: readonly string[];
  readonly limits: Limits;
}

const DAY = 86_400_000;

export const compareRoutes = (replica: Replica, now: () => Date) => {
  /** All scopes as traces. */
  const traced = async (
    scopes: z.output<typeof Scopes>,
    minOffsets: z.output<typeof MinOffsets>,
  ): Promise<Compared> => {
    const found = [];
    for (const { name: _, ...scope } of scopes) found.push(await scopeOf(replica, scope, minOffsets));
    return { traces: found.map(({ trace }) => trace), limits: together(found.map((one) => one.limits)) };
  };

  const compare = async (
    scopes: z.output<typeof Scopes>,
    days: number,
    { traces, limits: limitsNow }: Compared,
    signal: AbortSignal,
  ) => {
    const overlap = await replica.ask('overlap', { traces });
    if (!overlap) throw new Rejected('trace-not-kept', { trace: traces.join(', ') });
    const until = now();
    const since = new Date(until.getTime() - days * DAY).toISOString();
    const sums: AddedUp[] = [];
    for (const trace of traces)
      sums.push(await addUp(replica, { set: { kind: 'trace', trace }, by: ['item', 'productLine'] }, signal));
    const items = [...new Set(sums.flatMap(({ rows }) => rows.flatMap(({ keys: [item] }) => item ?? [])))];
    const supplies = await replica.ask('supply', { items, since, until: until.toISOString(), traces });
    const views = overlap.scopes.map((scope, at) => ({
      name: scopes[at]?.name ?? '',
      trace: traces[at] ?? '',
      ...scope,
      atMost: sums[at]?.atMost ?? 0,
      products: (sums[at]?.rows ?? []).map(({ keys: [item = null, productLine = null], unit, lots, amounts }) => {
        const supply = supplies.find((one) => one.item === item && one.unit === unit);
        const { received: _r, made: _m, sampled: _s, shipped: _o, returned: _b, ...buckets } = amounts;
        const impact = supply ? impactOf(supply, at, amounts.onHand, days) : null;
        return { item, productLine, unit, lots, ...buckets, supply: impact };
      }),
    }));
    const { inAll, inAny } = overlap;
    return { scopes: views, inAll, inAny, days, until: until.toISOString(), ...limitsNow };
  };

  const body = {
    scopes: Scopes,
    days: z.number().int().min(1).max(3660).default(90).meta({ description: 'Mean shipments of so many days' }),
    minOffsets: MinOffsets.default([]),
  };

  return [
    route({
      method: 'post',
      path: '/scopes/compare',
      requires: 'trace.read',
      summary: {
        en: 'Scopes side by side before a launch: lots, units, custodians, stock, use, and what is left to supply',
        zh: '启动召回前并列比较范围:批次、单件、机构、库存、使用及供应影响',
      },
      body: z.object(body),
      reply: { 200: Comparison },
      csv: table(Row),
      errors,
      handle: async ({ body: { scopes, days, minOffsets }, signal }) =>
        ok(await compare(scopes, days, await traced(scopes, minOffsets), signal)),
      rows: async function* ({ body: { scopes, days, minOffsets }, signal }) {
        const found = await compare(scopes, days, await traced(scopes, minOffsets), signal);
        const { offsets, complete, gaps } = found;
        const items = found.scopes.flatMap(({ products, ...scope }) => products.map((one) => ({ ...scope, ...one })));
        yield { items, offsets, complete, gaps };
      },
    }),
    route({
      method: 'post',
      path: '/scopes/compare/lots',
      requires: 'trace.read',
      summary: { en: 'Which lots only one of the scopes has, or all have', zh: '各范围独有或共有的批次' },
      body: z.object({
        scopes: Scopes,
        shown: z.enum(SHOWN).default('differing'),
        limit: z.number().int().min(1).max(500).default(50),
        cursor: z.string().min(1).max(2000).optional(),
        minOffsets: MinOffsets.default([]),
      }),
      reply: { 200: pageOf(ComparedLotView).extend(limits) },
      csv: table(ComparedLotView),
      errors: [...errors, 'cursor-invalid'],
      handle: async ({ body: { scopes, shown, limit, cursor: after, minOffsets } }) => {
        const { traces, cursor } = await begun(scopes, after, minOffsets);
        const found = await replica.ask('comparedLots', { traces: traces.traces, shown, limit, cursor });
        if (!found) throw new Rejected('trace-not-kept', { trace: traces.traces.join(', ') });
        const items = found.items.map(({ in: has, ...lot }) => ({
          ...lot,
          scopes: has.map((at) => scopes[at]?.name ?? ''),
        }));
        const next = found.next === null ? null : encodeCursor(JSON.stringify([found.next, ...traces.traces]));
        return ok({ items, next, ...traces.limits });
      },
    }),
  ];

  /** The pages of one list are of the same traces, as long as these are kept. */
  async function begun(
    scopes: z.output<typeof Scopes>,
    after: string | undefined,
    minOffsets: z.output<typeof MinOffsets>,
  ): Promise<{ readonly traces: Compared; readonly cursor: string | undefined }> {
    if (after === undefined) return { traces: await traced(scopes, minOffsets), cursor: undefined };
    const parsed = z
      .tuple([z.string().regex(/^\d{1,9}\.\d{1,12}$/)], z.string())
      .safeParse(jsonOf(decodeCursor(after)));
    if (!parsed.success || parsed.data.length !== scopes.length + 1) throw new Rejected('cursor-invalid');
    const [cursor, ...handles] = parsed.data;
    const found = await Promise.all(handles.map((trace) => limitsOf(replica, trace, minOffsets)));
    return { traces: { traces: handles, limits: together(found) }, cursor };
  }
};

/** Scopes that were found at different times go as far together as the one that saw least, and lack what any lacks. */
function together(all: readonly Limits[]): Limits {
  const gaps = [...new Set(all.flatMap((one) => one.gaps))].sort();
  const [first, ...others] = all;
  const nextOf = ({ offsets }: Limits, topic: string, partition: number): number =>
    offsets.find((one) => one.topic === topic && one.partition === partition)?.next ?? 0;
  const offsets = (first?.offsets ?? []).map(({ topic, partition, next }) => ({
    topic,
    partition,
    next: Math.min(next, ...others.map((one) => nextOf(one, topic, partition))),
  }));
  return { offsets, complete: gaps.length === 0, gaps };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Rejected('cursor-invalid', {}, undefined, { cause });
  }
}
