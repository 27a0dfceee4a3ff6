import { Rejected } from '@lotwarden/platform/errors';
import { decodeCursor, encodeCursor, ok, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Moment, Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { AsOf } from '../as-of/as-of.store.ts';
import { limitsThen } from '../as-of/limits-then.ts';
import { lotNamedThen } from '../as-of/lot-then.client.ts';
import type { Written } from '../facts/caught-up.store.ts';
import type { ReadFactLimits } from '../facts/fact-limits.store.ts';
import { subject } from '../facts/subjects.ts';
import { lotsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { asRow, limits, LotName, MinOffsets, minOffsetsQuery } from '../graph/schemas.routes.ts';
import { PlacedStock } from '../lot/lot.routes.ts';
import type { Balance } from './balance.ts';
import { NUMBERS } from './lines.ts';
import { sumHoldings } from './sums.ts';

const custody = { dispatched: Quantity, inTransit: Quantity, held: Quantity, used: Quantity, returned: Quantity };

const balance = {
  lot: z.string(),
  unit: z.string(),
  source: z.object({ received: Quantity, made: Quantity }),
  buckets: z
    .object({
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
    })
    .meta({ description: 'Where every unit is now; each is in one bucket' }),
  onHandAt: z.array(PlacedStock),
  onHandByStatus: z.array(z.object({ status: z.string(), quantity: Quantity })),
  consumedInto: z.array(z.object({ of: z.string(), quantity: Quantity })),
  flows: z.object({ shipped: Quantity, returned: Quantity }),
  custodians: z.array(z.object({ custodian: z.string(), ...custody })),
  remainders: z
    .array(z.object({ where: z.string(), quantity: Quantity, events: z.array(z.string()) }))
    .meta({ description: 'Where two books differ, with the events of the account that shows it' }),
  balanced: z.boolean(),
};

const BalanceView = z.object(balance).meta({ id: 'Balance', description: 'Mass balance of one lot' });

const LineView = z
  .object({
    quantity: Quantity,
    account: z.string().meta({ description: 'What the number counts; of flows and places the book' }),
    against: z.string().meta({ description: 'The account on the other side' }),
    cause: z.string().meta({ description: 'operation, shipment, receipt, return, …' }),
    of: z.string().meta({ description: 'Which' }),
    custodian: z.string().nullable(),
    event: z.string().nullable(),
    topic: z.string().nullable(),
    occurredAt: z.string().nullable(),
  })
  .meta({ id: 'BalanceLine', description: 'What one event adds to a number of a balance, or takes from it' });

const OperationItemView = z.object({
  item: z.string().nullable(),
  unit: z.string(),
  in: Quantity,
  out: Quantity,
  scrap: Quantity,
  consumed: Quantity.nullable().meta({ description: 'By the bill of material of what was made; null if not known' }),
  loss: Quantity.nullable().meta({ description: 'in − out − scrap − consumed; null where nobody can say' }),
  lots: z.array(z.string()),
});

const HoldingView = z
  .object({
    lot: z.string(),
    item: z.string().nullable(),
    custodian: z.string(),
    ...custody,
    serials: z.array(SerialRange),
    containers: z.array(z.string()),
  })
  .meta({ id: 'Holding' });

const CustodySum = z.object({ item: z.string().nullable(), unit: z.string(), lots: z.number().int(), ...custody });

const BalanceQuery = z.object({
  asOf: Moment.optional().meta({ description: 'As it was known then' }),
  ...minOffsetsQuery,
});

interface OfLot {
  readonly params: { readonly lot: string };
  readonly query: z.output<typeof BalanceQuery>;
  readonly signal: AbortSignal;
}

interface Needs {
  readonly replica: Replica;
  readonly asOf: AsOf;
  readonly written: Written;
  readonly factLimits: ReadFactLimits;
}

export const balanceRoutes = ({ replica, asOf, written, factLimits }: Needs) => {
  const balances = async (lots: readonly string[]): Promise<Balance[]> =>
    (await replica.ask('balances', { lots })).map((one, index) => {
      if (!one) throw new Rejected('lot-unknown', { lot: lots[index] });
      return one;
    });
  const holdings = async (custodian: string) => {
    const items = await replica.ask('holdings', { custodian });
    if (items.length === 0) throw new Rejected('custodian-unknown', { custodian });
    return items;
  };

  const balanceOfLot = async ({ params, query: { asOf: at, minOffsets }, signal }: OfLot) => {
    const limitsNow = await replica.ask('limits', null, { minOffsets });
    if (at !== undefined) {
      await written.until(minOffsets, signal);
      const now = await factLimits();
      const lot = await lotNamedThen(asOf, params.lot, at);
      const then = await asOf.balance(lot, at);
      if (!then.found) throw new Rejected('lot-unknown', { lot: params.lot });
      const ids = await asOf.ids(lot, at);
      const later = await asOf.recordedLater(ids.map((one) => subject('lot', one)), at, 1); // prettier-ignore
      return { ...then.found, ...limitsThen(now, then.gaps, later.total) };
    }
    const [found] = await balances(await lotsNamed(replica, [params.lot]));
    if (!found) throw new Rejected('lot-unknown', { lot: params.lot });
    return { ...found, ...limitsNow };
  };

  return [
    route({
      method: 'get',
      path: '/lots/:lot/balance',
      requires: 'trace.read',
      summary: { en: 'Where every unit of a lot is now', zh: '批次物料平衡' },
      query: BalanceQuery,
      reply: { 200: z.object({ ...balance, ...limits }).meta({ id: 'LotBalance' }) },
      csv: table(BalanceView),
      errors: [
        'lot-unknown',
        'lot-unknown-then',
        'lot-ambiguous',
        'past-too-large',
        'not-caught-up',
        'graph-unavailable',
      ],
      handle: async (call) => ok(await balanceOfLot(call)),
      rows: async function* (call) {
        yield asRow(await balanceOfLot(call));
      },
    }),
    route({
      method: 'get',
      path: '/lots/:lot/balance/:number',
      requires: 'trace.read',
      summary: { en: 'The events behind a number of a balance; they add up to it', zh: '物料平衡数字的明细事件' },
      params: z.object({ lot: z.string().min(1).max(200), number: z.enum(NUMBERS) }),
      query: z
        .object({
          ...pageQuery,
          ...minOffsetsQuery,
          site: z.string().max(100).optional().meta({ description: 'Of onHand: with location, only what is there' }),
          location: z.string().max(100).optional(),
        })
        .strict(),
      reply: {
        200: pageOf(LineView).extend({
          lot: z.string(),
          number: z.string(),
          total: Quantity.meta({ description: 'Of all lines, also those of other pages' }),
          lines: z.number().int(),
          ...limits,
        }),
      },
      csv: table(LineView),
      errors: ['lot-unknown', 'lot-ambiguous', 'cursor-invalid', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ params: { lot: name, number }, query }) => {
        const { limit, cursor, site, location, minOffsets } = query;
        const from = cursor === undefined ? 0 : Number(decodeCursor(cursor));
        if (!Number.isSafeInteger(from) || from < 0) throw new Rejected('cursor-invalid');
        const limitsNow = await replica.ask('limits', null, { minOffsets });
        const [lot = name] = await lotsNamed(replica, [name]);
        const place = number === 'onHand' && site !== undefined && location !== undefined ? { site, location } : null;
        const found = await replica.ask('balanceLines', { lot, number, place, from, limit });
        if (!found) throw new Rejected('lot-unknown', { lot: name });
        const next = from + limit < found.lines ? encodeCursor(String(from + limit)) : null;
        return ok({ number, ...found, next, ...limitsNow });
      },
    }),
    route({
      method: 'post',
      path: '/balances',
      requires: 'trace.read',
      summary: { en: 'Mass balances of many lots at once', zh: '批量查询物料平衡' },
      body: z.object({ lots: z.array(LotName).min(1).max(1000), minOffsets: MinOffsets.default([]) }),
      reply: { 200: z.object({ items: z.array(BalanceView), ...limits }) },
      csv: table(BalanceView),
      errors: ['lot-unknown', 'lot-ambiguous', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ body: { lots, minOffsets } }) => {
        const limitsNow = await replica.ask('limits', null, { minOffsets });
        return ok({ items: await balances(await lotsNamed(replica, lots)), ...limitsNow });
      },
    }),
    route({
      method: 'get',
      path: '/operations/:operation/balance',
      requires: 'trace.read',
      summary: { en: 'What went into an operation, came out, was scrapped and lost', zh: '工序物料平衡' },
      query: z.object(minOffsetsQuery),
      reply: {
        200: z
          .object({
            operation: z.string(),
            kind: z.string(),
            voided: z.boolean(),
            items: z.array(OperationItemView),
            balanced: z.boolean(),
            events: z.array(z.object({ id: z.string(), topic: z.string(), occurredAt: z.string() })),
            ...limits,
          })
          .meta({ id: 'OperationBalance' }),
      },
      csv: table(OperationItemView),
      errors: ['operation-unknown', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ params: { operation }, query: { minOffsets } }) => {
        const limitsNow = await replica.ask('limits', null, { minOffsets });
        const found = await replica.ask('operationBalance', { operation });
        if (!found) throw new Rejected('operation-unknown', { operation });
        return ok({ ...found, ...limitsNow });
      },
    }),
    route({
      method: 'get',
      path: '/custodians/:custodian/holdings',
      requires: 'trace.read',
      summary: { en: 'What a party has, had, used and gave back, lot by lot', zh: '查询机构持有、使用与退回情况' },
      query: z.object(minOffsetsQuery),
      reply: { 200: z.object({ custodian: z.string(), items: z.array(HoldingView), ...limits }) },
      csv: table(HoldingView),
      errors: ['custodian-unknown', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ params: { custodian }, query: { minOffsets } }) => {
        const limitsNow = await replica.ask('limits', null, { minOffsets });
        return ok({ custodian, items: await holdings(custodian), ...limitsNow });
      },
    }),
    route({
      method: 'get',
      path: '/custodians/:custodian/balance',
      requires: 'trace.read',
      summary: { en: 'The same added up over all lots, per item', zh: '机构物料平衡(按物料汇总)' },
      query: z.object(minOffsetsQuery),
      reply: { 200: z.object({ custodian: z.string(), items: z.array(CustodySum), ...limits }) },
      csv: table(CustodySum),
      errors: ['custodian-unknown', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ params: { custodian }, query: { minOffsets } }) => {
        const limitsNow = await replica.ask('limits', null, { minOffsets });
        return ok({ custodian, items: sumHoldings(await holdings(custodian)), ...limitsNow });
      },
    }),
  ];
};
