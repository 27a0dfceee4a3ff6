import { Code, Moment, SerialRange } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import { LotName } from '../graph/schemas.routes.ts';
import type { Period } from './roots.ts';

const period = {
  from: Moment.optional().meta({ description: 'Open where it is left out' }),
  to: Moment.optional(),
};
const inOrder = ({ from, to }: Period): boolean => from === undefined || to === undefined || from <= to;
const ORDER = 'from must not be after to';
const Decimal = z.string().regex(/^-?\d{1,18}(\.\d{1,9})?$/);

const LotsWhere = z
  .strictObject({
    supplier: Code.optional(),
    item: Code.optional().meta({ description: 'Part or product' }),
    revision: Code.optional().meta({ description: 'Specification version' }),
    purchaseOrder: Code.optional(),
    workOrder: Code.optional(),
    site: Code.optional(),
    ...period,
  })
  .refine(
    ({ from: _, to: __, ...named }) => Object.values(named).some((value) => value !== undefined),
    'supplier, item, revision, purchaseOrder, workOrder or site: at least one',
  )
  .refine(inOrder, ORDER)
  .meta({ id: 'LotsWhere', description: 'Lots that have all of these, received or declared in the period' });

const OperationsWhere = z
  .strictObject({
    equipment: Code.optional(),
    operator: Code.optional(),
    site: Code.optional(),
    kind: Code.optional(),
    workOrder: Code.optional(),
    load: Code.optional(),
    softwareVersion: Code.optional(),
    labelVersion: Code.optional(),
    tool: Code.optional(),
    gauge: Code.optional(),
    parameter: z
      .strictObject({
        name: z.string().min(1).max(200),
        unit: z.string().max(20).optional(),
        below: Decimal.optional(),
        above: Decimal.optional(),
      })
      .refine(
        ({ unit, below, above }) => unit !== undefined || (below === undefined && above === undefined),
        'unit: 5 mV is not more than 4 V, so a limit is compared in its unit only',
      )
      .optional()
      .meta({
        description: 'Measured below the one or above the other, in this unit; any value where neither is given',
      }),
    ...period,
  })
  .refine(
    ({ from: _, to: __, ...named }) => Object.values(named).some((value) => value !== undefined),
    'at least one property beside the period',
  )
  .refine(inOrder, ORDER)
  .meta({ id: 'OperationsWhere', description: 'Operations that have all of these and overlap the period' });

/** What partners tell in EPCIS has names of its own, such as `ni:///sha-256;…?ver=CBV2.0`. */
const Named = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\p{C}]+$/u, 'no control characters');

const Serials = z.array(SerialRange).min(1).max(1_000);

export const RootBody = z
  .union([
    LotName,
    z.strictObject({ lot: LotName, serials: Serials.optional() }),
    z.strictObject({ serials: Serials }),
    z.strictObject({ container: Named }),
    z.strictObject({ operation: Named }),
    z.strictObject({ lotsWhere: LotsWhere }),
    z.strictObject({ operationsWhere: OperationsWhere }),
    z.strictObject({
      alongside: z
        .strictObject({
          operation: Named.optional(),
          lot: LotName.optional(),
          minutes: z.number().int().min(0).max(1_440).default(0),
        })
        .refine(({ operation, lot }) => operation !== undefined || lot !== undefined, 'operation or lot'),
    }),
  ])
  .meta({
    id: 'Root',
    description:
      'A lot by any name, units by serial, a container, an operation, all lots or operations that match a filter, or what ' +
      'went through the same machine at the same time',
  });

/** What a question starts from. */
export const RootsBody = z.array(RootBody).min(1).max(1_000);

export const RootFoundView = z
  .object({
    is: z.enum(['known', 'unknown', 'ambiguous', 'nothing']),
    lots: z.number().int(),
    operations: z.number().int(),
    candidates: z.array(z.string()),
    wholeLots: z.boolean().meta({ description: 'Contents known by quantity only: their lots are meant whole' }),
    unknownSerials: z.array(SerialRange).meta({ description: 'Units that were asked for and that nobody knows there' }),
    gaps: z.array(z.string()).meta({ description: 'Why an answer from it is not complete; empty: nothing' }),
  })
  .meta({ id: 'RootFound', description: 'What one root was found to be, in the order of the roots' });
