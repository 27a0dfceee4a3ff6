import { Rejected } from '@lotwarden/platform/errors';
import { noContent, ok, route } from '@lotwarden/platform/http';
import type { Clock } from '@lotwarden/platform/clock';
import { z } from 'zod';
import { compileQuery, PARAMETERS, type CompiledQuery, type Parameters } from './compile-query.ts';
import type { EventSource } from './event-source.store.ts';
import type { JsonObject } from './json.ts';
import { namespacesOf, type Namespaces } from './namespaces.ts';
import { checkVersions, discovery, epcFormat, extensionsIn, problemName, VERSIONS } from './negotiate.ts';
import { decodeToken, encodeToken, LARGEST_PAGE, linkTo } from './paging.ts';
import { CONTEXT, queryDocument } from './query-document.ts';
import { render, type EpcFormat } from './render.ts';

export const PAGE = {
  perPage: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(30),
  nextPageToken: z
    .string()
    .min(1)
    .max(4000)
    .optional()
    .meta({ description: 'From the Link header of the page before' }),
};

export const QueryDocument = z
  .object({
    '@context': z.array(z.string()),
    type: z.literal('EPCISQueryDocument'),
    schemaVersion: z.literal('2.0'),
    creationDate: z.string(),
    epcisBody: z.object({
      queryResults: z.object({
        queryName: z.string(),
        resultsBody: z.object({ eventList: z.array(z.record(z.string(), z.unknown())) }),
      }),
    }),
  })
  .meta({ id: 'EpcisQueryDocument', description: 'EPCIS 2.0, events that answer a query' });

/** What is documented by name; any other name is answered 501. */
const asked = z
  .object({
    ...PAGE,
    ...Object.fromEntries(
      PARAMETERS.filter((name) => !name.endsWith('_')).map((name) => [name, z.string().optional()]),
    ),
  })
  .catchall(z.string());

interface Needs {
  readonly source: EventSource;
  readonly clock: Clock;
  readonly companyPrefixes: readonly string[];
}

interface Asked {
  readonly path: string;
  readonly name: string;
  readonly query: Readonly<Record<string, string | number | undefined>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Conditions that the path adds. */
  readonly fixed?: Parameters;
  /** Of their prefixes, whatever the caller's headers make of them. */
  readonly namespaces?: Namespaces | undefined;
}

/** Answers a query of events, one page of it. */
export function answering({ source, clock, companyPrefixes }: Needs) {
  function shown(events: readonly JsonObject[], format: EpcFormat): JsonObject[] {
    return events.map((event) => {
      const rendered = render(event, format, companyPrefixes);
      const [first] = rendered.unconvertible;
      if (first !== undefined) throw new Rejected('epcis-urn-unknown', { id: first });
      return rendered.event;
    });
  }

  async function answer({ path, name, query, headers, fixed = {}, namespaces = {} }: Asked) {
    checkVersions(headers);
    const format = epcFormat(headers);
    const { perPage = 30, nextPageToken, ...rest } = query;
    const parameters = Object.fromEntries(
      Object.entries(rest).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    );
    const compiled = compileQuery(
      { ...parameters, ...fixed },
      { ...namespacesOf(undefined), ...extensionsIn(headers), ...namespaces },
    );
    const token = nextPageToken === undefined ? undefined : decodeToken(String(nextPageToken));
    if (token === undefined) await refuseTooMany(compiled);
    const left = token ? token.left : (compiled.eventCountLimit ?? null);
    const limit = Math.min(Number(perPage), left ?? LARGEST_PAGE);
    const { events, next } = await source.page(compiled, limit, token?.after);
    const remaining = left === null ? null : left - events.length;
    const further = next !== undefined && (remaining === null || remaining > 0);
    const body = queryDocument(name, shown(events, format), clock.instant());
    const link = further ? linkTo(path, query, encodeToken({ after: next, left: remaining })) : {};
    return ok(body, { headers: { ...VERSIONS, 'gs1-epc-format': format, ...link } });
  }

  async function refuseTooMany(compiled: CompiledQuery): Promise<void> {
    const { maxEventCount } = compiled;
    if (maxEventCount === undefined) return;
    const found = await source.count(compiled, maxEventCount + 1);
    if (found > maxEventCount) throw new Rejected('epcis-result-too-large', { limit: maxEventCount });
  }

  async function one(eventId: string, headers: Asked['headers']) {
    checkVersions(headers);
    const format = epcFormat(headers);
    const event = await source.one(eventId);
    const [rendered] = event ? shown([{ '@context': CONTEXT, ...event }], format) : [];
    if (!rendered) throw new Rejected('epcis-resource-unknown', { resource: `events/${eventId}` });
    return ok(rendered, { headers: { ...VERSIONS, 'gs1-epc-format': format } });
  }

  return { answer, one };
}

export type Answering = ReturnType<typeof answering>;

export const QUERY_ERRORS = ['epcis-parameter-unsupported', 'epcis-parameter-invalid', 'epcis-result-too-large', 'epcis-not-acceptable', 'epcis-urn-unknown']; // prettier-ignore

/** A collection at its top level, and what of it each condition in the path selects (EPCIS 2.0, 12.6). */
const COLLECTIONS = [
  { path: '/epcis/epcs', word: 'anyEPC', parameter: 'MATCH_anyEPC' },
  { path: '/epcis/bizSteps', word: 'bizStep', parameter: 'EQ_bizStep' },
  { path: '/epcis/bizLocations', word: 'bizLocation', parameter: 'EQ_bizLocation' },
  { path: '/epcis/readPoints', word: 'readPoint', parameter: 'EQ_readPoint' },
  { path: '/epcis/dispositions', word: 'disposition', parameter: 'EQ_disposition' },
  { path: '/epcis/eventTypes', word: 'eventType', parameter: 'eventType' },
] as const;

const Collection = z
  .object({ '@context': z.string(), type: z.literal('Collection'), member: z.array(z.string()) })
  .meta({ id: 'EpcisCollection' });

const collection = (member: readonly string[]) => ({ '@context': CONTEXT, type: 'Collection' as const, member });

const id = z.string().min(1).max(500);

export const queryRoutes = (events: Answering, captured: Needs, facts: Needs) => {
  const own = answering(facts);
  return [
    ...[
      { path: '/epcis/events', answers: events },
      { path: '/epcis/facts/events', answers: own },
    ].map(({ path, answers }) =>
      route({
        method: 'get',
        path,
        requires: 'epcis.read',
        summary: { en: 'Events that answer a query', zh: '查询事件' },
        query: asked,
        reply: { 200: QueryDocument },
        problemName,
        errors: QUERY_ERRORS,
        handle: async ({ query, headers }) => answers.answer({ path, name: 'SimpleEventQuery', query, headers }),
      }),
    ),
    route({
      method: 'get',
      path: '/epcis/events/:event',
      requires: 'epcis.read',
      summary: { en: 'One captured event', zh: '单个已采集事件' },
      params: z.object({ event: id }),
      reply: { 200: z.record(z.string(), z.unknown()) },
      problemName,
      errors: ['epcis-resource-unknown', 'epcis-not-acceptable', 'epcis-urn-unknown'],
      handle: async ({ params: { event }, headers }) => events.one(event, headers),
    }),
    ...COLLECTIONS.flatMap(({ path, word, parameter }) => [
      route({
        method: 'get',
        path,
        requires: 'epcis.read',
        summary: { en: 'What captured events speak of', zh: '已采集事件涉及的资源' },
        query: z.object(PAGE),
        reply: { 200: Collection },
        problemName,
        handle: async ({ query, headers }) => {
          checkVersions(headers);
          const { perPage, nextPageToken } = query;
          const after = nextPageToken === undefined ? undefined : decodeToken(nextPageToken).after;
          const { values, next } = await captured.source.values(word, perPage, after);
          const link = next === undefined ? {} : linkTo(path, { perPage }, encodeToken({ after: next, left: null }));
          return ok(collection(values), { headers: { ...VERSIONS, ...link } });
        },
      }),
      route({
        method: 'get',
        path: `${path}/:id`,
        requires: 'epcis.read',
        summary: { en: 'What there is of it', zh: '资源的下级' },
        params: z.object({ id }),
        reply: { 200: Collection },
        problemName,
        handle: async ({ headers }) => {
          checkVersions(headers);
          return ok(collection(['events']), { headers: VERSIONS });
        },
      }),
      route({
        method: 'get',
        path: `${path}/:id/events`,
        requires: 'epcis.read',
        summary: { en: 'Events of it that answer a query', zh: '该资源的事件' },
        params: z.object({ id }),
        query: asked,
        reply: { 200: QueryDocument },
        problemName,
        errors: QUERY_ERRORS,
        handle: async ({ params, query, headers }) =>
          events.answer({
            path: `${path}/${encodeURIComponent(params.id)}/events`,
            name: 'SimpleEventQuery',
            query,
            headers,
            fixed: { [parameter]: params.id },
          }),
      }),
      ...[path, `${path}/:id/events`].map((each) =>
        route({
          method: 'options',
          path: each,
          requires: 'epcis.read',
          summary: { en: 'What this resource can do', zh: '资源能力说明' },
          params: each === path ? z.object({}) : z.object({ id }),
          reply: { 204: null },
          problemName,
          handle: async () => noContent({ headers: discovery('OPTIONS, GET') }),
        }),
      ),
    ]),
  ];
};
