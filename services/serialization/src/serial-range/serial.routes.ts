import { Rejected } from '@lotwarden/platform/errors';
import { assertFree, type Gate } from '@lotwarden/platform/gate';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Gtin, Quantity, SerialRange, Text } from '@lotwarden/platform/http-schemas';
import { contains, parseSerial } from '@lotwarden/platform/serial-range';
import type { Deps } from '@lotwarden/platform/service';
import { heldSerials, type Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import { containersOf } from '../container/packed-units.ts';
import type { House } from '../house.ts';
import { productToSerialise } from '../product/described-lot.ts';
import { commissionSerials } from './commission.ts';
import { claimedBy } from './issued-serials.ts';
import { printLabels, recordLabelCheck } from './labels.ts';
import type { LotSerials } from './lot-serials.ts';

const Ranges = z.array(SerialRange);

const LotSerialsView = z
  .object({
    lot: z.string(),
    product: z.string().nullable(),
    ranges: Ranges,
    scrapped: Ranges,
    printed: z.array(z.object({ label: z.string(), labelVersion: z.string(), quantity: z.string() })),
    labelCheck: z.object({ labelVersion: z.string(), verdict: z.string() }).nullable(),
    heldBy: z.array(z.string()),
    rev: z.number().int(),
  })
  .meta({ id: 'LotSerials' });

const view = ({ id, state, holds, rev }: Stored<LotSerials>) => ({
  ...state,
  lot: id,
  heldBy: Object.entries(holds).flatMap(([hold, entry]) => (heldSerials(entry) ? [hold] : [])),
  rev,
});

const Commission = z
  .object({
    gtin: Gtin,
    prefix: z.string().regex(/^[A-Z0-9/-]{0,10}$/),
    width: z.number().int().min(1).max(15),
    quantity: z.number().int().min(1).max(1_000_000).optional(),
    first: z.number().int().min(1).optional(),
    last: z.number().int().min(1).optional(),
  })
  .refine(({ quantity, first, last }) => (quantity === undefined) === (first !== undefined && last !== undefined), {
    message: 'either quantity, or first and last',
  });

interface Needs {
  readonly deps: Pick<Deps, 'work'>;
  readonly house: House;
  readonly gate: Gate;
}

export const serialRoutes = ({ deps: { work }, house, gate }: Needs) => [
  route({
    method: 'post',
    path: '/lots/:lot/serials',
    requires: 'serial.commission',
    summary: { en: 'Give serials to the units of a lot', zh: '为批次赋序列号' },
    body: Commission,
    reply: { 201: LotSerialsView },
    errors: [
      'lot-unknown',
      'lot-not-finished-goods',
      'gtin-of-other-product',
      'serial-already-commissioned',
      'lot-on-hold',
      'gate-closed',
    ],
    handle: async ({ params: { lot }, body: { quantity, first = 0, last = 0, ...asked }, context }) => {
      gate.assertOpen();
      const numbers = quantity === undefined ? { first, last } : { quantity };
      const changed = await work(context, async (unit) => {
        const [described] = await unit.load(house.lots, [lot]);
        const [ofProduct] = await unit.load(house.products, [described?.state.product ?? '']);
        if (!described || !ofProduct) throw new Rejected('lot-unknown', { lot });
        const product = productToSerialise(lot, described.state, ofProduct.state, asked.gtin);
        const [issued] = await unit.load(house.issued, [asked.gtin]);
        if (!issued) throw new Rejected('lot-unknown', { lot });
        const { claim, commissioned } = commissionSerials(issued.state, { ...asked, lot, product, numbers });
        await unit.append(house.issued, asked.gtin, [claim]);
        return unit.change(house.serials, lot, (_state, loaded) => {
          assertFree(loaded, [], 'commission');
          return [commissioned];
        });
      });
      return created(view(changed));
    },
  }),
  route({
    method: 'post',
    path: '/lots/:lot/labels',
    requires: 'label.print',
    summary: { en: 'Record that labels of a lot were printed', zh: '登记标签打印' },
    body: z.object({ label: Code, labelVersion: Code, quantity: Quantity }),
    reply: { 201: LotSerialsView },
    errors: ['lot-not-serialised', 'lot-on-hold', 'gate-closed'],
    handle: async ({ params: { lot }, body, context }) => {
      gate.assertOpen();
      return created(
        view(
          await house.serials.change(lot, context, (known, loaded) => {
            assertFree(loaded, [], 'label');
            return printLabels(known, lot, body);
          }),
        ),
      );
    },
  }),
  route({
    method: 'post',
    path: '/lots/:lot/label-checks',
    requires: 'label.check',
    summary: { en: 'Record the inspection of labels (21 CFR 820.45)', zh: '登记标签检查' },
    body: z.object({
      labelVersion: Code,
      sampled: z.number().int().min(1),
      verdict: z.enum(['pass', 'fail']),
      note: Text.nullable().default(null),
    }),
    reply: { 201: LotSerialsView },
    errors: ['label-version-not-printed', 'labels-missing'],
    handle: async ({ params: { lot }, body, context }) =>
      created(
        view(
          await house.serials.change(lot, context, (known) =>
            recordLabelCheck(known, lot, { ...body, inspector: context.actor }),
          ),
        ),
      ),
  }),
  route({
    method: 'get',
    path: '/lots/:lot/serials',
    requires: 'serial.read',
    summary: { en: 'Serials and labels of a lot', zh: '查询批次序列号与标签' },
    reply: { 200: LotSerialsView },
    errors: ['lot-not-serialised'],
    handle: async ({ params: { lot } }) => {
      const known = await house.serials.get(lot);
      if (!known) throw new Rejected('lot-not-serialised', { lot }, 404);
      return ok(view(known));
    },
  }),
  route({
    method: 'get',
    path: '/serials/:gtin/:serial',
    requires: 'serial.read',
    summary: { en: 'A unit: its lot, its container, whether it was scrapped', zh: '查询单件:批次、包装、状态' },
    reply: {
      200: z
        .object({
          gtin: z.string(),
          serial: z.string(),
          lot: z.string(),
          firstLot: z.string().nullable(),
          status: z.enum(['commissioned', 'scrapped']),
          container: z.string().nullable(),
        })
        .meta({ id: 'Unit' }),
    },
    errors: ['serial-unknown', 'serial-invalid'],
    handle: async ({ params: { gtin, serial } }) => {
      const unit = [parseSerial(gtin, serial)];
      const firstLot = claimedBy((await house.issued.get(gtin))?.state ?? { claims: [] }, unit)[0] ?? null;
      for (let after: string | undefined; ;) {
        const { items, next } = await house.serials.find({ 'state.ranges.gtin': gtin }, { limit: 500, after });
        for (const { id, state } of items) {
          const scrapped = contains(state.scrapped, unit);
          if (!scrapped && !contains(state.ranges, unit)) continue;
          const packed = (await house.packed.get(id))?.state;
          const container = packed ? (containersOf(packed, unit)[0] ?? null) : null;
          return ok({ gtin, serial, lot: id, firstLot, status: scrapped ? 'scrapped' : 'commissioned', container });
        }
        if (next === undefined) throw new Rejected('serial-unknown', { gtin, serial });
        after = next;
      }
    },
  }),
];
