import { decodeCursor, encodeCursor, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { z } from 'zod';
import { folded, serialReadings } from './identifiers.ts';
import type { SearchIndex } from './search.projection.ts';

const Hit = z
  .object({
    kind: z.string(),
    value: z.string(),
    system: z.string().nullable(),
    subjectKind: z.string(),
    subject: z.string(),
  })
  .meta({ id: 'Hit', description: 'What a search found, and by which of its names' });

type Found = z.output<typeof Hit> & { readonly at: string };

/** Regular expression metacharacters mean themselves. */
const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

export const searchRoutes = ({ identifiers, serials }: SearchIndex) => {
  const named = async (q: string, match: string, after: string, limit: number): Promise<Found[]> => {
    const wanted = folded(q);
    const names = match === 'exact' ? { folded: wanted } : { folded: { $regex: `^${literally(wanted)}` } };
    const found = await identifiers
      .find({ ...names, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, kind, value, system, subject, subjectKind }) => ({
      at: _id,
      kind,
      value,
      system,
      subject,
      subjectKind,
    }));
  };

  const bySerial = async (q: string): Promise<Found[]> => {
    const readings = serialReadings(q.trim());
    if (readings.length === 0) return [];
    const found = await serials
      .find({
        $or: readings.map(({ prefix, width, number }) => ({
          prefix,
          width,
          first: { $lte: number },
          last: { $gte: number },
        })),
      })
      .sort({ _id: 1 })
      .limit(100)
      .toArray();
    const lots = new Map(found.map(({ lot, gtin }) => [lot, gtin]));
    return [...lots].map(([lot, gtin]) => ({
      at: '',
      kind: 'serial',
      value: q.trim(),
      system: gtin,
      subject: lot,
      subjectKind: 'lot',
    }));
  };

  return [
    route({
      method: 'get',
      path: '/search',
      requires: 'trace.read',
      summary: {
        en: 'Find by any name: lot, alias, serial, container, work order, purchase order',
        zh: '按任意名称查找:批次、别名、序列号、容器、工单、采购单',
      },
      query: z.object({
        ...pageQuery,
        q: z.string().trim().min(1).max(200),
        match: z.enum(['exact', 'prefix']).default('prefix'),
      }),
      reply: { 200: pageOf(Hit) },
      handle: async ({ query: { q, match, limit, cursor } }) => {
        const after = cursor === undefined ? '' : decodeCursor(cursor);
        const names = await named(q, match, after, limit + 1);
        const serialHits = cursor === undefined ? await bySerial(q) : [];
        const shown = names.slice(0, limit);
        const last = names.length > limit ? shown.at(-1) : undefined;
        const items = [...serialHits, ...shown].map(({ at: _, ...hit }) => hit);
        return ok(page(items, last && encodeCursor(last.at)));
      },
    }),
  ];
};
