import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Instant, Quantity, Text } from '@lotwarden/platform/http-schemas';
import type { Stored } from '@lotwarden/platform/store';
import type { SignOff } from '@lotwarden/platform/sign-off';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { Numbers } from '../record/numbers.store.ts';
import { Amount } from '../shipment/shipment.routes.ts';
import { giveOrder, orderRecord, type MovementOrder } from './movement-order.ts';
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
    rev: z.number().int(),
  })
  .meta({ id: 'MovementOrder', description: 'A signed, directed order, with what is left of its quantity' });

const RecordToSign = z
  .object({
    order: z.string(),
    record: z
      .object({ recordType: z.string(), recordId: z.string(), recordVersion: z.number().int(), recordHash: z.string() })
      .meta({ id: 'SignedRecord', description: 'What a signature must speak of' }),
  })
  .meta({ id: 'MovementOrderToSign' });

function view({ id, state, rev }: Stored<MovementOrder>) {
  if (state.status === 'unknown') throw new Rejected('order-unknown', { order: id }, 404);
  const { status: _, signature, ...order } = state;
  const { jws: __, ...act } = signature;
  return { ...order, signature: act, rev };
}

interface Needs {
  readonly house: Pick<House, 'movementOrders'>;
  readonly number: Numbers;
  readonly signing: SignOff;
}

export const movementOrderRoutes = ({ house: { movementOrders }, number, signing }: Needs) => [
  route({
    method: 'post',
    path: '/movement-order-records',
    requires: 'movement.order',
    summary: { en: 'The record to sign, for an order to move goods', zh: '移动指令的待签记录' },
    body: Directed.extend({ order: Code.optional() }),
    reply: { 200: RecordToSign },
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
    body: Directed.extend({ order: Code, signature: z.string().min(20).max(8000) }),
    reply: { 201: MovementOrderView },
    errors: [
      'destination-not-for-purpose',
      'order-already-signed',
      'signature-invalid',
      'signature-for-another-record',
      'signature-meaning-other',
      'signature-of-another-person',
    ],
    handle: async ({ body: { signature: jws, ...directed }, context }) => {
      const record = orderRecord(directed);
      const signature = await signing.own(context.actor, { jws, record, meaning: 'movement-order' });
      const decide = (known: MovementOrder) => giveOrder(known, directed, signature);
      return created(view(await movementOrders.change(directed.order, context, decide)));
    },
  }),
  route({
    method: 'get',
    path: '/movement-orders',
    requires: 'stock.read',
    summary: { en: 'Orders to move goods, by lot', zh: '按批次查询移动指令' },
    query: z.object({ ...pageQuery, lot: Code.optional() }),
    reply: { 200: pageOf(MovementOrderView) },
    handle: async ({ query: { limit, cursor, lot } }) => {
      const filter = lot === undefined ? {} : { 'state.lot': lot };
      const { items, next } = await movementOrders.find(filter, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
];
