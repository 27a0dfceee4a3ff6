import { Rejected } from '@lotwarden/platform/errors';
import { assertFree, type Gate } from '@lotwarden/platform/gate';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import {
  CharacteristicResult,
  Code,
  Decimal,
  Instant,
  LotRef,
  Moment,
  Quantity,
  Text,
} from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { OWN_SYSTEM } from '@lotwarden/platform/lot-ref';
import { assertOwnSite } from '@lotwarden/platform/own-site';
import type { Deps } from '@lotwarden/platform/service';
import { heldBy, sameState, type Loaded, type Stored } from '@lotwarden/platform/store';
import { restricted } from '@lotwarden/platform/http-restricted';
import { z } from 'zod';
import type { config } from '../config.ts';
import type { MaterialLot } from './material-lot.ts';
import type { MaterialLots, Receipts } from './material-lot.store.ts';
import { putAway } from './put-away.ts';

const Stated = z.object({ characteristic: Code, value: Decimal, unit: z.string().min(1).max(20) });

const ReceiveLotBody = z.object({
  part: Code,
  supplier: Code,
  supplierLot: Code,
  purchaseOrder: Code,
  quantity: Quantity,
  site: Code,
  timeZone: z.string().max(60).optional(),
  location: Code,
  receivedAt: Moment.optional(),
  expiresAt: Moment.nullable().default(null),
  coa: z.array(Stated).max(200),
  transport: z.array(Stated).max(200).default([]),
});

const MaterialLotView = z
  .object({
    lot: z.string(),
    status: z.enum(['pending', 'accepted', 'rejected']),
    part: z.string(),
    revision: z.string(),
    supplier: restricted('source.read', z.string()),
    supplierLot: restricted('source.read', z.string()),
    purchaseOrder: restricted('source.read', z.string().nullable()),
    received: Quantity,
    site: z.string(),
    location: z.string(),
    receivedAt: Instant,
    expiresAt: Instant.nullable(),
    coa: z.array(CharacteristicResult),
    coaVerdict: z.string(),
    hindrances: z.array(z.object({ code: z.string(), detail: z.string() })),
    aliases: z.array(LotRef),
    inspection: z.string().nullable(),
    reason: z.string().nullable(),
    heldBy: z.array(z.string()),
    rev: z.number().int(),
  })
  .meta({ id: 'MaterialLot' });

function view({ id, state, holds, rev }: Stored<MaterialLot>) {
  if (state.status === 'unknown') throw new Rejected('material-lot-unknown', { lot: id });
  return { ...state, heldBy: heldBy(holds), rev };
}

interface Needs {
  readonly deps: Pick<Deps<Deps['config'] & z.output<typeof config>>, 'clock' | 'config'>;
  readonly lots: MaterialLots;
  readonly receipts: Receipts;
  readonly gate: Gate;
}

export const materialLotRoutes = ({ deps: { clock, config }, lots, receipts, gate }: Needs) => [
  route({
    method: 'post',
    path: '/material-lots',
    requires: 'material-lot.receive',
    summary: { en: 'Receive a supplier lot', zh: '供应商批次入库' },
    body: ReceiveLotBody,
    reply: { 201: MaterialLotView },
    errors: [
      'lot-already-received',
      'lot-name-taken',
      'supplier-unknown',
      'part-unknown',
      'part-not-in-force',
      'quantity-invalid',
    ],
    handle: async ({ body, context }) => {
      const { receivedAt = clock.instant(), timeZone = config.timeZone } = body;
      return created(view(await receipts.receive({ ...body, receivedAt, timeZone }, context)));
    },
  }),
  route({
    method: 'post',
    path: '/material-lots/:lot/aliases',
    requires: 'material-lot.receive',
    summary: { en: 'Another name of a lot, for ever: what was said under it was about this lot', zh: '为批次增加名称' },
    body: z.object({
      alias: LotRef.refine(
        ({ system }) => system !== OWN_SYSTEM,
        words(
          'our own ids are given by us: name the system that calls it so',
          '我方编号由系统分配,请填写使用该名称的系统',
        ),
      ),
    }),
    reply: { 201: MaterialLotView },
    errors: ['material-lot-unknown', 'lot-name-taken'],
    handle: async ({ params: { lot }, body: { alias }, context }) =>
      created(view(await receipts.name(lot, alias, context))),
  }),
  route({
    method: 'post',
    path: '/material-lots/:lot/hindrance-reviews',
    requires: 'material-lot.receive',
    summary: { en: 'Look again at what stands in the way of acceptance', zh: '重新评估批次接收障碍' },
    body: z.object({ reason: Text }),
    reply: { 201: MaterialLotView },
    errors: ['material-lot-unknown', 'material-lot-already-decided'],
    handle: async ({ params, body, context }) =>
      created(view(await receipts.review(params.lot, context, { moment: clock.instant(), reason: body.reason }))),
  }),
  route({
    method: 'post',
    path: '/material-lots/:lot/put-away',
    requires: 'material-lot.put-away',
    summary: { en: 'Put an accepted lot away', zh: '合格批次上架' },
    body: z.object({ quantity: Quantity, location: Code }),
    reply: { 201: MaterialLotView },
    ifMatch: 'optional',
    errors: [
      'material-lot-unknown',
      'material-lot-not-accepted',
      'quantity-invalid',
      'quantity-not-available',
      'unit-not-convertible',
      'lot-on-hold',
      'gate-closed',
    ],
    handle: async ({ params, body, context, expectedRev }) => {
      gate.assertOpen();
      const decide = (state: MaterialLot, { id, holds }: Loaded) => {
        if (state.status !== 'unknown') assertOwnSite(context, state.site);
        assertFree({ id, holds }, [], 'put-away');
        return putAway(state, body);
      };
      return created(view(await lots.change(params.lot, context, decide, { expectedRev })));
    },
  }),
  route({
    method: 'get',
    path: '/material-lots',
    requires: 'material-lot.read',
    summary: { en: 'Material lots by status, part or supplier', zh: '按状态、物料或供应商查询批次' },
    query: z.object({
      ...pageQuery,
      status: z.enum(['pending', 'accepted', 'rejected']).optional(),
      part: Code.optional(),
      supplier: restricted('source.read', Code.optional()),
    }),
    reply: { 200: pageOf(MaterialLotView) },
    handle: async ({ query: { limit, cursor, ...wanted } }) => {
      const { items, next } = await lots.find(sameState(wanted), { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'get',
    path: '/material-lots/:lot',
    requires: 'material-lot.read',
    summary: { en: "A material lot by our id, or by the supplier's with ?system=supplier:<id>", zh: '查询物料批次' },
    query: z.object({ system: Code.default(OWN_SYSTEM) }),
    reply: { 200: MaterialLotView },
    errors: ['material-lot-unknown'],
    handle: async ({ params, query }) => {
      const known = await receipts.find({ system: query.system, code: params.lot });
      if (!known) throw new Rejected('material-lot-unknown', { lot: params.lot });
      return ok(view(known));
    },
  }),
];
