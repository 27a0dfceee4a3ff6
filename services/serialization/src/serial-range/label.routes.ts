import { assertFree, type Gate } from '@lotwarden/platform/gate';
import { created, route } from '@lotwarden/platform/http';
import { Code, Quantity, Text } from '@lotwarden/platform/http-schemas';
import { assertOwnSite } from '@lotwarden/platform/own-site';
import type { Context } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { printLabels, recordLabelCheck } from './labels.ts';
import { lotSerialsView, LotSerialsView } from './views.routes.ts';

interface Needs {
  readonly house: Pick<House, 'serials' | 'lots'>;
  readonly gate: Gate;
}

export const labelRoutes = ({ house: { serials, lots }, gate }: Needs) => {
  /** Labels are printed and looked at where the lot is made. */
  async function assertOwnLot(context: Context, lot: string): Promise<void> {
    const site = context.sites && (await lots.get(lot))?.state.site;
    if (site !== undefined) assertOwnSite(context, site);
  }

  return [
    route({
      method: 'post',
      path: '/lots/:lot/labels',
      requires: 'label.print',
      summary: { en: 'Record that labels of a lot were printed', zh: '登记标签打印' },
      body: z.object({ label: Code, labelVersion: Code, quantity: Quantity }),
      reply: { 201: LotSerialsView },
      errors: ['lot-not-serialised', 'labels-not-pieces', 'lot-on-hold', 'gate-closed'],
      handle: async ({ params: { lot }, body, context }) => {
        gate.assertOpen();
        await assertOwnLot(context, lot);
        const changed = await serials.change(lot, context, (known, loaded) => {
          assertFree(loaded, [], 'label');
          return printLabels(known, { lot, ...body });
        });
        return created(lotSerialsView(changed));
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
      errors: ['label-version-not-printed', 'labels-missing', 'label-sample-too-large'],
      handle: async ({ params: { lot }, body, context }) => {
        await assertOwnLot(context, lot);
        const check = { lot, ...body, inspector: context.actor };
        return created(lotSerialsView(await serials.change(lot, context, (known) => recordLabelCheck(known, check))));
      },
    }),
  ];
};
