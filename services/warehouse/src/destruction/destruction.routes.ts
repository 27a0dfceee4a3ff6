import { Rejected } from '@lotwarden/platform/errors';
import type { Gate } from '@lotwarden/platform/gate';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Instant, LotLine, Violation } from '@lotwarden/platform/http-schemas';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { Numbers } from '../record/numbers.store.ts';
import { Line } from '../shipment/shipment.routes.ts';
import type { Destruction } from './destruction.ts';
import type { DestructionBooks } from './destructions.store.ts';

const DestructionView = z
  .object({
    destruction: z.string(),
    status: z.literal('recorded'),
    site: z.string(),
    destroyedAt: Instant,
    witness: z.string(),
    lines: z.array(LotLine),
    violations: z.array(Violation),
    rev: z.number().int(),
  })
  .meta({ id: 'Destruction' });

function view({ id, state, rev }: Stored<Destruction>) {
  if (state.status === 'unknown') throw new Rejected('destruction-unknown', { destruction: id });
  return { ...state, rev };
}

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock'>;
  readonly house: Pick<House, 'destructions'>;
  readonly books: DestructionBooks;
  readonly number: Numbers;
  readonly gate: Gate;
}

export const destructionRoutes = ({ deps: { work, clock }, house: { destructions }, books, number, gate }: Needs) => [
  route({
    method: 'post',
    path: '/destructions',
    requires: 'destruction.record',
    summary: { en: 'Destroy goods before a witness', zh: '见证下销毁' },
    body: z.object({
      destruction: Code.optional(),
      site: Code,
      location: Code,
      lines: z.array(Line).min(1).max(500),
      witness: Code,
      order: Code.optional().meta({ description: 'The signed order; needed for held goods' }),
    }),
    reply: { 201: DestructionView },
    errors: [
      'gate-closed',
      'lot-unknown',
      'quantity-not-available',
      'serials-required',
      'serial-not-in-custody',
      'lot-on-hold',
      'order-unknown',
      'order-for-other-goods',
      'order-used-up',
      'destruction-already-recorded',
    ],
    handle: async ({ body, context }) => {
      const destruction = body.destruction ?? (await number('DS', (taken) => destructions.get(taken)));
      const destroyedAt = context.occurredAt ?? clock.instant();
      const destroyed = await work(context, (unit) => {
        gate.assertOpen();
        return books.destroy(unit, { ...body, destruction, destroyedAt });
      });
      return created(view(destroyed));
    },
  }),
  route({
    method: 'get',
    path: '/destructions',
    requires: 'shipment.read',
    summary: { en: 'Destructions, by lot', zh: '按批次查询销毁' },
    query: z.object({ ...pageQuery, lot: Code.optional() }),
    reply: { 200: pageOf(DestructionView) },
    handle: async ({ query: { limit, cursor, lot } }) => {
      const filter = lot === undefined ? {} : { 'state.lines.lot': lot };
      const { items, next } = await destructions.find(filter, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/destructions/:destruction',
    requires: 'shipment.read',
    summary: { en: 'A destruction with its lines', zh: '查询销毁及其明细' },
    reply: { 200: DestructionView },
    errors: ['destruction-unknown'],
    handle: async ({ params }) => {
      const known = await destructions.get(params.destruction);
      if (!known) throw new Rejected('destruction-unknown', { destruction: params.destruction });
      return ok(view(known));
    },
  }),
];
