import { SerialRange } from '@lotwarden/platform/http-schemas';
import { heldBy, type Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { LotSerials } from './lot-serials.ts';

const Ranges = z.array(SerialRange);

export const LotSerialsView = z
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

export function lotSerialsView({ id, state, holds, rev }: Stored<LotSerials>) {
  const { product, ranges, scrapped, printed, labelCheck } = state;
  return { lot: id, product, ranges, scrapped, printed, labelCheck, heldBy: heldBy(holds), rev };
}
