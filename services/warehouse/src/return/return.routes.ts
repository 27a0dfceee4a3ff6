import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Instant, LotLine, Violation } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { Numbers } from '../record/numbers.store.ts';
import { Line } from '../shipment/shipment.routes.ts';
import type { ReturnBooks } from './returns.store.ts';
import type { Return } from './return.ts';

const ReturnView = z
  .object({
    return: z.string(),
    status: z.literal('received'),
    site: z.string(),
    from: z.string(),
    receivedAt: Instant,
    lines: z.array(LotLine),
    unidentified: z.array(z.string()),
    violations: z.array(Violation),
    rev: z.number().int(),
  })
  .meta({ id: 'Return' });

function view({ id, state, rev }: Stored<Return>) {
  if (state.status === 'unknown') throw new Rejected('return-unknown', { return: id });
  return { ...state, rev };
}

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock'>;
  readonly house: Pick<House, 'returns'>;
  readonly books: ReturnBooks;
  readonly number: Numbers;
}

export const returnRoutes = ({ deps: { work, clock }, house: { returns }, books, number }: Needs) => [
  route({
    method: 'post',
    path: '/returns',
    requires: 'return.receive',
    summary: { en: 'Take goods back, into quarantine', zh: '退货入库(隔离区)' },
    body: z
      .object({
        return: Code.optional(),
        site: Code,
        from: Code,
        lines: z.array(Line).max(500).default([]),
        unidentified: z.array(z.string().min(1).max(200)).max(500).default([]),
      })
      .refine(
        ({ lines, unidentified }) => lines.length + unidentified.length > 0,
        words('something must have come back: lines or unidentified', '至少需要一行退回货物:lines 或 unidentified'),
      ),
    reply: { 201: ReturnView },
    errors: ['lot-unknown', 'return-already-received'],
    handle: async ({ body, context }) => {
      const id = body.return ?? (await number('RT', (taken) => returns.get(taken)));
      const receivedAt = context.occurredAt ?? clock.instant();
      return created(view(await work(context, (unit) => books.receive(unit, { ...body, return: id, receivedAt }))));
    },
  }),
  route({
    method: 'get',
    path: '/returns',
    requires: 'shipment.read',
    summary: { en: 'Returns, by party or lot', zh: '按退货方或批次查询退货' },
    query: z.object({ ...pageQuery, from: Code.optional(), lot: Code.optional() }),
    reply: { 200: pageOf(ReturnView) },
    handle: async ({ query: { limit, cursor, from, lot } }) => {
      const filter = {
        ...(from === undefined ? {} : { 'state.from': from }),
        ...(lot === undefined ? {} : { 'state.lines.lot': lot }),
      };
      const { items, next } = await returns.find(filter, { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/returns/:return',
    requires: 'shipment.read',
    summary: { en: 'A return with its lines', zh: '查询退货及其明细' },
    reply: { 200: ReturnView },
    errors: ['return-unknown'],
    handle: async ({ params }) => {
      const known = await returns.get(params.return);
      if (!known) throw new Rejected('return-unknown', { return: params.return });
      return ok(view(known));
    },
  }),
];
