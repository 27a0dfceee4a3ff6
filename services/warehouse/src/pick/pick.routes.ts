import { Rejected } from '@lotwarden/platform/errors';
import type { Gate } from '@lotwarden/platform/gate';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { directionOf } from '../shipment/dispatch.store.ts';
import { SHIPPING_PURPOSES } from '../shipment/purposes.ts';
import { Line, Seals } from '../shipment/shipment.routes.ts';
import { STAGES } from '../stock/staged.ts';

const PickView = z
  .object({
    shipment: z.string(),
    lines: z.array(
      z.object({
        lot: z.string(),
        stage: z.enum(STAGES),
        site: z.string(),
        location: z.string(),
        quantity: Quantity,
        serials: z.array(SerialRange),
      }),
    ),
  })
  .meta({ id: 'Pick', description: 'What a shipment has taken from its places and has not taken away' });

interface Needs {
  readonly deps: Pick<Deps, 'work'>;
  readonly house: Pick<House, 'picks' | 'shipments'>;
  readonly gate: Gate;
}

export const pickRoutes = ({ deps: { work }, house: { picks, shipments }, gate }: Needs) => {
  async function assertOpenShipment(unit: Work, shipment: string): Promise<void> {
    const [known] = await unit.load(shipments, [shipment]);
    if (known?.state.status === 'dispatched') throw new Rejected('shipment-already-dispatched', { shipment });
  }

  async function pickedLots(shipment: string): Promise<string[]> {
    const lots = await picks.lotsOf(shipment);
    if (lots.length === 0) throw new Rejected('pick-unknown', { shipment });
    return lots;
  }

  return [
    route({
      method: 'post',
      path: '/picks',
      requires: 'stock.move',
      summary: { en: 'Pick goods for a shipment: every lot of it, or nothing', zh: '按发货单拣货:全部或一概不拣' },
      body: z.object({
        shipment: Code,
        site: Code,
        market: Code,
        purpose: z.enum(SHIPPING_PURPOSES).default('sale'),
        order: Code.optional().meta({ description: 'The signed order; needed for every purpose but sale' }),
        lines: z.array(Line).min(1).max(500),
        seals: Seals,
      }),
      reply: { 201: PickView },
      errors: [
        'gate-closed',
        'lot-on-hold',
        'lot-not-released',
        'lot-unknown',
        'quantity-not-available',
        'serials-required',
        'serial-count-mismatch',
        'serial-not-in-custody',
        'serial-picked',
        'serial-in-quarantine',
        'container-unknown',
        'container-not-sealed',
        'container-contents-differ',
        'seal-differs',
        'pick-already-made',
        'shipment-already-dispatched',
        'order-missing',
        'order-unknown',
        'order-for-other-goods',
        'order-used-up',
        'site-unknown',
      ],
      handle: async ({ body, context }) => {
        const lines = await work(context, async (unit) => {
          gate.assertOpen();
          await assertOpenShipment(unit, body.shipment);
          return picks.pick(unit, body, directionOf(body));
        });
        return created({ shipment: body.shipment, lines: lines.map(({ shipment: _, ...line }) => line) });
      },
    }),
    route({
      method: 'post',
      path: '/picks/:shipment/packs',
      requires: 'stock.move',
      summary: { en: 'What was picked stands ready to be loaded', zh: '拣货完成,待装车' },
      reply: { 201: PickView },
      errors: ['gate-closed', 'lot-on-hold', 'pick-unknown'],
      handle: async ({ params: { shipment }, context }) => {
        const lots = await pickedLots(shipment);
        const lines = await work(context, (unit) => {
          gate.assertOpen();
          return picks.pack(unit, shipment, lots);
        });
        return created({ shipment, lines: lines.map(({ shipment: _, ...line }) => line) });
      },
    }),
    route({
      method: 'post',
      path: '/picks/:shipment/put-backs',
      requires: 'stock.move',
      summary: { en: 'Put back what was picked, held or not', zh: '退回已拣货物(无论是否冻结)' },
      reply: { 200: PickView },
      errors: ['pick-unknown'],
      handle: async ({ params: { shipment }, context }) => {
        const lots = await pickedLots(shipment);
        await work(context, (unit) => picks.putBack(unit, shipment, lots));
        return ok({ shipment, lines: [] });
      },
    }),
  ];
};
