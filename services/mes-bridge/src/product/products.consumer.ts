import { consumer } from '@lotwarden/platform/consumer';
import type { Deps } from '@lotwarden/platform/service';
import type { Context } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { operationsWith, type Reassess } from '../operation/reassess.store.ts';
import { specifyLot } from '../production-lot/production-lot.ts';
import { revisionInForce } from './product.ts';

interface Needs {
  readonly deps: Pick<Deps, 'work'>;
  readonly house: House;
  readonly reassess: Reassess;
}

const PAGE = 50;

/**
 * A revision that is specified after its lots were made: they are of it, and the operations that it was in force for
 * are judged by its bill of material. Heard from the own topic, since that is as durable as the specification.
 */
export const productsSpecified = ({ deps: { work }, house, reassess }: Needs) => {
  async function review(lot: string, product: string, validFrom: string | null, context: Context): Promise<void> {
    const since = validFrom === null ? {} : { 'state.circumstances.endedAt': { $gte: validFrom } };
    await work(context, async (unit) => {
      await unit.touch(house.lots, lot);
      const found = await unit.load(house.operations, await operationsWith(house, [lot], since));
      const [specified] = await unit.load(house.products, [product]);
      const made = found.find(({ state }) => state.outputs.some((output) => output.lot === lot));
      const revision = specified && revisionInForce(specified.state, made?.state.circumstances?.endedAt ?? '');
      if (revision) await unit.change(house.lots, lot, (known) => specifyLot(known, revision));
      await reassess.operations(
        unit,
        found.map(({ id }) => id),
      );
    });
  }

  return consumer({
    topic: 'mes-bridge.product.v1',
    group: 'mes-bridge.product',
    on: {
      ProductSpecified: async ({ event: { product, validFrom }, version }, { context }) => {
        // The first revision is in force also for what was made before its time.
        const since = version === 1 ? null : validFrom;
        for (let after: string | undefined; ;) {
          const { items, next } = await house.lots.find({ 'state.product': product }, { limit: PAGE, after });
          for (const { id } of items) await review(id, product, since, context);
          if (next === undefined) return;
          after = next;
        }
      },
    },
  });
};
