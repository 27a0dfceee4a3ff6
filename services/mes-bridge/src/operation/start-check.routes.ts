import { Rejected } from '@lotwarden/platform/errors';
import type { Gate } from '@lotwarden/platform/gate';
import { ok, route } from '@lotwarden/platform/http';
import { Code, LotRef, Quantity } from '@lotwarden/platform/http-schemas';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import { isPositive } from '@lotwarden/platform/quantity';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import type { House } from '../house.ts';
import { revisionInForce } from '../product/product.ts';
import { knowLots } from './know-lots.store.ts';
import { stopReasons, type StopReason } from './start-check.ts';

const StartAnswer = z
  .object({
    answer: z.enum(['go', 'stop']),
    reasons: z.array(z.object({ code: z.string(), lot: z.string().nullable(), detail: z.string() })),
  })
  .meta({ id: 'StartAnswer', description: 'Anything doubtful stops; the reasons have the codes of the documentation' });

const answer = (reasons: readonly StopReason[]) =>
  ok({ answer: reasons.length === 0 ? ('go' as const) : ('stop' as const), reasons });

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock'>;
  readonly house: House;
  readonly directory: LotDirectory;
  readonly gate: Gate;
}

export const startCheckRoutes = ({ deps: { work, clock }, house, directory, gate }: Needs) => [
  route({
    method: 'post',
    path: '/start-checks',
    requires: 'operation.start',
    summary: { en: 'May this operation start? go, or stop with the reasons', zh: '工序可否开始:放行,或停止并说明原因' },
    body: z.object({
      workOrder: Code,
      site: Code,
      product: Code,
      equipment: Code.nullable().default(null),
      inputs: z
        .array(z.strictObject({ lot: LotRef, quantity: Quantity }))
        .min(1)
        .max(200),
    }),
    reply: { 200: StartAnswer },
    errors: ['quantity-invalid'],
    handle: async ({ body: { product, inputs }, context }) => {
      for (const { quantity } of inputs)
        if (!isPositive(quantity)) throw new Rejected('quantity-invalid', { value: quantity.value });
      const { closed } = gate.status();
      if (closed) return answer([{ code: 'gate-closed', lot: null, detail: closed }]);
      const reasons = await work(context, async (unit) => {
        const named = await directory.resolve(inputs.map(({ lot }) => lot));
        const lots = named.map(({ lot }) => lot);
        const known = await knowLots(house, unit, lots);
        // A go that is committed after a hold was acknowledged would be a go on held goods: then this runs again.
        for (const lot of lots) await unit.touch(house.lots, lot);
        const [specified] = await unit.load(house.products, [product]);
        const bom = specified && revisionInForce(specified.state, clock.instant())?.bom;
        const asked = lots.map((lot) => {
          const { status, item, heldBy } = known.lot(lot);
          return { lot, status, item, heldBy: heldBy([]) };
        });
        const wanted = bom?.map(({ item }) => item);
        return stopReasons(asked, wanted);
      });
      return answer(reasons);
    },
  }),
];
