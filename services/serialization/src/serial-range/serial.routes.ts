import { Rejected } from '@lotwarden/platform/errors';
import { assertFree, type Gate } from '@lotwarden/platform/gate';
import { created, ok, route } from '@lotwarden/platform/http';
import { Gtin } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { assertOwnSite } from '@lotwarden/platform/own-site';
import { contains, formatSerial, parseSerial } from '@lotwarden/platform/serial-range';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import { containersOf } from '../container/packed-units.ts';
import type { House } from '../house.ts';
import { productToSerialise } from '../product/described-lot.ts';
import { commissionSerials, MOST_AT_ONCE } from './commission.ts';
import type { SerialFinder } from './find-serials.store.ts';
import type { SerialFollower } from './follow-serials.store.ts';
import { formerName, nextName } from './relabelled.ts';
import { lotSerialsView, LotSerialsView } from './views.routes.ts';

const Commission = z
  .object({
    gtin: Gtin,
    prefix: z.string().regex(/^[A-Z0-9/-]{0,10}$/),
    width: z.number().int().min(1).max(15),
    quantity: z.number().int().min(1).max(MOST_AT_ONCE).optional(),
    first: z.number().int().min(1).optional(),
    last: z.number().int().min(1).optional(),
  })
  .refine(({ quantity, first, last }) => (quantity === undefined) === (first !== undefined && last !== undefined), {
    message: words('either quantity, or first and last', '只能填写 quantity,或 first 与 last'),
  });

const UnitName = z.object({ gtin: z.string(), serial: z.string(), lot: z.string() });

interface Needs {
  readonly deps: Pick<Deps, 'work'>;
  readonly house: House;
  readonly finder: SerialFinder;
  readonly follower: SerialFollower;
  readonly gate: Gate;
}

export const serialRoutes = ({ deps: { work }, house, finder, follower, gate }: Needs) => [
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
      'serial-prefix-ambiguous',
      'serial-too-long',
      'serial-range-invalid',
      'serials-exhausted',
      'product-without-gtin',
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
        if (described.state.site !== undefined) assertOwnSite(context, described.state.site);
        const product = productToSerialise(lot, described.state, ofProduct.state, asked.gtin);
        const [issued] = await unit.load(house.issued, [asked.gtin]);
        if (!issued) throw new Rejected('lot-unknown', { lot });
        const given = commissionSerials(issued.state, { ...asked, lot, product, numbers });
        await unit.append(house.issued, asked.gtin, [given.issue]);
        await unit.change(house.serials, lot, (_state, loaded) => {
          assertFree(loaded, [], 'commission');
          return [given.commissioned];
        });
        // Operations may have named these serials before they were given.
        await follower.arrive(unit, [{ lot, ranges: [given.range] }]);
        return unit.append(house.serials, lot, []);
      });
      return created(lotSerialsView(changed));
    },
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
      return ok(lotSerialsView(known));
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
          status: z.enum(['commissioned', 'scrapped', 'relabelled']),
          container: z.string().nullable(),
          now: UnitName.nullable().meta({ description: 'What it is called since it was relabelled' }),
          formerly: UnitName.nullable().meta({ description: 'What it was called before it was relabelled' }),
        })
        .meta({ id: 'Unit' }),
    },
    errors: ['serial-unknown', 'serial-invalid'],
    handle: async ({ params: { gtin, serial } }) => {
      const unit = [parseSerial(gtin, serial)] as const;
      const [known] = await finder.lots(unit);
      if (!known) throw new Rejected('serial-unknown', { gtin, serial });
      const { id: lot, state } = known;
      const [first] = await finder.givenTo(unit);
      const packed = (await house.packed.get(lot))?.state;
      const container = packed ? (containersOf(packed, unit)[0] ?? null) : null;
      const relabellings = await finder.relabellings(unit[0]);
      const name = (of: typeof nextName) =>
        relabellings
          .flatMap((one) => of(one, unit[0]) ?? [])
          .map((found) => ({
            gtin: found.unit.gtin,
            serial: formatSerial(found.unit, found.unit.first),
            lot: found.lot,
          }))[0] ?? null;
      const [now, formerly] = [name(nextName), name(formerName)];
      const ended = now === null ? ('scrapped' as const) : ('relabelled' as const);
      const status = contains(state.ranges, unit) ? ('commissioned' as const) : ended;
      return ok({ gtin, serial, lot, firstLot: first?.id ?? null, status, container, now, formerly });
    },
  }),
];
