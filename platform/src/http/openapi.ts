import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { z } from 'zod';
import type { Messages } from '../messages.ts';
import { paramsSchema } from './check-routes.ts';
import type { Route } from './route.ts';
import { formatQuery } from './format.ts';

const ProblemSchema = z
  .object({
    type: z.string().meta({ description: 'Page of the code' }),
    title: z.string(),
    status: z.number().int(),
    code: z.string().meta({ description: 'What a program decides by' }),
    detail: z
      .string()
      .meta({ description: 'What is wrong and what to do, in the language of Accept-Language (en, zh)' }),
    instance: z.string(),
    requestId: z.string().meta({ description: 'Tell it to operations' }),
    data: z.record(z.string(), z.unknown()).optional(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

const contextHeaders = {
  'x-reason': z.string().optional().meta({ description: 'Why, percent-encoded UTF-8' }),
  'x-device': z.string().optional().meta({ description: 'Device the person works at' }),
  'x-site': z.string().optional().meta({ description: 'Site the person works at' }),
  'x-occurred-at': z.string().optional().meta({ description: 'When it happened, ISO 8601 with zone' }),
};
const commandHeaders = {
  'idempotency-key': z
    .string()
    .optional()
    .meta({ description: 'Repeats with the same key happen once and get the same answer' }),
};
const ifMatch = z.string().meta({ description: 'ETag of the version that was looked at' });

const ANSWERS: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Taken',
  204: 'Done, nothing to tell',
};
const WRITES = ['post', 'put', 'patch'];

/** What every route may answer when it says no. */
function codesOf(route: Route): string[] {
  const writes = WRITES.includes(route.method);
  return [
    'query-invalid',
    'path-invalid',
    'header-invalid',
    'rate-limited',
    'internal',
    'service-closed',
    'upstream-unavailable',
    'request-timeout',
    ...(route.requires === 'public'
      ? []
      : ['not-authenticated', 'token-expired', 'token-invalid', 'permission-missing']),
    ...(route.body === undefined
      ? []
      : ['body-invalid', 'body-not-json', 'body-too-large', 'content-type-unsupported']),
    ...(writes
      ? ['idempotency-key-invalid', 'idempotency-key-reused', 'idempotency-in-progress', 'idempotency-already-applied']
      : []),
    ...(['get', 'options'].includes(route.method) ? [] : ['version-conflict']),
    ...(route.ifMatch === undefined ? [] : ['version-stale']),
    ...(route.ifMatch === 'required' ? ['precondition-required'] : []),
    ...(route.path.includes(':') ? ['not-found'] : []),
    ...(route.errors ?? []),
  ];
}

function responses(route: Route, messages: Messages): ZodOpenApiResponsesObject {
  const answers: ZodOpenApiResponsesObject = {};
  for (const [status, body] of Object.entries(route.reply) as ['200', Route['reply'][200] | null][]) {
    const description = ANSWERS[Number(status)] ?? status;
    if (body === null || body === undefined) answers[status] = { description };
    else if ('mediaType' in body) answers[status] = { description, content: { [body.mediaType]: {} } };
    else
      answers[status] = {
        description,
        content: {
          'application/json': { schema: body },
          ...(Number(status) === 200 && { ...tableContent(route), ...(route.print && { 'application/pdf': {} }) }),
        },
      };
  }
  const byStatus = Map.groupBy(new Set(codesOf(route)), (code) => messages[code]?.status ?? 409);
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    answers[String(status) as '400'] = {
      description: codes.join(', '),
      content: { 'application/problem+json': { schema: ProblemSchema } },
    };
  }
  return answers;
}

/** The same list as a table. */
const tableContent = ({ csv }: Route) =>
  csv && {
    'text/csv': {
      schema: z.string().meta({
        description: `RFC 4180, UTF-8; the whole list. Columns: ${csv.columns.map(({ name }) => name).join(', ')}. An answer with limits adds \`complete\`.`,
      }),
    },
    'application/x-ndjson': {
      schema: z.string().meta({ description: 'An item a line, the whole list; the last line is `{"end": …}`' }),
    },
  };

function operation(route: Route, messages: Messages): ZodOpenApiOperationObject {
  const writes = WRITES.includes(route.method);
  const header = z.object({
    ...contextHeaders,
    ...(writes && route.requires !== 'public' && commandHeaders),
    ...(route.ifMatch && { 'if-match': route.ifMatch === 'required' ? ifMatch : ifMatch.optional() }),
  });
  const params = paramsSchema(route);
  const content =
    route.body === undefined
      ? undefined
      : 'mediaType' in route.body
        ? { [route.body.mediaType]: {} }
        : { 'application/json': { schema: route.body } };
  return {
    operationId: operationId(route),
    summary: route.summary.en,
    'x-summary-zh': route.summary.zh,
    'x-permission': route.requires,
    tags: [route.path.split('/')[1] ?? ''],
    security: route.requires === 'public' ? [] : [{ bearer: [] }],
    requestParams: {
      header,
      ...(Object.keys(params.shape).length > 0 && { path: params }),
      ...queryOf(route),
    },
    ...(content && { requestBody: { required: true, content } }),
    responses: responses(route, messages),
  };
}

function queryOf(route: Route): { query?: z.ZodObject } {
  const { query } = route;
  const format = formatQuery(route);
  return format ? { query: z.object({ ...query?.shape, ...format.shape }) } : query ? { query } : {};
}

/** `POST /lots/:lot/moves` → `post-lots-lot-moves` */
const operationId = ({ method, path }: Route): string =>
  [method, ...path.split(/[/:.]+/).filter((part) => part !== '')].join('-');

/** The API as OpenAPI 3.1, from the schemas that check it. */
export function openApi(
  service: string,
  routes: readonly Route[],
  messages: Messages,
): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, messages) };
  }
  const document = createDocument({
    openapi: '3.1.0',
    info: {
      title: `Lotwarden ${service}`,
      version: '1.0.0',
      description: `Errors are problem documents (RFC 9457); every code has a page under /errors/{code}. Lists take limit and cursor.`,
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Of the identity service, audience lotwarden-api',
        },
      },
    },
  });
  allowWithheld(document);
  return document;
}

/** A field that is left out for some is there for others: nobody's program may count on it. */
function allowWithheld(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  const { properties, required } = part as { properties?: Record<string, object>; required?: string[] };
  if (properties && required)
    Object.assign(part, { required: required.filter((name) => !('x-restricted' in (properties[name] ?? {}))) });
  for (const inner of Object.values(part)) allowWithheld(inner);
}
