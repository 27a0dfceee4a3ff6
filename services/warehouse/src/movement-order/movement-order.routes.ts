import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Code, Instant, Quantity, Text } from '@lotwarden/platform/http-schemas';
import type { ShowSignatures } from '@lotwarden/platform/show-signatures';
import { ShownSignature } from '@lotwarden/platform/shown-signature';
import type { Stored } from '@lotwarden/platform/store';
import type { SignOff } from '@lotwarden/platform/sign-off';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { Numbers } from '../record/numbers.store.ts';
import { RecordToSign } from '../record/record-to-sign.routes.ts';
import { Amount } from '../shipment/shipment.routes.ts';
import { giveOrder, givenRecord, orderRecord, type MovementOrder } from './movement-order.ts';
import { DESTINATION_ROLES, ORDER_PURPOSES } from './ways.ts';

const Directed = z.object({
  lot: Code,
  quantity: Amount,
  purpose: z.enum(ORDER_PURPOSES),
  site: Code,
  from: Code.nullable().default(null).meta({ description: 'The place they are taken from; null: any of the site' }),
  destination: z.enum(DESTINATION_ROLES),
  to: Code.meta({ description: 'A place of the site, or a party' }),
  reason: Text,
});

const MovementOrderView = z
  .object({
    order: z.string(),
    lot: z.string(),
    quantity: Quantity,
    left: Quantity,
    purpose: z.string(),
    site: z.string(),
    from: z.string().nullable(),
    destination: z.string(),
    to: z.string(),
    reason: z.string(),
    signature: z.object({
      signer: z.string(),
      signerName: z.string(),
      meaning: z.string(),
      reason: z.string(),
      signedAt: Instant,
    }),
    signatures: z.array(ShownSignature),
    rev: z.number().int(),
  })
  .meta({ id: 'MovementOrder', description: 'A signed, directed order, with what is left of its quantity' });

const ToSign = z.object({ order: z.string(), record: RecordToSign }).meta({ id: 'MovementOrderToSign' });

const viewed = (showing: ShowSignatures) =>
  async function view({ id, state, rev }: Stored<MovementOrder>) {
    if (state.status === 'unknown') throw new Rejected('order-unknown', { order: id }, 404);
    const { status: _, signature, left, ...order } = state;
    const { jws: __, ...act } = signature;
    const signatures = await showing([{ signature, now: givenRecord(order) }]);
    return { ...order, left, signature: act, signatures, rev };
  };

interface Needs {
  readonly house: Pick<House, 'movementOrders'>;
  readonly number: Numbers;
  readonly signing: SignOff;
  readonly showing: ShowSignatures;
}

export const movementOrderRoutes = ({ house: { movementOrders }, number, signing, showing }: Needs) => {
  const view = viewed(showing);
  return [
    route({
      method: 'post',
      path: '/movement-order-records',
      requires: 'movement.order',
      summary: { en: 'The record to sign, for an order to move goods', zh: '移动指令的待签记录' },
      body: Directed.extend({ order: Code.optional() }),
      reply: { 200: ToSign },
      errors: ['destination-not-for-purpose'],
      handle: async ({ body }) => {
        const order = body.order ?? (await number('MO', (id) => movementOrders.get(id)));
        return ok({ order, record: orderRecord({ ...body, order }) });
      },
    }),
    route({
      method: 'post',
      path: '/movement-orders',
      requires: 'movement.order',
      summary: {
        en: 'Order where so much of a lot goes, and why; signed',
        zh: '签名下达货物移动指令(批次、数量、去向、原因)',
      },
      body: Directed.extend({
        order: Code,
        signature: z.string().min(20).max(8000),
        signedQuantity: Amount.optional().meta({
          description: 'What was signed, where less is ordered now: a signature for more of the same covers it',
        }),
      }),
      reply: { 201: MovementOrderView },
      errors: [
        'destination-not-for-purpose',
        'order-already-signed',
        'signature-invalid',
        'signature-for-another-record',
        'signature-meaning-other',
        'signature-of-another-person',
      ],
      handle: async ({ body: { signature: jws, signedQuantity, ...directed }, context }) => {
        const record = orderRecord(directed);
        const mandate = signedQuantity && { signed: { ...directed, quantity: signedQuantity }, now: directed };
        const signature = await signing.own(context.actor, { jws, record, meaning: 'movement-order', mandate });
        const decide = (known: MovementOrder) => giveOrder(known, directed, signature);
        return created(await view(await movementOrders.change(directed.order, context, decide)));
      },
    }),
    route({
      method: 'get',
      path: '/movement-orders',
      requires: 'stock.read',
      summary: { en: 'Orders to move goods, by lot', zh: '按批次查询移动指令' },
      query: z.object({ ...pageQuery, lot: Code.optional() }),
      reply: { 200: pageOf(MovementOrderView) },
      csv: table(MovementOrderView),
      handle: async ({ query: { limit, cursor, lot } }) => {
        const filter = lot === undefined ? {} : { 'state.lot': lot };
        const { items, next } = await movementOrders.find(filter, { limit, after: cursor });
        return ok(page(await Promise.all(items.map(view)), next));
      },
    }),
  ];
};
