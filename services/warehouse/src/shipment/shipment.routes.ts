import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Instant, LotLine, Quantity, SerialRanges, Violation } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { assertOwnMarket } from '@lotwarden/platform/own-market';
import { assertOwnSite } from '@lotwarden/platform/own-site';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { Numbers } from '../record/numbers.store.ts';
import type { Dispatcher } from './dispatch.store.ts';
import { SHIPPING_PURPOSES } from './purposes.ts';
import type { Shipment } from './shipment.ts';

/** More than nothing. */
export const Amount = Quantity.refine(({ value }) => Number(value) > 0, words('more than 0', '必须大于 0'));

export const Line = z.object({
  lot: Code,
  quantity: Amount,
  serials: SerialRanges.default([]),
  containers: z.array(Code).max(1000).default([]),
});

/** Where they are named they must be the ones that the containers have. */
export const Seals = z
  .array(z.object({ container: Code, digest: z.string().min(1).max(128), version: z.number().int().min(1).optional() }))
  .max(1000)
  .default([])
  .meta({ description: 'Seals as the papers name them: digest of the contents, and version of the container' });

const ShipmentView = z
  .object({
    shipment: z.string(),
    status: z.literal('dispatched'),
    site: z.string(),
    soldTo: z.string(),
    shipTo: z.string(),
    custodian: z.string(),
    market: z.string(),
    purpose: z.string(),
    origin: z.string(),
    dispatchedAt: Instant,
    lines: z.array(LotLine),
    violations: z.array(Violation),
    rev: z.number().int(),
  })
  .meta({ id: 'Shipment' });

function view({ id, state, rev }: Stored<Shipment>) {
  if (state.status === 'unknown') throw new Rejected('shipment-unknown', { shipment: id });
  return { ...state, rev };
}

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock'>;
  readonly house: Pick<House, 'shipments' | 'picks'>;
  readonly dispatch: Dispatcher;
  readonly number: Numbers;
}

export const shipmentRoutes = ({ deps: { work, clock }, house: { shipments, picks }, dispatch, number }: Needs) => [
  route({
    method: 'post',
    path: '/shipments',
    requires: 'shipment.dispatch',
    summary: { en: 'Ship: every lot of it, or nothing', zh: '发货:全部批次一并放行,否则一概不发' },
    body: z.object({
      shipment: Code.optional(),
      site: Code,
      soldTo: Code,
      shipTo: Code,
      custodian: Code,
      market: Code,
      purpose: z.enum(SHIPPING_PURPOSES).default('sale'),
      order: Code.optional().meta({ description: 'The signed order; needed for every purpose but sale' }),
      lines: z.array(Line).min(1).max(500),
      seals: Seals,
    }),
    reply: { 201: ShipmentView },
    errors: [
      'gate-closed',
      'lot-on-hold',
      'lot-not-released',
      'quantity-not-available',
      'serials-required',
      'serial-count-mismatch',
      'serial-not-in-custody',
      'serial-picked',
      'serial-in-quarantine',
      'container-not-sealed',
      'container-unknown',
      'container-contents-differ',
      'seal-differs',
      'shipment-already-dispatched',
      'order-missing',
      'order-unknown',
      'order-for-other-goods',
      'order-used-up',
      'lot-unknown',
      'site-unknown',
    ],
    handle: async ({ body, context }) => {
      const shipment = body.shipment ?? (await number('SH', (id) => shipments.get(id)));
      const dispatchedAt = context.occurredAt ?? clock.instant();
      return created(view(await dispatch({ ...body, shipment, dispatchedAt }, context)));
    },
  }),
  route({
    method: 'post',
    path: '/shipments/:shipment/deliveries',
    requires: 'shipment.dispatch',
    summary: { en: 'A shipment has arrived: nothing of it is on the road any more', zh: '发货已送达,不再在途' },
    reply: { 201: ShipmentView },
    errors: ['shipment-unknown'],
    handle: async ({ params: { shipment }, context }) => {
      const lots = await picks.lotsOf(shipment);
      return created(
        view(
          await work(context, async (unit) => {
            const [known] = await unit.load(shipments, [shipment]);
            if (!known || known.state.status === 'unknown') throw new Rejected('shipment-unknown', { shipment });
            assertOwnSite(context, known.state.site);
            assertOwnMarket(context, known.state.market);
            await picks.deliver(unit, shipment, lots);
            return known;
          }),
        ),
      );
    },
  }),
  route({
    method: 'get',
    path: '/shipments',
    requires: 'shipment.read',
    summary: { en: 'Shipments, by custodian or lot', zh: '按收货方或批次查询发货' },
    query: z.object({ ...pageQuery, custodian: Code.optional(), lot: Code.optional() }),
    reply: { 200: pageOf(ShipmentView) },
    handle: async ({ query: { limit, cursor, custodian, lot } }) => {
      const filter = {
        ...(custodian === undefined ? {} : { 'state.custodian': custodian }),
        ...(lot === undefined ? {} : { 'state.lines.lot': lot }),
      };
      const { items, next } = await shipments.find(filter, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/shipments/:shipment',
    requires: 'shipment.read',
    summary: { en: 'A shipment with its lines', zh: '查询发货及其明细' },
    reply: { 200: ShipmentView },
    errors: ['shipment-unknown'],
    handle: async ({ params }) => {
      const known = await shipments.get(params.shipment);
      if (!known) throw new Rejected('shipment-unknown', { shipment: params.shipment });
      return ok(view(known));
    },
  }),
];
