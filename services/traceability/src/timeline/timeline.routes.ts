import type { SourceOffset } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { ok, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Gtin, Instant, Moment } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { AsOf } from '../as-of/as-of.store.ts';
import { idsNamedThen } from '../as-of/lot-then.client.ts';
import type { Written } from '../facts/caught-up.store.ts';
import type { ReadFactLimits } from '../facts/fact-limits.store.ts';
import { subject, type Subject } from '../facts/subjects.ts';
import { lotsNamed } from '../graph/names.client.ts';
import type { Replica } from '../graph/replica.client.ts';
import { limits, minOffsetsQuery } from '../graph/schemas.routes.ts';
import { serialReadings } from '../search/identifiers.ts';
import type { SearchIndex } from '../search/search.projection.ts';
import { isInside } from './container-windows.ts';
import { mentionOf, wasIn, windowsOf, type Unit, type Window } from './serial-windows.ts';
import type { TimelineAsk, Timelines } from './timeline.store.ts';

const Document = z.object({ kind: z.string(), id: z.string() });

const EntryView = z
  .object({
    entry: z.enum(['event', 'finding']).meta({ description: 'A finding is about the event before it' }),
    type: z.string(),
    lots: z.array(z.string()),
    occurredAt: Instant,
    recordedAt: Instant,
    actor: z.string(),
    reason: z.string().nullable(),
    device: z.string().nullable(),
    site: z.string().nullable(),
    where: z.array(Document),
    status: z.string().nullable().meta({ description: 'What it was after the event, as far as anybody said so' }),
    documents: z.array(Document).meta({ description: 'Source documents: purchase order, report, shipment, …' }),
    files: z.array(z.object({ name: z.string(), sha256: z.string() })),
    source: z.object({
      topic: z.string(),
      partition: z.number().int(),
      offset: z.number().int(),
      id: z.string(),
      aggregate: z.string(),
      version: z.number().int(),
      system: z.string().meta({ description: 'Who reported it: an outside system, or the service that owns the fact' }),
    }),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({
    id: 'TimelineEntry',
    description: 'One event, or a finding about it; occurred by the reporter, recorded by us',
  });

const query = {
  ...pageQuery,
  order: z.enum(['occurred', 'recorded']).default('occurred'),
  from: Moment.optional().meta({ description: 'Not before, by the clock of the order' }),
  to: Moment.optional().meta({ description: 'Before, by the clock of the order' }),
  asOf: Moment.optional().meta({ description: 'Only what had been recorded until then' }),
  kinds: z
    .string()
    .max(2000)
    .transform((text) => text.split(',').filter((kind) => kind !== ''))
    .optional()
    .meta({ description: 'Only these types of events, separated by commas' }),
  ...minOffsetsQuery,
};

const Reply = z.object({ ...pageOf(EntryView).shape, ...limits });
const WindowView = z.object({
  lot: z.string(),
  from: Instant.nullable(),
  to: Instant.nullable(),
  broughtBy: z.string().nullable().meta({ description: 'The operation; null where it was made' }),
  takenBy: z.string().nullable(),
});

const InsideView = z.object({ container: z.string(), from: Instant, to: Instant.nullable() });

interface Needs {
  readonly replica: Replica;
  readonly timelines: Timelines;
  readonly written: Written;
  readonly factLimits: ReadFactLimits;
  readonly asOf: AsOf;
  readonly serials: SearchIndex['serials'];
}

type Asked = Omit<TimelineAsk, 'subjects' | 'oneLot' | 'wanted'> & { readonly minOffsets: readonly SourceOffset[] };

export const timelineRoutes = ({ replica, timelines, written, factLimits, asOf, serials }: Needs) => {
  const tell = async ({ minOffsets, ...ask }: Asked & TimelineAsk, signal: AbortSignal) => {
    await written.until(minOffsets, signal);
    // Asked for before the page is read: what it lacks may be there by now, never the other way round.
    const { offsets, gaps } = await factLimits();
    return { ...(await timelines.page(ask)), offsets, complete: gaps.length === 0, gaps };
  };

  /** What was said under the placeholders of a lot is its history too. */
  const idsOfLot = async (
    name: string,
    { asOf: at, minOffsets }: Asked,
    signal: AbortSignal,
  ): Promise<readonly string[]> => {
    if (at === undefined) {
      const [lot = name] = await lotsNamed(replica, [name], { minOffsets });
      return replica.ask('ids', { lot });
    }
    await written.until(minOffsets, signal);
    // What nobody had told of by then has a page with nothing on it.
    return idsNamedThen({ replica, asOf }, name, at, { minOffsets, signal });
  };

  const lotsOf = async (unit: Unit): Promise<string[]> => {
    const at = unit.readings.map(({ prefix, width, number }) => ({
      gtin: unit.gtin,
      prefix,
      width,
      first: { $lte: number },
      last: { $gte: number },
    }));
    // Ours end in a number; whatever does not is none of them.
    const found = at.length === 0 ? [] : await serials.find({ $or: at }).toArray();
    return [...new Set(found.map(({ lot }) => lot))];
  };

  /** An empty list must not look like a quiet history of what nobody knows. */
  const assertKnown = async ({ items }: { items: readonly unknown[] }, one: Subject, unknown: () => Rejected) => {
    if (items.length === 0 && !(await timelines.isKnown(one))) throw unknown();
  };

  const about = <const Path extends `/${string}/:id/timeline`>(
    path: Path,
    what: 'party' | 'operation',
    unknown: (id: string) => Rejected,
    summary: { en: string; zh: string },
  ) =>
    route({
      method: 'get',
      path,
      requires: 'trace.read',
      summary,
      params: z.object({ id: z.string().min(1).max(200) }),
      query: z.object(query),
      reply: { 200: Reply },
      csv: table(EntryView),
      errors: [UNKNOWN[what], 'not-caught-up', 'graph-unavailable'],
      handle: async ({ params: { id }, query: asked, signal }) => {
        const told = await tell({ ...asked, subjects: [subject(what, id)], oneLot: false }, signal);
        await assertKnown(told, subject(what, id), () => unknown(id));
        return ok(told);
      },
    });

  return [
    route({
      method: 'get',
      path: '/lots/:lot/timeline',
      requires: 'trace.read',
      summary: {
        en: 'Everything that happened to a lot, and what of it does not add up',
        zh: '批次全程时间线及其疑点',
      },
      query: z.object(query),
      reply: { 200: Reply },
      csv: table(EntryView),
      errors: ['lot-unknown', 'lot-ambiguous', 'not-caught-up', 'graph-unavailable', 'past-too-large'],
      handle: async ({ params, query: asked, signal }) => {
        const lots = await idsOfLot(params.lot, asked, signal);
        const subjects = lots.map((lot) => subject('lot', lot));
        return ok(await tell({ ...asked, subjects, oneLot: true }, signal));
      },
    }),
    route({
      method: 'get',
      path: '/serials/:gtin/:serial/timeline',
      requires: 'trace.read',
      summary: { en: 'Everything that happened to one unit, in all lots it was in', zh: '单件全程时间线' },
      params: z.object({ gtin: Gtin, serial: z.string().min(1).max(100) }),
      query: z.object(query),
      reply: { 200: z.object({ ...Reply.shape, lots: z.array(WindowView) }) },
      csv: table(EntryView),
      errors: ['serial-unknown', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ params: { gtin, serial }, query: asked, signal }) => {
        await written.until(asked.minOffsets, signal);
        const unit: Unit = { gtin, readings: serialReadings(serial) };
        const subjects = (await lotsOf(unit)).map((lot) => subject('lot', lot));
        const told = [];
        const packed = new Set<string>();
        for await (const { record, event } of timelines.told(subjects, UNIT_TOPICS, asked.asOf)) {
          if (record.topic !== CONTAINERS) told.push({ occurredAt: record.occurredAt, event });
          else if (subjects.some((one) => mentionOf(unit, event, one.slice('lot:'.length)) === 'serial'))
            packed.add(record.aggregate);
        }
        const windows = windowsOf(unit, told);
        if (windows.length === 0) throw new Rejected('serial-unknown', { gtin, serial });
        const wanted = (
          record: { topic: string; aggregate: string; occurredAt: string; subjects: readonly string[] },
          event: object,
        ) =>
          (record.topic === CONTAINERS && packed.has(record.aggregate)) ||
          windows.some(
            ({ lot }) =>
              record.subjects.includes(subject('lot', lot)) && isOfUnit(unit, event, { lot, record, windows }),
          );
        return ok({ ...(await tell({ ...asked, subjects, oneLot: false, wanted }, signal)), lots: windows });
      },
    }),
    route({
      method: 'get',
      path: '/containers/:container/timeline',
      requires: 'trace.read',
      summary: {
        en: 'Everything that happened to a container, also while it was in another: packed, sealed, opened, sent',
        zh: '容器全程时间线,包括其在外层容器中的时段',
      },
      query: z.object(query),
      reply: { 200: z.object({ ...Reply.shape, inside: z.array(InsideView) }) },
      csv: table(EntryView),
      errors: ['container-unknown', 'not-caught-up', 'graph-unavailable'],
      handle: async ({ params: { container }, query: asked, signal }) => {
        await written.until(asked.minOffsets, signal);
        const inside = await timelines.inside(container, asked.asOf);
        const own = subject('container', container);
        const outer = [...new Set(inside.map((one) => one.container))];
        const subjects = [own, ...outer.map((id) => subject('container', id))];
        const wanted = (record: { readonly subjects: readonly string[]; readonly occurredAt: string }) =>
          record.subjects.includes(own) ||
          outer.some(
            (id) => record.subjects.includes(subject('container', id)) && isInside(inside, id, record.occurredAt),
          );
        const told = await tell({ ...asked, subjects, oneLot: false, wanted }, signal);
        await assertKnown(told, own, () => new Rejected('container-unknown', { container }));
        return ok({ ...told, inside: [...inside] });
      },
    }),
    about('/custodians/:id/timeline', 'party', (custodian) => new Rejected('custodian-unknown', { custodian }), {
      en: 'Everything that came to a party, was used there, went from it, and what it was told',
      zh: '机构全程时间线',
    }),
    about('/operations/:id/timeline', 'operation', (operation) => new Rejected('operation-unknown', { operation }), {
      en: 'Everything that was said of an operation',
      zh: '工序全程时间线',
    }),
  ];
};

const UNKNOWN = { party: 'custodian-unknown', operation: 'operation-unknown' } as const;
const CONTAINERS = 'serialization.container.v1';
const UNIT_TOPICS = ['serialization.serial-range.v1', CONTAINERS];

/** By its serial at any time; where only its lot is named, while it was in that lot. */
function isOfUnit(
  unit: Unit,
  event: object,
  { lot, record, windows }: { lot: string; record: { topic: string; occurredAt: string }; windows: readonly Window[] },
): boolean {
  const mention = mentionOf(unit, event, lot);
  if (mention !== 'lot') return mention === 'serial';
  return record.topic !== CONTAINERS && wasIn(windows, lot, record.occurredAt);
}
