import { Code, Moment, SerialRange } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { restricted } from '@lotwarden/platform/http-restricted';
import { z } from 'zod';
import { LotName } from '../graph/schemas.routes.ts';
import type { Period } from './roots.ts';

const period = {
  from: Moment.optional().meta({ description: 'Open where it is left out' }),
  to: Moment.optional(),
};
const inOrder = ({ from, to }: Period): boolean => from === undefined || to === undefined || from <= to;
const ORDER = words('from must not be after to', 'from 不能晚于 to');
const Decimal = z
  .string()
  .regex(
    /^-?\d{1,18}(\.\d{1,9})?$/,
    words('a number as text, with at most 18 + 9 digits', '以文本表示的数字,最多 18 + 9 位'),
  );

const LotsWhere = z
  .strictObject({
    supplier: restricted('source.read', Code.optional()),
    item: Code.optional().meta({ description: 'Part or product' }),
    revision: Code.optional().meta({ description: 'Specification version' }),
    purchaseOrder: restricted('source.read', Code.optional()),
    workOrder: Code.optional(),
    site: Code.optional(),
    ...period,
  })
  .refine(
    ({ from: _, to: __, ...named }) => Object.values(named).some((value) => value !== undefined),
    words(
      'at least one of supplier, item, revision, purchaseOrder, workOrder, site is needed',
      '至少需要 supplier、item、revision、purchaseOrder、workOrder、site 之一',
    ),
  )
  .refine(inOrder, ORDER)
  .meta({ id: 'LotsWhere', description: 'Lots that have all of these, received or declared in the period' });

const OperationsWhere = z
  .strictObject({
    equipment: Code.optional(),
    operator: restricted('operator.read', Code.optional()),
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
        words(
          'unit is needed: 5 mV is not more than 4 V, so a limit is compared in its unit only',
          '需要 unit:界限只在同一单位内比较(5 mV 并不大于 4 V)',
        ),
      )
      .optional()
      .meta({
        description: 'Measured below the one or above the other, in this unit; any value where neither is given',
      }),
    ...period,
  })
  .refine(
    ({ from: _, to: __, ...named }) => Object.values(named).some((value) => value !== undefined),
    words(
      'at least one property beside the period is needed, such as equipment',
      '除时间段外至少需要一个条件,如 equipment',
    ),
  )
  .refine(inOrder, ORDER)
  .meta({ id: 'OperationsWhere', description: 'Operations that have all of these and overlap the period' });

/** What partners tell in EPCIS has names of its own, such as `ni:///sha-256;…?ver=CBV2.0`. */
const Named = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\p{C}]+$/u, words('no control characters', '不能包含控制字符'));

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
        .refine(
          ({ operation, lot }) => operation !== undefined || lot !== undefined,
          words('operation or lot is needed', '需要 operation 或 lot'),
        ),
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
    neverTold: z.array(z.string()).meta({
      description:
        'Values of a filter that nobody ever told of anything, such as `supplier SUP-XH`: look at the spelling. Empty in answers as of a moment',
    }),
    gaps: z.array(z.string()).meta({ description: 'Why an answer from it is not complete; empty: nothing' }),
  })
  .meta({ id: 'RootFound', description: 'What one root was found to be, in the order of the roots' });
