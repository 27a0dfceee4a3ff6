import { Rejected } from '@lotwarden/platform/errors';
import { assertFree, type Direction, type Gate, type Purpose } from '@lotwarden/platform/gate';
import { created, route } from '@lotwarden/platform/http';
import { Code, Quantity, Text } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { isNegative, negate } from '@lotwarden/platform/quantity';
import { assertOwnSite } from '@lotwarden/platform/own-site';
import type { Deps } from '@lotwarden/platform/service';
import type { Changed, Context, Loaded, Work } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { Amount } from '../shipment/shipment.routes.ts';
import type { LocationKind } from '../site/site.ts';
import { leavesQuarantine, siteOf } from './locate-stock.ts';
import { moveAvailable } from './move-stock.ts';
import { stockView, StockView } from './stock.routes.ts';
import type { Stock, StockEvent } from './stock.ts';
import { only, splitAvailable } from './take-stock.ts';

interface Needs {
  readonly deps: Pick<Deps, 'work'>;
  readonly house: Pick<House, 'stocks' | 'places' | 'orders'>;
  readonly gate: Gate;
}

type Decide = (stock: Stock, loaded: Loaded) => StockEvent[];

const Site = Code.optional().meta({ description: 'Needed where the lot lies at more than one site' });

export const stockCommandRoutes = ({ deps: { work }, house: { stocks, places, orders }, gate }: Needs) => {
  const change = (
    lot: string,
    context: Context,
    expectedRev: number | undefined,
    prepare: (unit: Work, stock: Stock) => Promise<Decide>,
  ): Promise<Changed<Stock, StockEvent>> =>
    work(context, async (unit) => {
      gate.assertOpen();
      const [known] = await unit.load(stocks, [lot]);
      if (!known || known.state.lot === '') throw new Rejected('lot-unknown', { lot });
      if (expectedRev !== undefined && expectedRev !== known.rev)
        throw new Rejected('version-stale', { id: lot, expected: expectedRev, found: known.rev });
      return unit.change(stocks, lot, await prepare(unit, known.state));
    });

  return [
    route({
      method: 'post',
      path: '/stock/:lot/moves',
      requires: 'stock.move',
      summary: { en: 'Move goods between places of a site', zh: '库内移库' },
      body: z.object({
        from: Code,
        to: Code,
        quantity: Amount,
        site: Site,
        order: Code.optional().meta({ description: 'The signed order: for held goods, and to leave quarantine' }),
      }),
      reply: { 201: StockView },
      ifMatch: 'optional',
      errors: [
        'lot-unknown',
        'lot-on-hold',
        'quantity-not-available',
        'quarantine-needs-order',
        'order-unknown',
        'order-for-other-goods',
        'order-used-up',
        'site-not-clear',
        'gate-closed',
      ],
      handle: async ({ params: { lot }, body: { from, to, quantity, order, ...body }, context, expectedRev }) =>
        created(
          stockView(
            await change(lot, context, expectedRev, async (unit, stock) => {
              const site = body.site ?? siteOf(stock, from);
              assertOwnSite(context, site);
              const { kind } = await places.of(unit, site);
              if (leavesQuarantine(kind(from), kind(to)) && order === undefined)
                throw new Rejected('quarantine-needs-order', { lot, from });
              const { purpose, direction } = towards(kind(to), order);
              const ordered = leavesQuarantine(kind(from), kind(to)) ? 'leave-quarantine' : purpose;
              const needed = ordered === 'move' ? undefined : order;
              const cause = needed === undefined ? { kind: 'move', id: context.actor } : { kind: 'order', id: needed };
              if (needed !== undefined)
                await orders.use(unit, needed, { lot, quantity, purpose: ordered, site, from, to, cause });
              return (now, { id, holds }) => {
                assertFree({ id, holds }, [], purpose, direction);
                return moveAvailable(now, { lot, site, quantity, to, cause }, only(from));
              };
            }),
          ),
        ),
    }),
    route({
      method: 'post',
      path: '/stock/:lot/issues',
      requires: 'stock.issue',
      summary: { en: 'Issue goods to the line of a work order', zh: '按工单发料至产线' },
      body: z.object({ quantity: Amount, location: Code, workOrder: Code, site: Site }),
      reply: { 201: StockView },
      ifMatch: 'optional',
      errors: [
        'lot-unknown',
        'lot-not-accepted',
        'lot-on-hold',
        'quantity-not-available',
        'quarantine-needs-order',
        'site-not-clear',
        'gate-closed',
      ],
      handle: async ({ params: { lot }, body: { quantity, location, workOrder, ...body }, context, expectedRev }) =>
        created(
          stockView(
            await change(lot, context, expectedRev, async (unit, stock) => {
              const site = body.site ?? siteOf(stock, location);
              assertOwnSite(context, site);
              const { kind, first } = await places.of(unit, site);
              if (kind(location) === 'quarantine')
                throw new Rejected('quarantine-needs-order', { lot, from: location });
              const cause = { kind: 'work-order', id: workOrder };
              return (now, { id, holds }) => {
                if (now.status !== 'accepted' && now.status !== 'made')
                  throw new Rejected('lot-not-accepted', { lot, status: now.status });
                assertFree({ id, holds }, [], 'issue');
                return moveAvailable(now, { lot, site, quantity, to: first('line'), cause }, only(location));
              };
            }),
          ),
        ),
    }),
    route({
      method: 'post',
      path: '/stock/:lot/adjustments',
      requires: 'stock.adjust',
      summary: { en: 'Correct the books after a count', zh: '盘点调整' },
      body: z.object({
        quantity: Quantity.refine(({ value }) => Number(value) !== 0, words('not 0', '不能为 0')).meta({
          description: 'What the count found beyond the books; negative: less',
        }),
        location: Code,
        reason: Text,
        site: Site,
      }),
      reply: { 201: StockView },
      ifMatch: 'optional',
      errors: ['lot-unknown', 'lot-on-hold', 'quantity-not-available', 'site-not-clear', 'gate-closed'],
      handle: async ({ params: { lot }, body: { quantity, location, reason, ...body }, context, expectedRev }) =>
        created(
          stockView(
            await change(lot, context, expectedRev, (_, stock) => {
              const site = body.site ?? siteOf(stock, location);
              assertOwnSite(context, site);
              return Promise.resolve((now, { id, holds }) => {
                assertFree({ id, holds }, [], 'move');
                if (isNegative(quantity))
                  splitAvailable(now, { lot, site, quantity: negate(quantity) }, only(location));
                return [{ type: 'StockAdjusted', lot, quantity, site, location, reason, violations: [] }];
              });
            }),
          ),
        ),
    }),
  ];
};

/** Held goods go to quarantine or the laboratory by a signed order; every other move is for free goods only. */
function towards(
  kind: LocationKind,
  order: string | undefined,
): { readonly purpose: Purpose; readonly direction?: Direction } {
  if (order === undefined || (kind !== 'quarantine' && kind !== 'laboratory')) return { purpose: 'move' };
  return { purpose: kind, direction: { destination: kind, order } };
}
