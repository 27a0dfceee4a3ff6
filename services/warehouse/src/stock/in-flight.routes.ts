import { holdsOn } from '@lotwarden/platform/gate';
import { ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { House } from '../house.ts';
import { onTheWay } from './in-flight.ts';
import { STAGES } from './staged.ts';

const InFlightRow = z
  .object({
    lot: z.string(),
    site: z.string(),
    bindingMode: z.string().meta({ description: 'inline | commanded | observed: how firmly this gate binds the site' }),
    stage: z.enum([...STAGES, 'at-dock']),
    shipment: z.string().nullable(),
    location: z.string(),
    quantity: Quantity,
    serials: z.array(SerialRange),
    heldBy: z.array(z.string()),
  })
  .meta({ id: 'InFlightRow', description: 'Goods on their way out: whom to call, and what about' });

export const inFlightRoutes = ({ sites, places, stocks }: Pick<House, 'sites' | 'places' | 'stocks'>) => [
  route({
    method: 'get',
    path: '/in-flight',
    requires: 'stock.read',
    summary: {
      en: 'What is picked, packed, at the dock or on the road; of a lot or of what a hold touches. A page is so many lots',
      zh: '已拣、已包装、待装及在途货物,可按批次或冻结查询(按批次分页)',
    },
    query: z.object({
      ...pageQuery,
      lot: Code.optional(),
      hold: Code.optional(),
      stage: z.enum([...STAGES, 'at-dock']).optional(),
      site: Code.optional(),
    }),
    reply: { 200: pageOf(InFlightRow) },
    handle: async ({ query: { limit, cursor, lot, hold, stage, site } }) => {
      const one = lot === undefined ? undefined : await stocks.get(lot);
      const filter = {
        ...(hold === undefined ? {} : { heldBy: hold }),
        ...(stage === undefined || stage === 'at-dock' ? {} : { 'state.staged.stage': stage }),
      };
      const { items, next } =
        lot === undefined ? await stocks.find(filter, { limit, after: cursor }) : { items: one ? [one] : [] };
      const rows = items
        .flatMap(({ state, holds }) =>
          onTheWay(state, places.lastKnownKind).map((one) => ({ ...one, heldBy: holdsOn(holds, one.serials) })),
        )
        .filter((row) => hold === undefined || row.heldBy.includes(hold))
        .filter((row) => (stage === undefined || row.stage === stage) && (site === undefined || row.site === site));
      const modes = new Map<string, string>();
      for (const name of new Set(rows.map((row) => row.site))) {
        const known = await sites.get(name);
        modes.set(name, known?.state.status === 'registered' ? known.state.bindingMode : 'unknown');
      }
      return ok(
        page(
          rows.map((row) => ({ ...row, bindingMode: modes.get(row.site) ?? 'unknown' })),
          next,
        ),
      );
    },
  }),
];
