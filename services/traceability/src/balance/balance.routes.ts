import { Rejected } from '@lotwarden/platform/errors';
import { ok, route } from '@lotwarden/platform/http';
import { Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import { lotsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { limits, LotName, MinOffsets } from '../graph/schemas.routes.ts';
import { PlacedStock } from '../lot/lot.routes.ts';
import type { Balance } from './balance.ts';

const custodianBalance = {
  custodian: z.string(),
  dispatched: Quantity,
  inTransit: Quantity,
  held: Quantity,
  used: Quantity,
  returned: Quantity,
};

const BalanceView = z
  .object({
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
    consumedInto: z.array(z.object({ of: z.string(), quantity: Quantity })),
    flows: z.object({ shipped: Quantity, returned: Quantity }),
    custodians: z.array(z.object(custodianBalance)),
    remainders: z
      .array(z.object({ where: z.string(), quantity: Quantity, events: z.array(z.string()) }))
      .meta({ description: 'Where two books differ, with the events of the account that shows it' }),
    balanced: z.boolean(),
  })
  .meta({ id: 'Balance', description: 'Mass balance of one lot' });

const HoldingView = z
  .object({
    lot: z.string(),
    item: z.string().nullable(),
    ...custodianBalance,
    serials: z.array(SerialRange),
    containers: z.array(z.string()),
  })
  .meta({ id: 'Holding' });

export const balanceRoutes = (replica: Replica) => {
  const balances = async (lots: readonly string[]): Promise<Balance[]> =>
    (await replica.ask('balances', { lots })).map((balance, index) => {
      if (!balance) throw new Rejected('lot-unknown', { lot: lots[index] });
      return balance;
    });

  return [
    route({
      method: 'get',
      path: '/lots/:lot/balance',
      requires: 'trace.read',
      summary: { en: 'Where every unit of a lot is now', zh: '批次物料平衡' },
      reply: { 200: BalanceView },
      errors: ['lot-unknown', 'lot-ambiguous', 'graph-unavailable'],
      handle: async ({ params }) => {
        const [balance] = await balances(await lotsNamed(replica, [params.lot]));
        if (!balance) throw new Rejected('lot-unknown', { lot: params.lot });
        return ok(balance);
      },
    }),
    route({
      method: 'post',
      path: '/balances',
      requires: 'trace.read',
      summary: { en: 'Mass balances of many lots at once', zh: '批量查询物料平衡' },
      body: z.object({ lots: z.array(LotName).min(1).max(1000), minOffsets: MinOffsets.default([]) }),
      reply: { 200: z.object({ items: z.array(BalanceView), ...limits }) },
      errors: ['lot-unknown', 'lot-ambiguous', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ body: { lots, minOffsets } }) => {
        const limitsNow = await replica.ask('limits', null, { minOffsets });
        return ok({ items: await balances(await lotsNamed(replica, lots)), ...limitsNow });
      },
    }),
    route({
      method: 'get',
      path: '/custodians/:custodian/holdings',
      requires: 'trace.read',
      summary: { en: 'What a party has, had, used and gave back, lot by lot', zh: '查询机构持有、使用与退回情况' },
      reply: { 200: z.object({ custodian: z.string(), items: z.array(HoldingView) }) },
      errors: ['custodian-unknown', 'graph-unavailable'],
      handle: async ({ params: { custodian } }) => {
        const items = await replica.ask('holdings', { custodian });
        if (items.length === 0) throw new Rejected('custodian-unknown', { custodian });
        return ok({ custodian, items });
      },
    }),
  ];
};
