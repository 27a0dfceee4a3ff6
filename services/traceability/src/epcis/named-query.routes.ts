import { Rejected } from '@lotwarden/platform/errors';
import { created, decodeCursor, encodeCursor, noContent, ok, route } from '@lotwarden/platform/http';
import { Instant } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import { compileQuery } from './compile-query.ts';
import { namespacesOf, type Namespaces } from './namespaces.ts';
import { checkVersions, discovery, extensionsIn, problemName, VERSIONS } from './negotiate.ts';
import { linkTo, pathOf } from './paging.ts';
import { PAGE, QUERY_ERRORS, QueryDocument, type Answering } from './query.routes.ts';

/** A query that is kept to be asked again. */
interface NamedQuery {
  readonly _id: string;
  readonly query: Readonly<Record<string, string>>;
  /** Prefixes in its names, as the headers of whoever named it defined them. */
  readonly namespaces?: Namespaces;
  readonly createdAt: Date;
  readonly createdBy: string;
}

export const openNamedQueries = ({ collection }: Pick<Deps, 'collection'>) => collection<NamedQuery>('epcis_queries');

export type NamedQueries = ReturnType<typeof openNamedQueries>;

const Name = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, words('letters, digits and . _ - only', '只能包含字母、数字和 . _ -'));
const Value = z.union([z.string(), z.number(), z.boolean()]);
const View = z
  .object({ name: z.string(), createdAt: Instant, query: z.record(z.string(), z.string()) })
  .meta({ id: 'EpcisNamedQuery' });

const view = ({ _id, query, createdAt }: NamedQuery) => ({ name: _id, createdAt: createdAt.toISOString(), query });

interface Needs {
  readonly deps: Pick<Deps, 'clock'>;
  readonly events: Answering;
  readonly queries: NamedQueries;
}

export const namedQueryRoutes = ({ deps: { clock }, events, queries }: Needs) => {
  async function named(name: string): Promise<NamedQuery> {
    const found = await queries.findOne({ _id: name });
    if (!found) throw new Rejected('epcis-query-unknown', { query: name });
    return found;
  }

  return [
    route({
      method: 'post',
      path: '/epcis/queries',
      requires: 'epcis.query',
      summary: { en: 'Give a query a name', zh: '命名查询' },
      body: z.object({ name: Name, query: z.record(z.string().max(200), z.union([Value, z.array(Value).min(1)])) }),
      reply: { 201: View },
      problemName,
      errors: [...QUERY_ERRORS, 'epcis-query-exists'],
      handle: async ({ body: { name, query }, headers, principal }) => {
        checkVersions(headers);
        const parameters = Object.fromEntries(
          Object.entries(query).map(([key, value]) => [key, Array.isArray(value) ? value.join('|') : String(value)]),
        );
        // What cannot be asked is refused now, not each time it is asked.
        const namespaces = extensionsIn(headers);
        compileQuery(parameters, { ...namespacesOf(undefined), ...namespaces });
        const wanted = {
          _id: name,
          query: parameters,
          namespaces,
          createdAt: clock.now(),
          createdBy: principal?.id ?? '',
        };
        const { upsertedCount } = await queries.updateOne({ _id: name }, { $setOnInsert: wanted }, { upsert: true });
        if (upsertedCount === 0) throw new Rejected('epcis-query-exists', { query: name });
        return created(view(wanted), { location: pathOf('/epcis/queries', name), headers: VERSIONS });
      },
    }),
    route({
      method: 'get',
      path: '/epcis/queries',
      requires: 'epcis.read',
      summary: { en: 'Queries with a name', zh: '命名查询列表' },
      query: z.object(PAGE),
      reply: { 200: z.array(View) },
      problemName,
      handle: async ({ query: { perPage, nextPageToken }, headers }) => {
        checkVersions(headers);
        const after = nextPageToken === undefined ? {} : { _id: { $gt: decodeCursor(nextPageToken) } };
        const found = await queries
          .find(after)
          .sort({ _id: 1 })
          .limit(perPage + 1)
          .toArray();
        const shown = found.slice(0, perPage);
        const last = found.length > perPage ? shown.at(-1) : undefined;
        const link = last && linkTo('/epcis/queries', { perPage }, encodeCursor(last._id));
        return ok(shown.map(view), { headers: { ...VERSIONS, ...link } });
      },
    }),
    route({
      method: 'get',
      path: '/epcis/queries/:query',
      requires: 'epcis.read',
      summary: { en: 'What a query with a name asks', zh: '命名查询内容' },
      reply: { 200: View },
      problemName,
      errors: ['epcis-query-unknown'],
      handle: async ({ params, headers }) => {
        checkVersions(headers);
        return ok(view(await named(params.query)), { headers: VERSIONS });
      },
    }),
    route({
      method: 'get',
      path: '/epcis/queries/:query/events',
      requires: 'epcis.read',
      summary: { en: 'Events that answer a query with a name', zh: '按命名查询检索事件' },
      query: z.object(PAGE),
      reply: { 200: QueryDocument },
      problemName,
      errors: [...QUERY_ERRORS, 'epcis-query-unknown'],
      handle: async ({ params, query, headers }) => {
        const asked = await named(params.query);
        const path = `${pathOf('/epcis/queries', asked._id)}/events`;
        return events.answer({
          path,
          name: asked._id,
          query,
          headers,
          fixed: asked.query,
          namespaces: asked.namespaces,
        });
      },
    }),
    route({
      method: 'delete',
      path: '/epcis/queries/:query',
      requires: 'epcis.query',
      summary: { en: 'Forget a query with a name', zh: '删除命名查询' },
      reply: { 204: null },
      problemName,
      errors: ['epcis-query-unknown'],
      handle: async ({ params, headers }) => {
        checkVersions(headers);
        const { deletedCount } = await queries.deleteOne({ _id: params.query });
        if (deletedCount === 0) throw new Rejected('epcis-query-unknown', { query: params.query });
        return noContent({ headers: VERSIONS });
      },
    }),
    route({
      method: 'options',
      path: '/epcis/queries',
      requires: 'epcis.read',
      summary: { en: 'What this resource can do', zh: '资源能力说明' },
      reply: { 204: null },
      problemName,
      handle: async () => noContent({ headers: discovery('OPTIONS, GET, POST') }),
    }),
  ];
};
