import { Rejected } from '@lotwarden/platform/errors';
import { decodeCursor, encodeCursor, ok, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { words } from '@lotwarden/platform/http-words';
import { mayDo } from '@lotwarden/platform/permissions';
import type { Principal } from '@lotwarden/platform/principal';
import { z } from 'zod';
import type { IndexLimits } from './index-limits.store.ts';
import { limits, MinOffsets, minOffsetsQuery } from '../graph/schemas.routes.ts';
import { findAll, type Found } from './find-all.store.ts';
import type { Finder } from './find.store.ts';
import { LONGEST_IDENTIFIER, pastedIdentifiers } from './pasted.ts';
import { wantedBy, type Meaning } from './wanted.ts';

const meaning = {
  kind: z.string().meta({ description: 'What kind of name it is: lot, alias, serial, container, work-order, …' }),
  value: z.string(),
  system: z.string().nullable().meta({ description: 'Whose name it is; of a serial its device identifier' }),
  subjectKind: z.string(),
  subject: z.string().meta({ description: 'What the name leads to' }),
};
const Hit = z.object(meaning).meta({ id: 'Hit', description: 'What a search found, and by which of its names' });

const ScanView = z
  .object({
    form: z.string().meta({ description: 'element-string, bracketed, digital-link, epc-urn, hibc or key' }),
    elements: z.array(
      z.object({
        ai: z.string().meta({ description: 'GS1 application identifier' }),
        title: z.string(),
        value: z.string(),
        fault: z.string().nullable().meta({ description: 'ai-unknown, length, characters, date or check-digit' }),
      }),
    ),
  })
  .meta({ id: 'Scan', description: 'What a scanned text says' });

const OUTCOME =
  'found; ambiguous: several things bear it; partly: only what contains it is known (its lot, its product); unknown; too-long';

const found = {
  input: z.string(),
  line: z.number().int().meta({ description: 'Where it stands first, from 1' }),
  times: z.number().int(),
  outcome: z.string().meta({ description: OUTCOME }),
};
const FoundView = z
  .object({
    ...found,
    scan: ScanView.nullable(),
    meanings: z.array(Hit),
    more: z.boolean().meta({ description: 'There are more meanings: GET /search?match=exact&q= pages through them' }),
  })
  .meta({ id: 'Found', description: 'One identifier and all it may mean' });

/** A row for each meaning, and one for what has none. */
const FoundRow = z.object({
  ...found,
  form: z.string(),
  faults: z.string().meta({ description: 'What of a scanned code was read wrongly, by application identifier' }),
  ...meaning,
  more: z.boolean(),
});

const rowsOf = ({ scan, meanings, more, ...known }: Found) =>
  (meanings.length > 0 ? meanings : [NOTHING]).map((one) => ({
    ...known,
    form: scan?.form ?? '',
    faults: (scan?.elements ?? []).flatMap(({ ai, fault }) => (fault === null ? [] : [`(${ai}) ${fault}`])).join('; '),
    ...one,
    more,
  }));

const NOTHING: Meaning = { kind: '', value: '', system: null, subjectKind: '', subject: '' };

const BulkBody = z
  .object({
    text: z.string().max(1_000_000).optional().meta({
      description:
        'As pasted: one a line, or divided by tabs, commas or semicolons; blank lines and repeats do not matter',
    }),
    identifiers: z.array(z.string()).optional(),
    minOffsets: MinOffsets.default([]),
  })
  .refine(
    ({ text, identifiers }) => text !== undefined || identifiers !== undefined,
    words('text or identifiers is needed', '需要 text 或 identifiers'),
  );

/** Where a page ended: among the names, or among the ranges of serials before them. */
const Cursor = z.union([
  z.tuple([z.literal('serials'), z.string(), z.number(), z.string()]),
  z.tuple([z.literal('names'), z.string(), z.string()]),
]);
type Cursor = z.output<typeof Cursor>;

function placeOf(cursor: string | undefined): Cursor | undefined {
  if (cursor === undefined) return undefined;
  const parsed = Cursor.safeParse(jsonOf(decodeCursor(cursor)));
  if (!parsed.success) throw new Rejected('cursor-invalid');
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Rejected('cursor-invalid', {}, undefined, { cause });
  }
}

/** What is shown of each part of a scanned code. */
const PARTS = 100;

type Match = 'exact' | 'prefix';

export const searchRoutes = (finder: Finder, limitsNow: IndexLimits) => {
  /** Ranges of serials first, then names; each page goes on where the one before ended. */
  const pageFrom = async (q: string, match: Match, place: Cursor | undefined, limit: number) => {
    const items: Meaning[] = [];
    if (place?.[0] !== 'names') {
      const [, family = '', first = 0, id = ''] = place ?? [];
      const after = place && { family, first, id };
      const ranges = await finder.ranges(q, match, { limit: limit + 1, after });
      items.push(...ranges.slice(0, limit).map((one) => one.meaning));
      const last = ranges[limit - 1]?.place;
      if (ranges.length > limit && last) return { items, next: cursorOf('serials', last.family, last.first, last.id) };
    }
    const left = limit - items.length;
    const after = place?.[0] === 'names' ? { folded: place[1], id: place[2] } : undefined;
    const names = await finder.names(q, match, { limit: left + 1, after });
    items.push(...names.slice(0, left).map((one) => one.meaning));
    // A page that the serials filled goes on before the first name.
    const last = left === 0 ? { folded: '', id: '' } : names[left - 1]?.place;
    return { items, next: names.length > left && last ? cursorOf('names', last.folded, last.id) : null };
  };

  /** What a scanned text means, by its parts; before what is called like the whole. */
  const scanned = async (q: string) => {
    const { scan, tiers } = wantedBy(q);
    if (!scan) return { parts: [], more: false };
    const found = await Promise.all(tiers.flat().map((one) => finder.lookUp(one, PARTS + 1)));
    return {
      parts: different(found.flatMap((some) => some.slice(0, PARTS))),
      more: found.some((some) => some.length > PARTS),
    };
  };

  /** For many at once: what is looked up is not there for whom it is not shown. */
  const finderFor = (principal: Principal | undefined): Finder => ({
    ...finder,
    lookUp: async (...asked) => (await finder.lookUp(...asked)).filter(sourcesFor(principal)),
  });

  return [
    route({
      method: 'get',
      path: '/search',
      requires: 'trace.read',
      summary: {
        en: 'Find by any name or scanned code: lot, alias, serial, container, order, operation, party, product',
        zh: '按任意名称或扫描码查找:批次、别名、序列号、容器、单据、工序、机构、产品',
      },
      query: z.object({
        ...pageQuery,
        q: z.string().trim().min(1).max(LONGEST_IDENTIFIER),
        match: z.enum(['exact', 'prefix']).default('prefix'),
        ...minOffsetsQuery,
      }),
      reply: {
        200: pageOf(Hit).extend({
          scan: ScanView.nullable(),
          more: z.boolean().meta({ description: 'Parts of the scanned code mean more than is shown: search for each' }),
          ...limits,
        }),
      },
      csv: table(Hit),
      errors: ['cursor-invalid', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ query: { q, match, limit, cursor, minOffsets }, signal, principal }) => {
        const relative = await limitsNow(minOffsets, signal);
        const scan = wantedBy(q).scan ?? null;
        const { parts, more } = cursor === undefined ? await scanned(q) : { parts: [], more: false };
        // A label is found by what it says; the digits of a key may begin a name as well.
        const whole = scan === null || scan.form === 'key';
        const { items, next } = whole ? await pageFrom(q, match, placeOf(cursor), limit) : { items: [], next: null };
        const shown = different([...parts, ...items]).filter(sourcesFor(principal));
        return ok({ items: shown, next, scan, more, ...relative });
      },
    }),
    route({
      method: 'post',
      path: '/search/bulk',
      requires: 'trace.read',
      summary: {
        en: 'Look hundreds of pasted identifiers up at once: each found, ambiguous, or named as unknown',
        zh: '批量查找粘贴的标识:逐一列出已找到、有歧义或未知',
      },
      body: BulkBody,
      bodyLimit: 2_000_000,
      reply: {
        200: z.object({ items: z.array(FoundView), totals: z.record(z.string(), z.number().int()), ...limits }),
      },
      csv: table(FoundRow),
      errors: ['search-too-many', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ body: { text, identifiers = [], minOffsets }, signal, principal }) => {
        const pasted = pastedIdentifiers([...(text === undefined ? [] : [text]), ...identifiers]);
        const relative = await limitsNow(minOffsets, signal);
        const items: Found[] = [];
        for await (const some of findAll(finderFor(principal), pasted, signal)) items.push(...some);
        const totals = Object.fromEntries(
          [...Map.groupBy(items, ({ outcome }) => outcome)].map(([outcome, same]) => [outcome, same.length]),
        );
        return ok({ items, totals: { identifiers: items.length, ...totals }, ...relative });
      },
      rows: async function* ({ body: { text, identifiers = [], minOffsets }, signal, principal }) {
        const pasted = pastedIdentifiers([...(text === undefined ? [] : [text]), ...identifiers]);
        const relative = await limitsNow(minOffsets, signal);
        yield { items: [], ...relative };
        for await (const some of findAll(finderFor(principal), pasted, signal))
          yield { items: some.flatMap(rowsOf), ...relative };
      },
    }),
  ];
};

/** Which lots came on whose order is not for everybody who looks for lots. */
const sourcesFor = (principal: Principal | undefined): ((meaning: Meaning) => boolean) =>
  mayDo(principal?.roles ?? [], 'source.read')
    ? () => true
    : ({ kind, subjectKind }) => subjectKind !== 'lot' || (kind !== 'supplier' && kind !== 'purchase-order');

const cursorOf = (...place: Cursor): string => encodeCursor(JSON.stringify(place));

const different = (meanings: readonly Meaning[]): Meaning[] => [
  ...new Map(meanings.map((one) => [JSON.stringify(one), one])).values(),
];
