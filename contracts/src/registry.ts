import { released as everyReleased } from './generated/released.ts';
import { normalForm } from './normal-form.ts';
import type { Released } from './schema.ts';

/** `path` without the prefix it is served under; `query` and `body` as the HTTP server parsed them. */
export type RegistryRequest = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
};
/** Send `body` as JSON, with content type `application/vnd.schemaregistry.v1+json`. */
export type RegistryReply = { readonly status: number; readonly body: unknown };

export const REGISTRY_CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';

/**
 * Answers as a Confluent Schema Registry in mode READONLY would, from the released schemas alone: what stock serializers
 * ask (newest of a subject, by id, by content) and what tools list. Registering a schema that is there answers its id;
 * anything that would change something is refused with 42205.
 */
export function registryHandler(
  released: readonly Released[] = everyReleased,
): (request: RegistryRequest) => RegistryReply {
  const catalogue = catalogueOf(released);
  return ({ method, path, query = {}, body }) => {
    const parts = partsOf(path);
    if (parts === undefined) return notFound;
    if (method === 'GET' || method === 'HEAD') return read(catalogue, parts, query);
    if (method === 'POST' && parts[0] === 'subjects' && parts[1] !== undefined) {
      if (parts.length === 2) return lookUp(catalogue, parts[1], body);
      if (parts.length === 3 && parts[2] === 'versions') return register(catalogue, parts[1], body);
    }
    return readOnly;
  };
}

type Catalogue = {
  readonly byId: ReadonlyMap<number, Released>;
  readonly bySubject: ReadonlyMap<string, readonly Released[]>;
};

function catalogueOf(released: readonly Released[]): Catalogue {
  const byVersion = released.toSorted((a, b) => a.version - b.version);
  return {
    byId: new Map(released.map((schema) => [schema.id, schema])),
    bySubject: Map.groupBy(byVersion, ({ subject }) => subject),
  };
}

function partsOf(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function read(catalogue: Catalogue, parts: readonly string[], query: Readonly<Record<string, unknown>>): RegistryReply {
  const [collection, name, ...rest] = parts;
  switch (collection) {
    case undefined:
      return ok({});
    case 'subjects':
      return name === undefined ? ok(subjects(catalogue, query['subjectPrefix'])) : readSubject(catalogue, name, rest);
    case 'schemas':
      return readSchemas(catalogue, name, rest);
    case 'config':
      return about(catalogue, name, { compatibilityLevel: 'FULL_TRANSITIVE' });
    case 'mode':
      return about(catalogue, name, { mode: 'READONLY' });
    case 'contexts':
      return ok(['.']);
    default:
      return notFound;
  }
}

function subjects({ bySubject }: Catalogue, prefix: unknown): string[] {
  const all = [...bySubject.keys()].sort();
  return typeof prefix === 'string' ? all.filter((subject) => subject.startsWith(prefix)) : all;
}

function readSubject(
  { bySubject }: Catalogue,
  subject: string,
  [versions, version, part]: readonly string[],
): RegistryReply {
  if (versions !== 'versions') return notFound;
  const schemas = bySubject.get(subject);
  if (schemas === undefined) return noSubject(subject);
  if (version === undefined) return ok(schemas.map((schema) => schema.version));
  const newest = version === 'latest' || version === '-1';
  if (!newest && !/^[1-9]\d{0,9}$/.test(version))
    return failure(422, 42202, `The specified version '${version}' is not a valid version id.`);
  const found = newest ? schemas.at(-1) : schemas.find((schema) => schema.version === Number(version));
  if (found === undefined) return failure(404, 40402, `Version ${version} not found.`);
  if (part === undefined) return ok(view(found));
  if (part === 'schema') return ok(JSON.parse(found.schema));
  return part === 'referencedby' ? ok([]) : notFound;
}

function readSchemas({ byId }: Catalogue, kind: string | undefined, [id, part]: readonly string[]): RegistryReply {
  if (kind === undefined) return ok([...byId.values()].map(view));
  if (kind === 'types') return ok(['AVRO']);
  if (kind !== 'ids' || id === undefined) return notFound;
  const found = /^\d{1,10}$/.test(id) ? byId.get(Number(id)) : undefined;
  if (found === undefined) return failure(404, 40403, `Schema ${id} not found`);
  const { subject, version, schema } = found;
  if (part === undefined) return ok({ schema, schemaType: 'AVRO', subject, version });
  if (part === 'schema') return ok(JSON.parse(schema));
  if (part === 'subjects') return ok([subject]);
  return part === 'versions' ? ok([{ subject, version }]) : notFound;
}

const about = ({ bySubject }: Catalogue, subject: string | undefined, answer: object): RegistryReply =>
  subject === undefined || bySubject.has(subject) ? ok(answer) : noSubject(subject);

function lookUp({ bySubject }: Catalogue, subject: string, body: unknown): RegistryReply {
  const schemas = bySubject.get(subject);
  if (schemas === undefined) return noSubject(subject);
  const found = byContent(schemas, body);
  if (found === 'invalid') return invalid;
  return found === undefined ? failure(404, 40403, 'Schema not found') : ok(view(found));
}

function register({ bySubject }: Catalogue, subject: string, body: unknown): RegistryReply {
  const found = byContent(bySubject.get(subject) ?? [], body);
  if (found === 'invalid') return invalid;
  return found === undefined ? readOnly : ok({ id: found.id });
}

function byContent(schemas: readonly Released[], body: unknown): Released | 'invalid' | undefined {
  const wanted = normalFormOf(body);
  if (wanted === undefined) return 'invalid';
  return schemas.findLast(({ schema }) => normalForm(JSON.parse(schema)) === wanted);
}

function normalFormOf(body: unknown): string | undefined {
  const schema = typeof body === 'object' && body !== null && 'schema' in body ? body.schema : undefined;
  if (typeof schema !== 'string') return undefined;
  try {
    return normalForm(JSON.parse(schema));
  } catch (error) {
    // Not JSON, not a schema, or nested without end.
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const view = ({ subject, version, id, schema }: Released) => ({ subject, version, id, schemaType: 'AVRO', schema });

const ok = (body: unknown): RegistryReply => ({ status: 200, body });
const failure = (status: number, code: number, message: string): RegistryReply => ({
  status,
  body: { error_code: code, message },
});
const noSubject = (subject: string): RegistryReply => failure(404, 40401, `Subject '${subject}' not found.`);
const notFound = failure(404, 404, 'HTTP 404 Not Found');
const invalid = failure(422, 42201, 'Input schema is an invalid Avro schema');
const readOnly = failure(
  422,
  42205,
  'This registry is in read-only mode: schemas are released with the product. Use the released schema, with auto.register.schemas=false.',
);
