import { z } from 'zod';
import { Rejected } from '../errors.ts';

const MAX_PAGE = 500;

/** Put these into a list's query: `query: z.object({ ...pageQuery, status: … })`. The cursor is opaque to callers. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50).meta({ description: 'Items per page' }),
  cursor: z.string().min(1).max(2000).optional().meta({ description: '`next` of the page before' }),
};

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: '`cursor` of the next page; null at the end' }),
  });

/** `next` is the cursor that the store gives; nothing at the end of the list. */
export const page = <const Item>(items: readonly Item[], next?: string | null) => ({ items, next: next ?? null });

/** A cursor for lists that no store pages: any text becomes opaque. */
export const encodeCursor = (after: string): string =>
  Buffer.from(JSON.stringify([after]), 'utf8').toString('base64url');

/** Throws `cursor-invalid` for what `encodeCursor` never made. */
export function decodeCursor(cursor: string): string {
  const parsed = z.tuple([z.string()]).safeParse(jsonOf(cursor));
  if (!parsed.success) throw new Rejected('cursor-invalid');
  return parsed.data[0];
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw new Rejected('cursor-invalid', {}, undefined, { cause });
  }
}
