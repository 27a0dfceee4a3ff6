import { Rejected } from '@lotwarden/platform/errors';
import type { Gate } from '@lotwarden/platform/gate';
import { ok, route } from '@lotwarden/platform/http';
import { Code, LotRef, Quantity } from '@lotwarden/platform/http-schemas';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import { isPositive } from '@lotwarden/platform/quantity';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { revisionInForce } from '../product/product.ts';
import { knowLots } from './know-lots.store.ts';
import { MACHINE_MOUNTS, mountedNow, type MachineMounts } from '../material-mount/mounted-now.ts';
import { inputViolations, stopReasons, type StopReason } from './start-check.ts';

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
    handle: async ({ body: { product, equipment, inputs }, context }) => {
      for (const { quantity } of inputs)
        if (!isPositive(quantity)) throw new Rejected('quantity-invalid', { value: quantity.value });
      const { closed } = gate.status();
      if (closed) return answer([{ code: 'gate-closed', lot: null, detail: closed }]);
      const reasons = await work(context, async (unit) => {
        const named = await directory.resolve(inputs.map(({ lot }) => lot));
        const lots: readonly string[] = named.map(({ lot }) => lot);
        const fed = equipment === null ? [] : await mountedOn(unit, equipment);
        const known = await knowLots(house, unit, [...lots, ...fed]);
        // A go that is committed after a hold was acknowledged would be a go on held goods: then this runs again.
        for (const lot of new Set([...lots, ...fed])) await unit.touch(house.lots, lot);
        const [specified] = await unit.load(house.products, [product]);
        const bom = specified && revisionInForce(specified.state, clock.instant())?.bom;
        const facts = (lot: string) => ({ lot, ...known.lot(lot), heldBy: known.lot(lot).heldBy([]) });
        const mounted = fed.filter((lot) => !lots.includes(lot)).map(facts);
        return stopReasons(lots.map(facts), bom, mounted);
      });
      return answer(reasons);
    },
  }),
  route({
    method: 'post',
    path: '/mount-checks',
    requires: 'operation.start',
    summary: { en: 'May this lot be mounted? go, or stop with the reasons', zh: '物料可否上料:放行,或停止并说明原因' },
    body: z.object({ site: Code, equipment: Code, position: Code, lot: LotRef }),
    reply: { 200: StartAnswer },
    handle: async ({ body: { lot: ref }, context }) => {
      const { closed } = gate.status();
      if (closed) return answer([{ code: 'gate-closed', lot: null, detail: closed }]);
      const reasons = await work(context, async (unit) => {
        const lots = (await directory.resolve([ref])).map(({ lot }) => lot);
        const known = await knowLots(house, unit, lots);
        for (const lot of lots) await unit.touch(house.lots, lot);
        return inputViolations(lots.map((lot) => ({ lot, ...known.lot(lot), heldBy: known.lot(lot).heldBy([]) })));
      });
      return answer(reasons);
    },
  }),
];

/** Lots that are on the machine by now: what starts there is made of them, whether it names them or not. */
async function mountedOn(unit: Work, equipment: string): Promise<string[]> {
  const machine = (await unit.read<MachineMounts>(MACHINE_MOUNTS, [equipment])).get(equipment);
  return [...new Set(mountedNow(machine?.mounts ?? []).flatMap(({ lot }) => lot ?? []))];
}
