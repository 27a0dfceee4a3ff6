import { decodeCursor, encodeCursor, ok, page, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Instant } from '@lotwarden/platform/http-schemas';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import type { Written } from '../facts/caught-up.store.ts';
import { newestFacts, type Facts } from '../facts/facts.store.ts';
import { agesOf, type SourceAge } from '../facts/sources.ts';
import { FACT_TOPICS } from '../genealogy/facts.ts';
import { gapNamed } from '../trace/completeness.ts';
import type { Replica } from './replica.client.ts';
import { limits, type MinOffsets, minOffsetsQuery, SourceOffset } from './schemas.routes.ts';

const newest = { occurredAt: Instant, recordedAt: Instant };

const SourceView = z
  .object({
    system: z.string().meta({ description: 'An outside system, or the service that owns the facts' }),
    newest: z.object(newest),
    age: z.number().int().meta({ description: 'Seconds since the newest fact was recorded' }),
    text: z.string(),
    topics: z.array(z.object({ topic: z.string(), ...newest, age: z.number().int() })),
  })
  .meta({ id: 'SourceAge' });

const GapName = z
  .object({ name: z.string(), kind: z.string(), subject: z.string(), detail: z.string() })
  .meta({ id: 'GapName' });

const StreamView = z
  .object({
    system: z.string().nullable().meta({ description: 'Who reported them; null: nobody has reported any' }),
    topic: z.string(),
    occurredAt: Instant.nullable(),
    recordedAt: Instant.nullable(),
    age: z.number().int().nullable(),
    read: z.array(z.string()).meta({ description: 'partition=next: how far the answers have read' }),
    written: z.array(z.string()).meta({ description: 'The same of timelines and the past' }),
  })
  .meta({ id: 'StreamAge' });

interface Needs {
  readonly replica: Replica;
  readonly facts: Facts;
  readonly written: Written;
  readonly clock: Deps['clock'];
}

export const watermarkRoutes = ({ replica, facts, written, clock }: Needs) => {
  const watermarks = async ({ query: { minOffsets } }: { query: { minOffsets: z.output<typeof MinOffsets> } }) => {
    const now = await replica.ask('limits', null, { minOffsets });
    const sources = agesOf(await newestFacts(facts, FACT_TOPICS), clock.instant());
    return { ...now, written: await written.offsets(), sources };
  };
  return [
    route({
      method: 'get',
      path: '/watermarks',
      requires: 'trace.read',
      summary: {
        en: 'How far this replica has read, how old each source is, and what is missing',
        zh: '读取进度、各来源数据时效及缺口',
      },
      query: z.object(minOffsetsQuery),
      reply: {
        200: z
          .object({
            ...limits,
            written: z.array(SourceOffset).meta({ description: 'How far timelines and the past have read' }),
            sources: z.array(SourceView).meta({ description: 'The oldest first' }),
          })
          .meta({ id: 'Watermarks' }),
      },
      csv: table(StreamView),
      errors: ['not-caught-up', 'graph-unavailable'],
      handle: async (call) => ok(await watermarks(call)),
      rows: async function* (call) {
        const { sources, written: told, ...now } = await watermarks(call);
        yield { items: streamsOf(now.offsets, told, sources), ...now };
      },
    }),
    route({
      method: 'get',
      path: '/watermarks/gaps',
      requires: 'trace.read',
      summary: { en: 'Every gap there is at this moment, by name', zh: '当前全部缺口' },
      query: z.object({ ...pageQuery, ...minOffsetsQuery }),
      reply: { 200: pageOf(GapName) },
      csv: table(GapName),
      errors: ['not-caught-up', 'graph-unavailable'],
      handle: async ({ query: { limit, cursor, minOffsets } }) => {
        const after = cursor === undefined ? '' : decodeCursor(cursor);
        const { gaps, more } = await replica.ask('gaps', { after, limit }, { minOffsets });
        const last = gaps.at(-1);
        const items = gaps.map((name) => ({ name, ...gapNamed(name) }));
        return ok(page(items, more && last !== undefined ? encodeCursor(last) : null));
      },
    }),
  ];
};

type Offsets = readonly z.output<typeof SourceOffset>[];

/** A row for each stream of each source, the oldest source first; then the streams of which nothing was ever reported. */
function streamsOf(read: Offsets, written: Offsets, sources: readonly SourceAge[]): z.output<typeof StreamView>[] {
  const placesIn = (offsets: Offsets, topic: string): string[] =>
    offsets.filter((one) => one.topic === topic).map(({ partition, next }) => `${String(partition)}=${String(next)}`);
  const told = sources.flatMap(({ system, topics }) => topics.map((one) => ({ system, ...one })));
  const silent = [...new Set([...read, ...written].map(({ topic }) => topic))]
    .filter((topic) => !told.some((one) => one.topic === topic))
    .map((topic) => ({ system: null, topic, occurredAt: null, recordedAt: null, age: null }));
  return [...told, ...silent].map((one) => ({
    ...one,
    read: placesIn(read, one.topic),
    written: placesIn(written, one.topic),
  }));
}
