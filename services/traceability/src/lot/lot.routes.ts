import { Rejected } from '@lotwarden/platform/errors';
import { ok, route, table } from '@lotwarden/platform/http';
import { Code, LotRef, Moment, Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import { OWN_SYSTEM } from '@lotwarden/platform/lot-ref';
import { restricted } from '@lotwarden/platform/http-restricted';
import { z } from 'zod';
import type { AsOf } from '../as-of/as-of.store.ts';
import { limitsThen } from '../as-of/limits-then.ts';
import { lotNamedThen } from '../as-of/lot-then.client.ts';
import type { Written } from '../facts/caught-up.store.ts';
import type { ReadFactLimits } from '../facts/fact-limits.store.ts';
import { subject } from '../facts/subjects.ts';
import { lotsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { asRow, limits, minOffsetsQuery } from '../graph/schemas.routes.ts';

export const PlacedStock = z
  .object({ site: z.string(), location: z.string(), status: z.string(), quantity: Quantity })
  .meta({ id: 'PlacedStock' });

const OperationView = z
  .object({
    operation: z.string(),
    kind: z.string(),
    voided: z.boolean(),
    site: z.string().nullable(),
    equipment: z.string().nullable(),
    workOrder: z.string().nullable(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    inputs: z.array(z.string()),
    outputs: z.array(z.string()),
  })
  .meta({ id: 'TracedOperation' });

const lot = {
  lot: z.string(),
  declared: z.boolean(),
  kind: z.string(),
  item: z.string().nullable(),
  revision: z.string().nullable(),
  site: z.string().nullable(),
  status: z.string(),
  supplier: restricted('source.read', z.string().nullable()),
  supplierLot: restricted('source.read', z.string().nullable()),
  purchaseOrder: restricted('source.read', z.string().nullable()),
  workOrder: z.string().nullable(),
  aliases: z.array(LotRef),
  placeholders: z.array(z.string()),
  markets: z.array(z.string()),
  complaints: z.array(z.string()),
  containers: z.array(z.string()),
  custodians: z.array(z.string()),
  serials: z.object({ current: z.array(SerialRange), ever: z.array(SerialRange) }),
  source: z.object({ received: Quantity, made: Quantity }),
  stock: z.array(PlacedStock),
  madeBy: z.array(OperationView),
  usedBy: z.array(OperationView),
};

const LotView = z.object({ ...lot, ...limits }).meta({ id: 'TracedLot', description: 'Everything known of one lot' });

const LotQuery = z.object({
  system: Code.optional(),
  asOf: Moment.optional().meta({ description: 'As it was known then' }),
  ...minOffsetsQuery,
});

interface OfLot {
  readonly params: { readonly lot: string };
  readonly query: z.output<typeof LotQuery>;
  readonly signal: AbortSignal;
}

interface Needs {
  readonly replica: Replica;
  readonly asOf: AsOf;
  readonly written: Written;
  readonly factLimits: ReadFactLimits;
}

export const lotRoutes = ({ replica, asOf, written, factLimits }: Needs) => {
  const lotOf = async ({ params, query: { system, asOf: at, minOffsets }, signal }: OfLot) => {
    const named = system === undefined || system === OWN_SYSTEM ? params.lot : { system, code: params.lot };
    const limitsNow = await replica.ask('limits', null, { minOffsets });
    if (at !== undefined) {
      await written.until(minOffsets, signal);
      const now = await factLimits();
      const id = await lotNamedThen(asOf, named, at);
      const { found, gaps } = await asOf.lot(id, at);
      if (!found) throw new Rejected('lot-unknown', { lot: params.lot });
      const ids = await asOf.ids(id, at);
      const later = await asOf.recordedLater(ids.map((one) => subject('lot', one)), at, 1); // prettier-ignore
      return { ...found, ...limitsThen(now, gaps, later.total) };
    }
    const [id = params.lot] = await lotsNamed(replica, [named]);
    const view = await replica.ask('lot', { lot: id });
    if (!view) throw new Rejected('lot-unknown', { lot: params.lot });
    return { ...view, ...limitsNow };
  };
  return [
    route({
      method: 'get',
      path: '/lots/:lot',
      requires: 'trace.read',
      summary: { en: 'A lot by our id, or by the name another system gave it', zh: '按本系统标识或外部名称查询批次' },
      query: LotQuery,
      reply: { 200: LotView },
      csv: table(z.object(lot)),
      errors: [
        'lot-unknown',
        'lot-unknown-then',
        'lot-ambiguous',
        'past-too-large',
        'not-caught-up',
        'graph-unavailable',
      ],
      handle: async (call) => ok(await lotOf(call)),
      rows: async function* (call) {
        yield asRow(await lotOf(call));
      },
    }),
  ];
};
